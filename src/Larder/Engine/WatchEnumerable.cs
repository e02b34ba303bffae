using Larder.Changes;

namespace Larder.Engine;

/// <summary>A stream of changes: each enumeration subscribes when it begins, not when it is first asked.</summary>
internal sealed class WatchEnumerable(MemoryEngine engine, WatchHub hub, byte[] prefix, bool includeCurrent, CancellationToken cancellationToken)
    : IAsyncEnumerable<Change>
{
    public IAsyncEnumerator<Change> GetAsyncEnumerator(CancellationToken enumerationToken = default)
    {
        try
        {
            (Watcher watcher, SnapshotScan? current) = engine.Subscribe(prefix, includeCurrent);
            return new Enumerator(hub, watcher, current, cancellationToken, enumerationToken);
        }
        catch (ObjectDisposedException)
        {
            return Closed.Stream<Change>().GetAsyncEnumerator(CancellationToken.None);
        }
    }

    /// <summary>
    /// Leaves the hub when it is disposed, read from or not, or collected. The hub holds the watcher, which holds this only while somebody waits for
    /// it: so an enumerator that was dropped is collected, and one that is awaited is not.
    /// </summary>
    private sealed class Enumerator(WatchHub hub, Watcher watcher, SnapshotScan? current, CancellationToken token, CancellationToken enumerationToken)
        : IAsyncEnumerator<Change>
    {
        private SnapshotScan? _current = current;   // what is there, until it was read
        private Change _change;

        ~Enumerator() => hub.Leave(watcher);

        public Change Current => _change;

        public async ValueTask<bool> MoveNextAsync()
        {
            do
            {
                token.ThrowIfCancellationRequested();
                enumerationToken.ThrowIfCancellationRequested();
                if (TakePresent() || watcher.TryTake(out _change))
                {
                    return true;
                }
            }
            while (await watcher.WaitAsync(token, enumerationToken).ConfigureAwait(false));
            return false;
        }

        public ValueTask DisposeAsync()
        {
            hub.Leave(watcher);
            _current?.Dispose();
            _current = null;
            GC.SuppressFinalize(this);
            return ValueTask.CompletedTask;
        }

        /// <summary>Takes the next of the entries that were there. A store that closes meanwhile ends the stream here: what follows would follow a gap.</summary>
        private bool TakePresent()
        {
            try
            {
                if (_current?.Next(out Entry entry) == true)
                {
                    _change = Change.FromEntry(entry);
                    return true;
                }
            }
            catch (ObjectDisposedException)
            {
                hub.Leave(watcher);
            }

            _current = null;
            return false;
        }
    }
}
