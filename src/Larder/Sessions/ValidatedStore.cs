using System.Buffers;
using System.Text;

namespace Larder;

/// <summary>
/// A store that holds keys and values to rules of the caller's before they reach the store beneath: every member that takes a key, every value that a
/// caller hands in, each item of a batch, what <c>GetOrAdd</c> loads, and the async twins of all of them.
/// </summary>
/// <remarks>
/// <para>Rules run in the order in which they were given, those of the key first; the first that objects wins, and nothing has changed. They run on the caller's
/// thread, after null, empty and broken keys were refused, and before anything else is looked at.</para>
/// <para>A prefix is no key, and is not held to the rules. The digits of a counter are the store's own: <c>Increment</c> is held to the rules of keys,
/// not to those of values.</para>
/// <para>Everything else is the contract of the store beneath, its limits included. Disposing this disposes the store beneath.</para>
/// </remarks>
public sealed class ValidatedStore : IStore, ISingleFlight, IStoreClock
{
    private readonly IStore _inner;
    private readonly KeyRule[] _keyRules;
    private readonly ValueRule[] _valueRules;

    /// <summary>A store with the default rules: keys of at most 1,024 bytes in UTF-8, values of at most 104,857,600 bytes.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    public ValidatedStore(IStore inner)
        : this(inner, [StoreRules.MaxKeyBytes()], [StoreRules.MaxValueBytes()])
    {
    }

    /// <summary>A store with these rules and no others; without any, everything that the store beneath takes is allowed.</summary>
    /// <exception cref="ArgumentNullException">An argument, or one of the rules, is null.</exception>
    public ValidatedStore(IStore inner, IEnumerable<KeyRule> keyRules, IEnumerable<ValueRule> valueRules)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(keyRules);
        ArgumentNullException.ThrowIfNull(valueRules);
        _inner = inner;
        _keyRules = [.. keyRules];
        _valueRules = [.. valueRules];
        Array.ForEach(_keyRules, rule => ArgumentNullException.ThrowIfNull(rule, nameof(keyRules)));
        Array.ForEach(_valueRules, rule => ArgumentNullException.ThrowIfNull(rule, nameof(valueRules)));
    }

    /// <inheritdoc/>
    public StoreFeatures Features => _inner.Features;

    /// <inheritdoc/>
    public IValueSerializer Serializer => _inner.Serializer;

    /// <inheritdoc/>
    DateTimeOffset IStoreClock.UtcNow => TimeToLiveExtensions.Now(_inner);

    /// <inheritdoc/>
    public bool TryGet(string key, out Entry entry) => At(key).TryGet(key, out entry);

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> utf8Key, out Entry entry) => At(utf8Key).TryGet(utf8Key, out entry);

    /// <inheritdoc/>
    public ValueTask<Entry?> GetAsync(string key, CancellationToken cancellationToken = default) => At(key).GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Entry?> GetAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) => At(utf8Key).GetAsync(utf8Key, cancellationToken);

    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination) => At(utf8Key).TryRead(utf8Key, destination);

    /// <inheritdoc/>
    public ValueTask<bool> TryReadAsync(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        At(utf8Key).TryReadAsync(utf8Key, destination, cancellationToken);

    /// <inheritdoc/>
    public long Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => At(key, value).Set(key, value, expiry);

    /// <inheritdoc/>
    public long Set(string key, byte[] value, Expiry expiry = default) => At(key, value).Set(key, value, expiry);

    /// <inheritdoc/>
    public long Set(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default) => At(utf8Key, value).Set(utf8Key, value, expiry);

    /// <inheritdoc/>
    public ValueTask<long> SetAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key, value).SetAsync(key, value, expiry, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> SetAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key, value).SetAsync(key, value, expiry, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> SetAsync(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(utf8Key, value).SetAsync(utf8Key, value, expiry, cancellationToken);

    /// <inheritdoc/>
    public WriteResult TryAdd(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => At(key, value).TryAdd(key, value, expiry);

    /// <inheritdoc/>
    public WriteResult TryAdd(string key, byte[] value, Expiry expiry = default) => At(key, value).TryAdd(key, value, expiry);

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryAddAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key, value).TryAddAsync(key, value, expiry, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryAddAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key, value).TryAddAsync(key, value, expiry, cancellationToken);

    /// <inheritdoc/>
    public WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default) =>
        At(key, value).TryUpdate(key, value, expectedVersion, expiry);

    /// <inheritdoc/>
    public WriteResult TryUpdate(string key, byte[] value, long expectedVersion, Expiry expiry = default) =>
        At(key, value).TryUpdate(key, value, expectedVersion, expiry);

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryUpdateAsync(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key, value).TryUpdateAsync(key, value, expectedVersion, expiry, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryUpdateAsync(string key, byte[] value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key, value).TryUpdateAsync(key, value, expectedVersion, expiry, cancellationToken);

    /// <inheritdoc/>
    public bool Remove(string key) => At(key).Remove(key);

    /// <inheritdoc/>
    public bool Remove(ReadOnlySpan<byte> utf8Key) => At(utf8Key).Remove(utf8Key);

    /// <inheritdoc/>
    public bool Remove(string key, long expectedVersion) => At(key).Remove(key, expectedVersion);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => At(key).RemoveAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) => At(utf8Key).RemoveAsync(utf8Key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        At(key).RemoveAsync(key, expectedVersion, cancellationToken);

    /// <inheritdoc/>
    public long Increment(string key, long by = 1, Expiry expiry = default) => At(key).Increment(key, by, expiry);

    /// <inheritdoc/>
    public long Increment(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default) => At(utf8Key).Increment(utf8Key, by, expiry);

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(string key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(key).IncrementAsync(key, by, expiry, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        At(utf8Key).IncrementAsync(utf8Key, by, expiry, cancellationToken);

    /// <inheritdoc/>
    public bool Touch(string key, Expiry expiry) => At(key).Touch(key, expiry);

    /// <inheritdoc/>
    public ValueTask<bool> TouchAsync(string key, Expiry expiry, CancellationToken cancellationToken = default) => At(key).TouchAsync(key, expiry, cancellationToken);

    /// <inheritdoc/>
    public IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false) =>
        _inner.Scan(prefix, after, limit, reverse);

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default) =>
        _inner.ScanAsync(prefix, after, limit, reverse, cancellationToken);

    /// <inheritdoc/>
    public WriteResult Write(WriteBatch batch) => Checked(batch).Write(batch);

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default) => Checked(batch).WriteAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<Entry> History(string key) => At(key).History(key);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default) => At(key).HistoryAsync(key, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default) =>
        _inner.Watch(prefix, includeCurrent, cancellationToken);

    /// <inheritdoc/>
    public KeyLock? TryLock(string key, TimeSpan wait) => At(key).TryLock(key, wait);

    /// <inheritdoc/>
    public ValueTask<KeyLock?> TryLockAsync(string key, TimeSpan wait, CancellationToken cancellationToken = default) => At(key).TryLockAsync(key, wait, cancellationToken);

    /// <inheritdoc/>
    public long Count(string prefix = "") => _inner.Count(prefix);

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string prefix = "", CancellationToken cancellationToken = default) => _inner.CountAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public long RemovePrefix(string prefix) => _inner.RemovePrefix(prefix);

    /// <inheritdoc/>
    public ValueTask<long> RemovePrefixAsync(string prefix, CancellationToken cancellationToken = default) => _inner.RemovePrefixAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public void Clear() => _inner.Clear();

    /// <inheritdoc/>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default) => _inner.ClearAsync(cancellationToken);

    /// <inheritdoc/>
    public void Flush() => _inner.Flush();

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public Entry? Load(string key, Func<string, LoadedValue?> load, Expiry expiry = default)
    {
        IStore inner = At(key);
        ArgumentNullException.ThrowIfNull(load);
        return GetOrAddExtensions.Flights(inner).Load(key, k => Checked(k, load(k)), expiry);
    }

    /// <inheritdoc/>
    public ValueTask<Entry?> LoadAsync(
        string key,
        Func<string, CancellationToken, ValueTask<LoadedValue?>> load,
        Expiry expiry = default,
        CancellationToken cancellationToken = default)
    {
        IStore inner = At(key);
        ArgumentNullException.ThrowIfNull(load);
        return GetOrAddExtensions.Flights(inner).LoadAsync(key, async (k, token) => Checked(k, await load(k, token).ConfigureAwait(false)), expiry, cancellationToken);
    }

    /// <summary>Closes the store beneath.</summary>
    public void Dispose() => _inner.Dispose();

    /// <summary>Closes the store beneath.</summary>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    /// <summary>The store beneath, for a key that keeps the rules.</summary>
    private IStore At(string key)
    {
        Utf8.Key(key, stackalloc byte[Utf8.StackBytes]);
        CheckKey(key);
        return _inner;
    }

    private IStore At(ReadOnlySpan<byte> utf8Key)
    {
        Utf8.Key(utf8Key);
        if (_keyRules.Length > 0)
        {
            CheckKey(Encoding.UTF8.GetString(utf8Key));
        }

        return _inner;
    }

    private IStore At(string key, ReadOnlySpan<byte> value)
    {
        At(key);
        CheckValue(key, value);
        return _inner;
    }

    private IStore At(string key, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return At(key, value.AsSpan());
    }

    private IStore At(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value)
    {
        Utf8.Key(utf8Key);
        return _keyRules.Length + _valueRules.Length == 0 ? _inner : At(Encoding.UTF8.GetString(utf8Key), value);
    }

    /// <summary>The store beneath, for a batch all of whose items keep the rules. Clearing has a prefix and no key.</summary>
    private IStore Checked(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_keyRules.Length + _valueRules.Length == 0)
        {
            return _inner;
        }

        foreach (BatchItem item in batch.ItemList)
        {
            if (item.Operation == BatchOperation.Clear)
            {
                continue;
            }

            string key = Encoding.UTF8.GetString(item.KeyArray);
            CheckKey(key);
            if (item.Operation == BatchOperation.Set)
            {
                CheckValue(key, item.ValueArray);
            }
        }

        return _inner;
    }

    private LoadedValue? Checked(string key, LoadedValue? loaded)
    {
        if (loaded is { } made)
        {
            CheckValue(key, made.Value.Span);
        }

        return loaded;
    }

    private void CheckKey(string key)
    {
        foreach (KeyRule rule in _keyRules)
        {
            if (rule(key) is { } objection)
            {
                throw new StoreRuleException(objection, nameof(key));
            }
        }
    }

    private void CheckValue(string key, ReadOnlySpan<byte> value)
    {
        foreach (ValueRule rule in _valueRules)
        {
            if (rule(key, value) is { } objection)
            {
                throw new StoreRuleException(objection, nameof(value));
            }
        }
    }
}
