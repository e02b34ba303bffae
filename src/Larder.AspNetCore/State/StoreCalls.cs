namespace Larder.AspNetCore.State;

/// <summary>
/// A store as one request uses it. Everything above has one body, written with await; whether a call blocks or not is decided here. What blocks has
/// completed when it returns.
/// </summary>
internal readonly struct StoreCalls(IStore store, bool blocks, CancellationToken cancellationToken)
{
    internal ValueTask<Entry?> Get(ReadOnlySpan<byte> utf8Key) =>
        !blocks ? store.GetAsync(utf8Key, cancellationToken) : new(store.TryGet(utf8Key, out Entry entry) ? entry : null);

    internal ValueTask<Entry?> Get(string key) =>
        !blocks ? store.GetAsync(key, cancellationToken) : new(store.TryGet(key, out Entry entry) ? entry : null);

    internal ValueTask<long> Increment(ReadOnlySpan<byte> utf8Key, Expiry expiry) =>
        blocks ? new(store.Increment(utf8Key, 1, expiry)) : store.IncrementAsync(utf8Key, 1, expiry, cancellationToken);

    internal ValueTask<bool> Remove(ReadOnlySpan<byte> utf8Key) =>
        blocks ? new(store.Remove(utf8Key)) : store.RemoveAsync(utf8Key, cancellationToken);

    internal ValueTask<WriteResult> Write(WriteBatch batch) =>
        blocks ? new(store.Write(batch)) : store.WriteAsync(batch, cancellationToken);

    internal ValueTask<AcquireResult> TryAcquire(string key, long limit, TimeSpan window, long permits = 1) =>
        blocks ? new(store.TryAcquire(key, limit, window, permits)) : store.TryAcquireAsync(key, limit, window, permits, cancellationToken);

    /// <summary>Puts a value in place of the version that was read, null for a key that was absent; refused when somebody else was faster.</summary>
    internal ValueTask<WriteResult> TryReplace(string key, Entry? read, byte[] value, Expiry expiry) => (read, blocks) switch
    {
        (null, true) => new(store.TryAdd(key, value, expiry)),
        (null, false) => store.TryAddAsync(key, value, expiry, cancellationToken),
        ({ Version: long version }, true) => new(store.TryUpdate(key, value, version, expiry)),
        ({ Version: long version }, false) => store.TryUpdateAsync(key, value, version, expiry, cancellationToken),
    };
}
