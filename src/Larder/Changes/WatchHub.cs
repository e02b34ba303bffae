namespace Larder.Changes;

/// <summary>
/// Hands every change on to the watchers that asked for its key, and to the log beneath if there is one. Subscribing and appending happen inside the
/// store's gate, so that a watcher sees every commit after the one at which it came; leaving needs no gate.
/// </summary>
internal sealed class WatchHub(IChangeLog? next = null) : IChangeLog
{
    private readonly Lock _listGate = new();
    private volatile Watcher[] _watchers = [];   // replaced under the list gate

    internal int Count => _watchers.Length;

    /// <summary>Whether nobody listens, so that a commit need not say what it changes. The store's gate is held, or the answer may be old.</summary>
    internal bool IsIdle => next is null && _watchers.Length == 0;

    public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken) =>
        next?.ReserveAsync(bytes, cancellationToken) ?? ValueTask.CompletedTask;

    public void Append(ReadOnlySpan<Change> changes)
    {
        next?.Append(changes);
        Watcher[] watchers = _watchers;
        if (watchers.Length == 0)
        {
            return;
        }

        foreach (ref readonly Change change in changes)
        {
            Change? copy = null;   // one for all watchers
            foreach (Watcher watcher in watchers)
            {
                if (watcher.Wants(change))
                {
                    watcher.Offer(copy ??= change.Copy());
                }
            }
        }
    }

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken) =>
        next?.WaitAsync(sequence, cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>The store's gate is held.</summary>
    internal Watcher Subscribe(byte[] prefix)
    {
        var watcher = new Watcher(prefix);
        lock (_listGate)
        {
            _watchers = [.. _watchers, watcher];
        }

        return watcher;
    }

    internal void Leave(Watcher watcher)
    {
        lock (_listGate)
        {
            _watchers = [.. _watchers.Where(other => other != watcher)];
        }
    }

    /// <summary>Ends every stream once its reader has taken what is buffered.</summary>
    internal void Close()
    {
        foreach (Watcher watcher in _watchers)
        {
            watcher.Close();
        }
    }
}
