using System.Runtime.CompilerServices;
using Larder.Changes;

namespace Larder.Engine;

/// <summary>A stream of changes: each enumeration subscribes when it begins, not when it is first asked.</summary>
internal sealed class WatchEnumerable(MemoryEngine engine, WatchHub hub, byte[] prefix, bool includeCurrent, CancellationToken cancellationToken)
    : IAsyncEnumerable<Change>
{
    public IAsyncEnumerator<Change> GetAsyncEnumerator(CancellationToken enumerationToken = default)
    {
        if (engine.IsClosed)
        {
            return Refuse(enumerationToken).GetAsyncEnumerator(enumerationToken);
        }

        (Watcher watcher, SnapshotScan? current) = engine.Subscribe(prefix, includeCurrent);
        return new Enumerator(hub, watcher, current, Read(watcher, current, cancellationToken, enumerationToken).GetAsyncEnumerator(enumerationToken));
    }

    private static async IAsyncEnumerable<Change> Read(
        Watcher watcher, SnapshotScan? current, CancellationToken token, [EnumeratorCancellation] CancellationToken enumerationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, enumerationToken);
        while (current is not null && current.Next(out Entry entry))
        {
            either.Token.ThrowIfCancellationRequested();
            yield return Change.FromEntry(entry);
        }

        await foreach (Change change in watcher.ReadAsync(either.Token).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    private static async IAsyncEnumerable<Change> Refuse([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.FromException(Closed.Error()).WaitAsync(cancellationToken).ConfigureAwait(false);
        yield break;
    }

    /// <summary>Leaves the hub when it is disposed, read from or not.</summary>
    private sealed class Enumerator(WatchHub hub, Watcher watcher, SnapshotScan? current, IAsyncEnumerator<Change> changes) : IAsyncEnumerator<Change>
    {
        public Change Current => changes.Current;

        public ValueTask<bool> MoveNextAsync() => changes.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            hub.Leave(watcher);
            current?.Dispose();
            await changes.DisposeAsync().ConfigureAwait(false);
        }
    }
}
