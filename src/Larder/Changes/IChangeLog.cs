namespace Larder.Changes;

/// <summary>
/// The seam between the memory of a store and whoever must learn of its changes: a log that makes them durable, watchers. No file, path
/// or flush crosses it.
/// </summary>
internal interface IChangeLog
{
    /// <summary>
    /// Outside every gate, before a commit: waits until there is room for <paramref name="bytes"/> more, and refuses what can never fit,
    /// a full disk, and everything once the log has failed. What was promised is given back by <see cref="Release"/>.
    /// </summary>
    ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken);

    /// <summary>Outside every gate, after the commit, whatever came of it: what was reserved for it is not needed any more.</summary>
    void Release(long bytes);

    /// <summary>
    /// Inside the store's gate: takes the changes of one commit, in the order in which they must be applied, as one record. Must copy
    /// what it keeps: the memory is valid only during the call. Does no I/O and cannot fail. Expirations and evictions may overdraw what was reserved.
    /// </summary>
    void Append(ReadOnlySpan<Change> changes);

    /// <summary>Outside every gate, after a commit: returns when everything up to <paramref name="sequence"/> is as durable as was asked for; at once for 0.</summary>
    void Wait(long sequence);

    /// <summary>The same, without holding a thread.</summary>
    ValueTask WaitAsync(long sequence, CancellationToken cancellationToken);
}
