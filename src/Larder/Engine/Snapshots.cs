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

    /// <summary>Those among them that need, of every key, the whole history it had at their point in time.</summary>
    private readonly List<(long Sequence, WeakReference<Snapshot> Scan)> _images = [];

    internal int Count => _open.Count;

    internal Snapshot Open(long sequence, long now, bool needsHistory)
    {
        var snapshot = new Snapshot(sequence, now);
        var scan = new WeakReference<Snapshot>(snapshot);
        _open.Add((sequence, scan));
        if (needsHistory)
        {
            _images.Add((sequence, scan));
        }

        return snapshot;
    }

    internal void Close(Snapshot snapshot)
    {
        _open.RemoveAll(IsOver);
        _images.RemoveAll(IsOver);

        bool IsOver((long, WeakReference<Snapshot> Scan) open) => !open.Scan.TryGetTarget(out Snapshot? scan) || scan == snapshot;
    }

    /// <summary>Forgets scans that nobody can go on with; whether there were any.</summary>
    internal bool DropAbandoned() => (_open.RemoveAll(IsAbandoned) | _images.RemoveAll(IsAbandoned)) > 0;

    /// <summary>Whether a scan sees what was published at <paramref name="from"/> and replaced at <paramref name="until"/>.</summary>
    internal bool See(long from, long until) => IsAny(_open, from, until);

    /// <summary>Whether an image holds, as history, what was published at <paramref name="from"/> and was no history from <paramref name="until"/> on.</summary>
    internal bool Remember(long from, long until) => _images.Count > 0 && IsAny(_images, from, until);

    private static bool IsAbandoned((long, WeakReference<Snapshot> Scan) open) => !open.Scan.TryGetTarget(out _);

    /// <summary>Whether one has its point in time at or after one commit and before another.</summary>
    private static bool IsAny(List<(long Sequence, WeakReference<Snapshot> Scan)> open, long from, long until)
    {
        // Points in time only grow, so the list is in their order.
        int low = 0;
        int high = open.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = open[middle].Sequence < from ? (middle + 1, high) : (low, middle);
        }

        return low < open.Count && open[low].Sequence < until;
    }
}
