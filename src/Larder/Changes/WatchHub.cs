namespace Larder.Changes;

/// <summary>
/// Hands every change on to the watchers that asked for its key, and to the log beneath if there is one. Subscribing and appending happen inside the
/// store's gate, so that a watcher sees every commit after the one at which it came; leaving needs no gate.
/// </summary>
internal sealed class WatchHub(IChangeLog? next = null) : IChangeLog
{
    private Watcher[] _watchers = [];   // never changed, only exchanged

    /// <summary>The log beneath. Set before the store is in use.</summary>
    internal IChangeLog? Next { get; set; } = next;

    internal int Count => Volatile.Read(ref _watchers).Length;

    /// <summary>Whether nobody listens, so that a commit need not say what it changes. The store's gate is held, or the answer may be old.</summary>
    internal bool IsIdle => Next is null && Count == 0;

    public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken) =>
        Next?.ReserveAsync(bytes, cancellationToken) ?? ValueTask.CompletedTask;

    public void Release(long bytes) => Next?.Release(bytes);

    public void Append(ReadOnlySpan<Change> changes)
    {
        Next?.Append(changes);
        Watcher[] watchers = Volatile.Read(ref _watchers);
        if (watchers.Length == 0)
        {
            return;
        }

        foreach (ref readonly Change change in changes)
        {
            Change? copy = null;   // one for all watchers, and none when all of them are full
            foreach (Watcher watcher in watchers)
            {
                if (watcher.Wants(change) && watcher.HasRoomFor(change))
                {
                    try
                    {
                        watcher.Offer(copy ??= change.Copy());
                    }
                    catch (OutOfMemoryException)
                    {
                        watcher.Miss(change.Sequence);   // the log has taken the commit: it cannot fail any more
                    }
                }
            }
        }
    }

    public void Wait(long sequence) => Next?.Wait(sequence);

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken) =>
        Next?.WaitAsync(sequence, cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>The store's gate is held.</summary>
    internal Watcher Subscribe(byte[] prefix)
    {
        var watcher = new Watcher(prefix);
        Exchange(watchers => [.. watchers, watcher]);
        return watcher;
    }

    /// <summary>Feeds a watcher no more and ends its stream at once. Twice is as good as once.</summary>
    internal void Leave(Watcher watcher)
    {
        Exchange(watchers => [.. watchers.Where(other => other != watcher)]);
        watcher.Close(discards: true);
    }

    /// <summary>Ends every stream once its reader has taken what is buffered.</summary>
    internal void Close()
    {
        foreach (Watcher watcher in Volatile.Read(ref _watchers))
        {
            watcher.Close();
        }
    }

    private void Exchange(Func<Watcher[], Watcher[]> change)
    {
        Watcher[] before;
        do
        {
            before = Volatile.Read(ref _watchers);
        }
        while (Interlocked.CompareExchange(ref _watchers, change(before), before) != before);
    }
}
