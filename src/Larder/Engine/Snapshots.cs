namespace Larder.Engine;

/// <summary>The point in time, and the time, of one scan. Whoever scans holds it; once it is collected it pins nothing.</summary>
internal sealed class Snapshot(long sequence, long now)
{
    internal readonly long Sequence = sequence;
    internal readonly long Now = now;
}

/// <summary>The scans under way, known weakly. Guarded by the store's gate.</summary>
internal sealed class Snapshots
{
    private readonly List<(long Sequence, WeakReference<Snapshot> Scan)> _open = [];

    internal int Count => _open.Count;

    internal Snapshot Open(long sequence, long now)
    {
        var snapshot = new Snapshot(sequence, now);
        _open.Add((sequence, new WeakReference<Snapshot>(snapshot)));
        return snapshot;
    }

    internal void Close(Snapshot snapshot) =>
        _open.RemoveAll(open => !open.Scan.TryGetTarget(out Snapshot? scan) || scan == snapshot);

    /// <summary>Forgets scans that nobody can go on with; whether there were any.</summary>
    internal bool DropAbandoned() => _open.RemoveAll(static open => !open.Scan.TryGetTarget(out _)) > 0;

    /// <summary>Whether a scan sees what was published at <paramref name="from"/> and replaced at <paramref name="until"/>.</summary>
    internal bool See(long from, long until)
    {
        // Points in time only grow, so the list is in their order.
        int low = 0;
        int high = _open.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _open[middle].Sequence < from ? (middle + 1, high) : (low, middle);
        }

        return low < _open.Count && _open[low].Sequence < until;
    }
}
