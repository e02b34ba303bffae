using System.Buffers;
using Larder.Primitives;

namespace Larder.Sessions;

/// <summary>
/// The keys of a store under a prefix, as a store of their own. Keys are relative; locks, limits, versions and features are the store's;
/// clearing clears the scope. A key that is the bare prefix has no relative name and does not belong to it. Disposing closes the view and
/// leaves the store open.
/// </summary>
internal sealed class ScopedStore(IStore beneath, string prefix) : IStore, ISingleFlight, IStoreClock
{
    private readonly IStore _beneath = beneath;
    private readonly byte[] _prefix = Utf8.Prefix(prefix);
    private volatile bool _isClosed;

    public StoreFeatures Features => _beneath.Features;

    public IValueSerializer Serializer => _beneath.Serializer;

    DateTimeOffset IStoreClock.UtcNow => TimeToLiveExtensions.Now(_beneath);

    public bool TryGet(string key, out Entry entry) => Found(At(key, out string full).TryGet(full, out Entry found), found, out entry);

    public bool TryGet(ReadOnlySpan<byte> utf8Key, out Entry entry) =>
        Found(At(utf8Key, out byte[] full).TryGet(full, out Entry found), found, out entry);

    public ValueTask<Entry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? RelativeAsync(_beneath.GetAsync(full, cancellationToken)) : Refused<Entry?>();

    public ValueTask<Entry?> GetAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) =>
        IsOpenAt(utf8Key, out byte[] full) ? RelativeAsync(_beneath.GetAsync(full, cancellationToken)) : Refused<Entry?>();

    public bool TryRead(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination)
    {
        byte[] full = Full(utf8Key);
        ArgumentNullException.ThrowIfNull(destination);
        return Open().TryRead(full, destination);
    }

    public ValueTask<bool> TryReadAsync(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        byte[] full = Full(utf8Key);
        ArgumentNullException.ThrowIfNull(destination);
        return _isClosed ? Refused<bool>() : _beneath.TryReadAsync(full, destination, cancellationToken);
    }

    public long Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => At(key, out string full).Set(full, value, expiry);

    public long Set(string key, byte[] value, Expiry expiry = default)
    {
        string full = Full(key);
        ArgumentNullException.ThrowIfNull(value);
        return Open().Set(full, value, expiry);
    }

    public long Set(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default) => At(utf8Key, out byte[] full).Set(full.AsSpan(), value, expiry);

    public ValueTask<long> SetAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? _beneath.SetAsync(full, value, expiry, cancellationToken) : Refused<long>();

    public ValueTask<long> SetAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return SetAsync(key, value.AsSpan(), expiry, cancellationToken);
    }

    public ValueTask<long> SetAsync(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        IsOpenAt(utf8Key, out byte[] full) ? _beneath.SetAsync(full.AsSpan(), value, expiry, cancellationToken) : Refused<long>();

    public WriteResult TryAdd(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => At(key, out string full).TryAdd(full, value, expiry);

    public WriteResult TryAdd(string key, byte[] value, Expiry expiry = default)
    {
        string full = Full(key);
        ArgumentNullException.ThrowIfNull(value);
        return Open().TryAdd(full, value, expiry);
    }

    public ValueTask<WriteResult> TryAddAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? _beneath.TryAddAsync(full, value, expiry, cancellationToken) : Refused<WriteResult>();

    public ValueTask<WriteResult> TryAddAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return TryAddAsync(key, value.AsSpan(), expiry, cancellationToken);
    }

    public WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default) =>
        At(key, out string full).TryUpdate(full, value, expectedVersion, expiry);

    public WriteResult TryUpdate(string key, byte[] value, long expectedVersion, Expiry expiry = default)
    {
        string full = Full(key);
        ArgumentNullException.ThrowIfNull(value);
        return Open().TryUpdate(full, value, expectedVersion, expiry);
    }

    public ValueTask<WriteResult> TryUpdateAsync(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? _beneath.TryUpdateAsync(full, value, expectedVersion, expiry, cancellationToken) : Refused<WriteResult>();

    public ValueTask<WriteResult> TryUpdateAsync(string key, byte[] value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return TryUpdateAsync(key, value.AsSpan(), expectedVersion, expiry, cancellationToken);
    }

    public bool Remove(string key) => At(key, out string full).Remove(full);

    public bool Remove(ReadOnlySpan<byte> utf8Key) => At(utf8Key, out byte[] full).Remove(full);

    public bool Remove(string key, long expectedVersion) => At(key, out string full).Remove(full, expectedVersion);

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? _beneath.RemoveAsync(full, cancellationToken) : Refused<bool>();

    public ValueTask<bool> RemoveAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) =>
        IsOpenAt(utf8Key, out byte[] full) ? _beneath.RemoveAsync(full, cancellationToken) : Refused<bool>();

    public ValueTask<bool> RemoveAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? _beneath.RemoveAsync(full, expectedVersion, cancellationToken) : Refused<bool>();

    public long Increment(string key, long by = 1, Expiry expiry = default)
    {
        IStore open = At(key, out string full);
        return Renaming(() => open.Increment(full, by, expiry));
    }

    public long Increment(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default)
    {
        IStore open = At(utf8Key, out byte[] full);
        return Renaming(() => open.Increment(full, by, expiry));
    }

    public ValueTask<long> IncrementAsync(string key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? RenamingAsync(_beneath.IncrementAsync(full, by, expiry, cancellationToken)) : Refused<long>();

    public ValueTask<long> IncrementAsync(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        IsOpenAt(utf8Key, out byte[] full) ? RenamingAsync(_beneath.IncrementAsync(full, by, expiry, cancellationToken)) : Refused<long>();

    public bool Touch(string key, Expiry expiry) => At(key, out string full).Touch(full, expiry);

    public ValueTask<bool> TouchAsync(string key, Expiry expiry, CancellationToken cancellationToken = default) =>
        IsOpenAt(key, out string full) ? _beneath.TouchAsync(full, expiry, cancellationToken) : Refused<bool>();

    public IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false)
    {
        (string under, string? from) = FullRange(prefix, after, limit, reverse);
        return new RelativeScan(Open().Scan(under, from, limit, reverse), TryRelative);
    }

    public IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default)
    {
        (string under, string? from) = FullRange(prefix, after, limit, reverse);
        return _isClosed ? Closed.Stream<Entry>() : new RelativeStream<Entry>(_beneath.ScanAsync(under, from, limit, reverse, cancellationToken), TryRelative);
    }

    public WriteResult Write(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        IStore open = Open();
        return Renaming(() => open.Write(batch.Under(_prefix)));
    }

    public ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _isClosed ? Refused<WriteResult>() : RenamingAsync(_beneath.WriteAsync(batch.Under(_prefix), cancellationToken));
    }

    public IReadOnlyList<Entry> History(string key) => Relatives(At(key, out string full).History(full));

    public ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default)
    {
        return IsOpenAt(key, out string full) ? RelativesAsync(_beneath.HistoryAsync(full, cancellationToken)) : Refused<IReadOnlyList<Entry>>();

        async ValueTask<IReadOnlyList<Entry>> RelativesAsync(ValueTask<IReadOnlyList<Entry>> history) => Relatives(await history.ConfigureAwait(false));
    }

    public IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default)
    {
        string full = FullPrefix(prefix);
        return _isClosed ? Closed.Stream<Change>() : new RelativeStream<Change>(_beneath.Watch(full, includeCurrent, cancellationToken), TryRelative);
    }

    public KeyLock? TryLock(string key, TimeSpan wait)
    {
        string full = Full(key);
        Waits.Check(wait);
        return Open().TryLock(full, wait)?.As(key);
    }

    public ValueTask<KeyLock?> TryLockAsync(string key, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        string full = Full(key);
        Waits.Check(wait);
        return _isClosed ? Refused<KeyLock?>() : NamedAsync(_beneath.TryLockAsync(full, wait, cancellationToken));

        async ValueTask<KeyLock?> NamedAsync(ValueTask<KeyLock?> take) => (await take.ConfigureAwait(false))?.As(key);
    }

    public long Count(string prefix = "")
    {
        string full = FullPrefix(prefix);
        return prefix.Length == 0 ? Scan().LongCount() : Open().Count(full);
    }

    public ValueTask<long> CountAsync(string prefix = "", CancellationToken cancellationToken = default)
    {
        string full = FullPrefix(prefix);
        return _isClosed ? Refused<long>()
            : prefix.Length != 0 ? _beneath.CountAsync(full, cancellationToken)
            : ScanAsync(cancellationToken: cancellationToken).LongCountAsync(cancellationToken);
    }

    public long RemovePrefix(string prefix)
    {
        string full = FullPrefix(prefix);
        return prefix.Length == 0 ? Scan().LongCount(entry => Remove(entry.Key, entry.Version)) : Open().RemovePrefix(full);
    }

    public ValueTask<long> RemovePrefixAsync(string prefix, CancellationToken cancellationToken = default)
    {
        string full = FullPrefix(prefix);
        return _isClosed ? Refused<long>()
            : prefix.Length != 0 ? _beneath.RemovePrefixAsync(full, cancellationToken)
            : ScanAsync(cancellationToken: cancellationToken).LongCountAsync((entry, token) => RemoveAsync(entry.Key, entry.Version, token), cancellationToken);
    }

    public void Clear() => Write(new WriteBatch().Clear());

    public async ValueTask ClearAsync(CancellationToken cancellationToken = default) =>
        await WriteAsync(new WriteBatch().Clear(), cancellationToken).ConfigureAwait(false);

    public void Flush() => Open().Flush();

    public async ValueTask FlushAsync(CancellationToken cancellationToken = default) => await Open().FlushAsync(cancellationToken).ConfigureAwait(false);

    public Entry? Load(string key, Func<string, LoadedValue?> load, Expiry expiry = default)
    {
        string full = Full(key);
        ArgumentNullException.ThrowIfNull(load);
        Open();
        return Flights().Load(full, _ => load(key), expiry)?.WithoutPrefix(_prefix.Length);
    }

    public ValueTask<Entry?> LoadAsync(
        string key,
        Func<string, CancellationToken, ValueTask<LoadedValue?>> load,
        Expiry expiry = default,
        CancellationToken cancellationToken = default)
    {
        string full = Full(key);
        ArgumentNullException.ThrowIfNull(load);
        return _isClosed ? Refused<Entry?>() : RelativeAsync(Flights().LoadAsync(full, (_, token) => load(key, token), expiry, cancellationToken));
    }

    public void Dispose() => _isClosed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static ValueTask<T> Refused<T>() => Faulted.As<T>(Closed.Error());

    private ISingleFlight Flights() => GetOrAddExtensions.Flights(_beneath);

    private IStore Open() => _isClosed ? throw Closed.Error() : _beneath;

    private IStore At(string key, out string full)
    {
        full = Full(key);
        return Open();
    }

    private IStore At(ReadOnlySpan<byte> utf8Key, out byte[] full)
    {
        full = Full(utf8Key);
        return Open();
    }

    private bool IsOpenAt(string key, out string full)
    {
        full = Full(key);
        return !_isClosed;
    }

    private bool IsOpenAt(ReadOnlySpan<byte> utf8Key, out byte[] full)
    {
        full = Full(utf8Key);
        return !_isClosed;
    }

    private string Full(string key)
    {
        Utf8.Key(key, stackalloc byte[Utf8.StackBytes]);
        return prefix + key;
    }

    private byte[] Full(ReadOnlySpan<byte> utf8Key) => [.. _prefix, .. Utf8.Key(utf8Key)];

    private string FullPrefix(string inner)
    {
        Utf8.Prefix(inner, nameof(prefix));
        return prefix + inner;
    }

    private (string Under, string? After) FullRange(string inner, string? after, int limit, bool reverse)
    {
        string under = FullPrefix(inner);
        if (after is not null)
        {
            Utf8.Prefix(after);
            after = prefix + after;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(limit);

        // The bare prefix is no key of the scope, and must not use up the limit.
        return (under, after ?? (reverse || inner.Length > 0 ? null : prefix));
    }

    /// <summary>Refusals name the key as the caller knows it.</summary>
    private T Renaming<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (NotACounterException refusal)
        {
            throw new NotACounterException(refusal.Key[prefix.Length..]);
        }
    }

    private async ValueTask<T> RenamingAsync<T>(ValueTask<T> write)
    {
        try
        {
            return await write.ConfigureAwait(false);
        }
        catch (NotACounterException refusal)
        {
            throw new NotACounterException(refusal.Key[prefix.Length..]);
        }
    }

    private bool Found(bool isFound, in Entry found, out Entry entry)
    {
        entry = isFound ? found.WithoutPrefix(_prefix.Length) : default;
        return isFound;
    }

    /// <summary>The bare prefix has no relative key.</summary>
    private bool TryRelative(in Entry entry, out Entry relative)
    {
        bool belongs = entry.Utf8Key.Length > _prefix.Length;
        relative = belongs ? entry.WithoutPrefix(_prefix.Length) : default;
        return belongs;
    }

    /// <summary>What is cleared or missed concerns the scope whatever key it names.</summary>
    private bool TryRelative(in Change change, out Change relative)
    {
        relative = change.WithoutPrefix(_prefix.Length);
        return change.Utf8Key.Length > _prefix.Length || change.Kind is ChangeKind.Clear or ChangeKind.Missed;
    }

    private async ValueTask<Entry?> RelativeAsync(ValueTask<Entry?> get) => (await get.ConfigureAwait(false))?.WithoutPrefix(_prefix.Length);

    private List<Entry> Relatives(IReadOnlyList<Entry> entries) => [.. entries.Select(entry => entry.WithoutPrefix(_prefix.Length))];
}
