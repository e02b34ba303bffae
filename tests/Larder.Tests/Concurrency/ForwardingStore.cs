using System.Buffers;

namespace Larder.Tests.Concurrency;

/// <summary>A store that hands everything on: what planted faults and perturbations derive from. Closing it does not close the store beneath.</summary>
internal abstract class ForwardingStore(IStore inner) : IStore, ISingleFlight
{
    public StoreFeatures Features => inner.Features;

    public IValueSerializer Serializer => inner.Serializer;

    protected IStore Inner => inner;

    public virtual bool TryGet(string key, out Entry entry) => inner.TryGet(key, out entry);

    public bool TryGet(ReadOnlySpan<byte> utf8Key, out Entry entry) => inner.TryGet(utf8Key, out entry);

    public ValueTask<Entry?> GetAsync(string key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    public ValueTask<Entry?> GetAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) => inner.GetAsync(utf8Key, cancellationToken);

    public bool TryRead(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination) => inner.TryRead(utf8Key, destination);

    public ValueTask<bool> TryReadAsync(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        inner.TryReadAsync(utf8Key, destination, cancellationToken);

    public long Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => inner.Set(key, value, expiry);

    public long Set(string key, byte[] value, Expiry expiry = default) => inner.Set(key, value, expiry);

    public long Set(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default) => inner.Set(utf8Key, value, expiry);

    public ValueTask<long> SetAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.SetAsync(key, value, expiry, cancellationToken);

    public ValueTask<long> SetAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.SetAsync(key, value, expiry, cancellationToken);

    public ValueTask<long> SetAsync(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.SetAsync(utf8Key, value, expiry, cancellationToken);

    public WriteResult TryAdd(string key, ReadOnlySpan<byte> value, Expiry expiry = default) => inner.TryAdd(key, value, expiry);

    public WriteResult TryAdd(string key, byte[] value, Expiry expiry = default) => inner.TryAdd(key, value, expiry);

    public ValueTask<WriteResult> TryAddAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.TryAddAsync(key, value, expiry, cancellationToken);

    public ValueTask<WriteResult> TryAddAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.TryAddAsync(key, value, expiry, cancellationToken);

    public virtual WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default) =>
        inner.TryUpdate(key, value, expectedVersion, expiry);

    public WriteResult TryUpdate(string key, byte[] value, long expectedVersion, Expiry expiry = default) => TryUpdate(key, value.AsSpan(), expectedVersion, expiry);

    public ValueTask<WriteResult> TryUpdateAsync(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.TryUpdateAsync(key, value, expectedVersion, expiry, cancellationToken);

    public ValueTask<WriteResult> TryUpdateAsync(string key, byte[] value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.TryUpdateAsync(key, value, expectedVersion, expiry, cancellationToken);

    public bool Remove(string key) => inner.Remove(key);

    public bool Remove(ReadOnlySpan<byte> utf8Key) => inner.Remove(utf8Key);

    public bool Remove(string key, long expectedVersion) => inner.Remove(key, expectedVersion);

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => inner.RemoveAsync(key, cancellationToken);

    public ValueTask<bool> RemoveAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) => inner.RemoveAsync(utf8Key, cancellationToken);

    public ValueTask<bool> RemoveAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        inner.RemoveAsync(key, expectedVersion, cancellationToken);

    public virtual long Increment(string key, long by = 1, Expiry expiry = default) => inner.Increment(key, by, expiry);

    public long Increment(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default) => inner.Increment(utf8Key, by, expiry);

    public ValueTask<long> IncrementAsync(string key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.IncrementAsync(key, by, expiry, cancellationToken);

    public ValueTask<long> IncrementAsync(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        inner.IncrementAsync(utf8Key, by, expiry, cancellationToken);

    public virtual bool Touch(string key, Expiry expiry) => inner.Touch(key, expiry);

    public ValueTask<bool> TouchAsync(string key, Expiry expiry, CancellationToken cancellationToken = default) => inner.TouchAsync(key, expiry, cancellationToken);

    public IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false) =>
        inner.Scan(prefix, after, limit, reverse);

    public IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default) =>
        inner.ScanAsync(prefix, after, limit, reverse, cancellationToken);

    public virtual WriteResult Write(WriteBatch batch) => inner.Write(batch);

    public ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default) => inner.WriteAsync(batch, cancellationToken);

    public IReadOnlyList<Entry> History(string key) => inner.History(key);

    public ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default) => inner.HistoryAsync(key, cancellationToken);

    public IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default) =>
        inner.Watch(prefix, includeCurrent, cancellationToken);

    public KeyLock? TryLock(string key, TimeSpan wait) => inner.TryLock(key, wait);

    public ValueTask<KeyLock?> TryLockAsync(string key, TimeSpan wait, CancellationToken cancellationToken = default) => inner.TryLockAsync(key, wait, cancellationToken);

    public long Count(string prefix = "") => inner.Count(prefix);

    public ValueTask<long> CountAsync(string prefix = "", CancellationToken cancellationToken = default) => inner.CountAsync(prefix, cancellationToken);

    public long RemovePrefix(string prefix) => inner.RemovePrefix(prefix);

    public ValueTask<long> RemovePrefixAsync(string prefix, CancellationToken cancellationToken = default) => inner.RemovePrefixAsync(prefix, cancellationToken);

    public void Clear() => inner.Clear();

    public ValueTask ClearAsync(CancellationToken cancellationToken = default) => inner.ClearAsync(cancellationToken);

    public void Flush() => inner.Flush();

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public Entry? Load(string key, Func<string, LoadedValue?> load, Expiry expiry = default) => ((ISingleFlight)inner).Load(key, load, expiry);

    public ValueTask<Entry?> LoadAsync(string key, Func<string, CancellationToken, ValueTask<LoadedValue?>> load, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        ((ISingleFlight)inner).LoadAsync(key, load, expiry, cancellationToken);

    public void Dispose() => GC.SuppressFinalize(this);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
