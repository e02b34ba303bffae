using System.Buffers;

namespace Larder;

/// <summary>
/// A key-value store. Memory, durable and remote stores keep this same contract, and so does a scope: a view on the keys under a
/// prefix.
/// </summary>
/// <remarks>
/// <para><b>Keys</b> are non-empty strings without unpaired surrogates, compared byte by byte in UTF-8; that is also their order.</para>
/// <para><b>Atomicity.</b> Every call takes effect at one moment, between its beginning and its end, for every reader and writer;
/// only <see cref="RemovePrefix"/> works key by key.</para>
/// <para><b>Expiry</b> is exact: an entry whose time has come is absent for every member, swept or not.</para>
/// <para><b>Errors</b>, in this order: arguments (<see cref="ArgumentException"/> and its kin), closed
/// (<see cref="ObjectDisposedException"/>, "store is closed"), cancelled, limits (<see cref="StoreLimitException"/>), full
/// (<see cref="StoreFullException"/>). A call that throws has changed nothing.</para>
/// <para><b>Async members</b> behave as their twins: same parameters, token last. Argument errors are thrown at the call, everything
/// else comes through the task. Spans are copied before the call returns. A call that is cancelled before it starts changes
/// nothing.</para>
/// </remarks>
public interface IStore : IDisposable, IAsyncDisposable
{
    /// <summary>What this store promises beyond the mandatory contract.</summary>
    StoreFeatures Features { get; }

    /// <summary>The codec of typed values.</summary>
    IValueSerializer Serializer { get; }

    /// <summary>Finds an entry. Takes no lock, except to settle that one which is due is gone, and copies nothing.</summary>
    bool TryGet(string key, out Entry entry);

    /// <summary>Finds an entry by a key that is in UTF-8 already.</summary>
    bool TryGet(ReadOnlySpan<byte> utf8Key, out Entry entry);

    /// <summary>Finds an entry; null when it is absent.</summary>
    ValueTask<Entry?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Finds an entry by a key that is in UTF-8 already; null when it is absent.</summary>
    ValueTask<Entry?> GetAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default);

    /// <summary>Copies a value into <paramref name="destination"/>, the way to read that allocates nothing; false and nothing written when absent.</summary>
    bool TryRead(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination);

    /// <summary>Copies a value into <paramref name="destination"/>; false and nothing written when absent.</summary>
    ValueTask<bool> TryReadAsync(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>Sets a key, whatever it held, and replaces its deadline. Returns the new version, 0 when the expiry removed the key at once.</summary>
    long Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default);

    /// <inheritdoc cref="Set(string, ReadOnlySpan{byte}, Expiry)"/>
    long Set(string key, byte[] value, Expiry expiry = default);

    /// <inheritdoc cref="Set(string, ReadOnlySpan{byte}, Expiry)"/>
    /// <remarks>
    /// Under a key in UTF-8 a value is a span and nothing else. A null array is an empty span by the time it gets here, and is stored as an empty value;
    /// the overload that takes an array under a string refuses it.
    /// </remarks>
    long Set(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default);

    /// <inheritdoc cref="Set(string, ReadOnlySpan{byte}, Expiry)"/>
    ValueTask<long> SetAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Set(string, ReadOnlySpan{byte}, Expiry)"/>
    ValueTask<long> SetAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Set(string, ReadOnlySpan{byte}, Expiry)"/>
    ValueTask<long> SetAsync(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <summary>Sets a key that is absent; refused when it is there.</summary>
    WriteResult TryAdd(string key, ReadOnlySpan<byte> value, Expiry expiry = default);

    /// <inheritdoc cref="TryAdd(string, ReadOnlySpan{byte}, Expiry)"/>
    WriteResult TryAdd(string key, byte[] value, Expiry expiry = default);

    /// <inheritdoc cref="TryAdd(string, ReadOnlySpan{byte}, Expiry)"/>
    ValueTask<WriteResult> TryAddAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="TryAdd(string, ReadOnlySpan{byte}, Expiry)"/>
    ValueTask<WriteResult> TryAddAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <summary>Compare-and-set: sets a key that still has <paramref name="expectedVersion"/>; refused otherwise, also when it is absent or expired.</summary>
    WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default);

    /// <inheritdoc cref="TryUpdate(string, ReadOnlySpan{byte}, long, Expiry)"/>
    WriteResult TryUpdate(string key, byte[] value, long expectedVersion, Expiry expiry = default);

    /// <inheritdoc cref="TryUpdate(string, ReadOnlySpan{byte}, long, Expiry)"/>
    ValueTask<WriteResult> TryUpdateAsync(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="TryUpdate(string, ReadOnlySpan{byte}, long, Expiry)"/>
    ValueTask<WriteResult> TryUpdateAsync(string key, byte[] value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <summary>Removes a key and its history; false when it was absent.</summary>
    bool Remove(string key);

    /// <inheritdoc cref="Remove(string)"/>
    bool Remove(ReadOnlySpan<byte> utf8Key);

    /// <summary>Removes a key that still has <paramref name="expectedVersion"/>; false otherwise.</summary>
    bool Remove(string key, long expectedVersion);

    /// <inheritdoc cref="Remove(string)"/>
    ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Remove(string)"/>
    ValueTask<bool> RemoveAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Remove(string, long)"/>
    ValueTask<bool> RemoveAsync(string key, long expectedVersion, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds to a 64-bit counter and returns the sum; an absent key counts from 0. A counter is any value that is a whole number in
    /// decimal ASCII. Its deadline stays unless <paramref name="expiry"/> says otherwise; a new counter has none.
    /// </summary>
    /// <exception cref="NotACounterException">The value is no counter.</exception>
    /// <exception cref="OverflowException">The sum does not fit into 64 bits.</exception>
    long Increment(string key, long by = 1, Expiry expiry = default);

    /// <inheritdoc cref="Increment(string, long, Expiry)"/>
    long Increment(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default);

    /// <inheritdoc cref="Increment(string, long, Expiry)"/>
    ValueTask<long> IncrementAsync(string key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Increment(string, long, Expiry)"/>
    ValueTask<long> IncrementAsync(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default);

    /// <summary>Gives a key a new deadline and a new version, and leaves its value and history alone; false when it is absent.</summary>
    bool Touch(string key, Expiry expiry);

    /// <inheritdoc cref="Touch(string, Expiry)"/>
    ValueTask<bool> TouchAsync(string key, Expiry expiry, CancellationToken cancellationToken = default);

    /// <summary>
    /// The entries whose keys start with <paramref name="prefix"/>, in key order, as they were when the enumeration began. Costs
    /// O(log n) to begin and O(1) an entry, and never holds a writer up.
    /// </summary>
    /// <param name="prefix">What keys start with; empty for all.</param>
    /// <param name="after">Leaves out keys up to and including this one, from it on in reverse: the way to read in pages.</param>
    /// <param name="limit">The most entries; at least 0.</param>
    /// <param name="reverse">From the last key to the first.</param>
    IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false);

    /// <inheritdoc cref="Scan"/>
    IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a batch as one commit: all of it or nothing. Refused when a requirement does not hold; the result then carries the
    /// version that the first such key has now. The version is 0 when the batch left no key behind, as an empty one does.
    /// </summary>
    WriteResult Write(WriteBatch batch);

    /// <inheritdoc cref="Write"/>
    ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default);

    /// <summary>The present version and the kept ones before it, newest first; empty when the key is absent.</summary>
    IReadOnlyList<Entry> History(string key);

    /// <inheritdoc cref="History(string)"/>
    ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// The changes to keys under <paramref name="prefix"/> in commit order, from the moment the enumeration begins until it is
    /// cancelled or the store is closed. A reader that falls too far behind finds <see cref="ChangeKind.Missed"/> in the stream.
    /// Changes are reported once they are visible, durable or not.
    /// </summary>
    /// <param name="prefix">What keys start with; empty for all.</param>
    /// <param name="includeCurrent">Whether the entries that are there come first, as sets.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// Locks a key against other lockers; null when it is still held after <paramref name="wait"/>. Zero tries once;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. Locks are independent of values; different keys never block each other.
    /// </summary>
    KeyLock? TryLock(string key, TimeSpan wait);

    /// <inheritdoc cref="TryLock"/>
    ValueTask<KeyLock?> TryLockAsync(string key, TimeSpan wait, CancellationToken cancellationToken = default);

    /// <summary>How many keys start with <paramref name="prefix"/>. Constant time for all of them, O(k) for some.</summary>
    long Count(string prefix = "");

    /// <inheritdoc cref="Count"/>
    ValueTask<long> CountAsync(string prefix = "", CancellationToken cancellationToken = default);

    /// <summary>Removes the keys under a prefix one by one, leaving out what changed since the call began; returns how many went. Not atomic.</summary>
    long RemovePrefix(string prefix);

    /// <inheritdoc cref="RemovePrefix"/>
    ValueTask<long> RemovePrefixAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Removes everything at one moment, as one change; in a scope everything in the scope. Locks and watchers stay.</summary>
    void Clear();

    /// <inheritdoc cref="Clear"/>
    ValueTask ClearAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns when everything acknowledged so far is on stable storage; at once for a store in memory.</summary>
    void Flush();

    /// <inheritdoc cref="Flush"/>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
