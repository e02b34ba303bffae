using System.Buffers;
using System.Collections;

namespace Larder.Tests.Contract;

/// <summary>
/// A store whose every member goes by the async twin of the one beneath, so that one suite holds both to the same contract.
/// Async members pass through.
/// </summary>
internal class AsyncTwins(IStore store) : IStore, ISingleFlight
{
    public virtual StoreFeatures Features => store.Features;

    public IValueSerializer Serializer => store.Serializer;

    public bool TryGet(string key, out Entry entry) => Found(Wait(store.GetAsync(key)), out entry);

    public bool TryGet(ReadOnlySpan<byte> utf8Key, out Entry entry) => Found(Wait(store.GetAsync(utf8Key)), out entry);

    public ValueTask<Entry?> GetAsync(string key, CancellationToken cancellationToken = default) => store.GetAsync(key, cancellationToken);

    public ValueTask<Entry?> GetAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) => store.GetAsync(utf8Key, cancellationToken);

    public bool TryRead(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination) => Wait(store.TryReadAsync(utf8Key, destination));

    public ValueTask<bool> TryReadAsync(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        store.TryReadAsync(utf8Key, destination, cancellationToken);

    public long Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => Wait(store.SetAsync(key, value, expiry));

    public long Set(string key, byte[] value, Expiry expiry = default) => Wait(store.SetAsync(key, value, expiry));

    public long Set(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default) => Wait(store.SetAsync(utf8Key, value, expiry));

    public ValueTask<long> SetAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.SetAsync(key, value, expiry, cancellationToken);

    public ValueTask<long> SetAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.SetAsync(key, value, expiry, cancellationToken);

    public ValueTask<long> SetAsync(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.SetAsync(utf8Key, value, expiry, cancellationToken);

    public WriteResult TryAdd(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => Wait(store.TryAddAsync(key, value, expiry));

    public WriteResult TryAdd(string key, byte[] value, Expiry expiry = default) => Wait(store.TryAddAsync(key, value, expiry));

    public ValueTask<WriteResult> TryAddAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.TryAddAsync(key, value, expiry, cancellationToken);

    public ValueTask<WriteResult> TryAddAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.TryAddAsync(key, value, expiry, cancellationToken);

    public WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default) =>
        Wait(store.TryUpdateAsync(key, value, expectedVersion, expiry));

    public WriteResult TryUpdate(string key, byte[] value, long expectedVersion, Expiry expiry = default) =>
        Wait(store.TryUpdateAsync(key, value, expectedVersion, expiry));

    public ValueTask<WriteResult> TryUpdateAsync(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.TryUpdateAsync(key, value, expectedVersion, expiry, cancellationToken);

    public ValueTask<WriteResult> TryUpdateAsync(string key, byte[] value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.TryUpdateAsync(key, value, expectedVersion, expiry, cancellationToken);

    public bool Remove(string key) => Wait(store.RemoveAsync(key));

    public bool Remove(ReadOnlySpan<byte> utf8Key) => Wait(store.RemoveAsync(utf8Key));

    public bool Remove(string key, long expectedVersion) => Wait(store.RemoveAsync(key, expectedVersion));

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => store.RemoveAsync(key, cancellationToken);

    public ValueTask<bool> RemoveAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) => store.RemoveAsync(utf8Key, cancellationToken);

    public ValueTask<bool> RemoveAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        store.RemoveAsync(key, expectedVersion, cancellationToken);

    public long Increment(string key, long by = 1, Expiry expiry = default) => Wait(store.IncrementAsync(key, by, expiry));

    public long Increment(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default) => Wait(store.IncrementAsync(utf8Key, by, expiry));

    public ValueTask<long> IncrementAsync(string key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.IncrementAsync(key, by, expiry, cancellationToken);

    public ValueTask<long> IncrementAsync(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        store.IncrementAsync(utf8Key, by, expiry, cancellationToken);

    public bool Touch(string key, Expiry expiry) => Wait(store.TouchAsync(key, expiry));

    public ValueTask<bool> TouchAsync(string key, Expiry expiry, CancellationToken cancellationToken = default) => store.TouchAsync(key, expiry, cancellationToken);

    public virtual IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false) =>
        new Blocking(store.ScanAsync(prefix, after, limit, reverse));

    public virtual IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default) =>
        store.ScanAsync(prefix, after, limit, reverse, cancellationToken);

    public virtual WriteResult Write(WriteBatch batch) => Wait(store.WriteAsync(batch));

    public virtual ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default) => store.WriteAsync(batch, cancellationToken);

    public virtual IReadOnlyList<Entry> History(string key) => Wait(store.HistoryAsync(key));

    public virtual ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default) => store.HistoryAsync(key, cancellationToken);

    public virtual IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default) =>
        store.Watch(prefix, includeCurrent, cancellationToken);

    public KeyLock? TryLock(string key, TimeSpan wait) =>
        Wait(store.TryLockAsync(key, wait)) is { } held ? new KeyLock(new AsyncRelease(held), held.Key, held.Token, held.Lost) : null;

    public ValueTask<KeyLock?> TryLockAsync(string key, TimeSpan wait, CancellationToken cancellationToken = default) => store.TryLockAsync(key, wait, cancellationToken);

    public long Count(string prefix = "") => Wait(store.CountAsync(prefix));

    public ValueTask<long> CountAsync(string prefix = "", CancellationToken cancellationToken = default) => store.CountAsync(prefix, cancellationToken);

    public long RemovePrefix(string prefix) => Wait(store.RemovePrefixAsync(prefix));

    public ValueTask<long> RemovePrefixAsync(string prefix, CancellationToken cancellationToken = default) => store.RemovePrefixAsync(prefix, cancellationToken);

    public void Clear() => Wait(store.ClearAsync());

    public ValueTask ClearAsync(CancellationToken cancellationToken = default) => store.ClearAsync(cancellationToken);

    public virtual void Flush() => Wait(store.FlushAsync());

    public virtual ValueTask FlushAsync(CancellationToken cancellationToken = default) => store.FlushAsync(cancellationToken);

    public Entry? Load(string key, Func<string, LoadedValue?> load, Expiry expiry = default) =>
        Wait(((ISingleFlight)store).LoadAsync(key, (asked, _) => new(load(asked)), expiry));

    public ValueTask<Entry?> LoadAsync(
        string key,
        Func<string, CancellationToken, ValueTask<LoadedValue?>> load,
        Expiry expiry = default,
        CancellationToken cancellationToken = default) =>
        ((ISingleFlight)store).LoadAsync(key, load, expiry, cancellationToken);

    public void Dispose()
    {
        Wait(store.DisposeAsync());
        GC.SuppressFinalize(this);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return store.DisposeAsync();
    }

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private static bool Found(Entry? got, out Entry entry)
    {
        entry = got.GetValueOrDefault();
        return got.HasValue;
    }

    private sealed class AsyncRelease(KeyLock held) : IKeyLockOwner
    {
        public void Release(string key, long token) => Wait(held.DisposeAsync());

        public ValueTask ReleaseAsync(string key, long token) => held.DisposeAsync();
    }

    /// <summary>Begins when the enumerator is asked for; the platform's own bridge would begin with the first step.</summary>
    private sealed class Blocking(IAsyncEnumerable<Entry> entries) : IEnumerable<Entry>
    {
        public IEnumerator<Entry> GetEnumerator() => new Enumerator(entries.GetAsyncEnumerator());

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Enumerator(IAsyncEnumerator<Entry> entries) : IEnumerator<Entry>
    {
        public Entry Current => entries.Current;

        object IEnumerator.Current => Current;

        public bool MoveNext() => Wait(entries.MoveNextAsync());

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => Wait(entries.DisposeAsync());
    }
}
