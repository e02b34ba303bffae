using Larder.Comparisons.Cases;
using Larder.Comparisons.Cases.Durable;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;
using Larder.Comparisons.Peers.Durable;

namespace Larder.Comparisons.Reporting;

/// <summary>
/// Every gate there is so far. Plain numbers are those of the list of targets, S stands for the store against the design it
/// replaces.
/// </summary>
internal static class Gates
{
    /// <summary>Stores that have a put on the device when it returns.</summary>
    private static readonly string[] _flushing = [RedisPeer.Flushing, FasterLogPeer.Title, RocksDbPeer.Title, SqlitePeer.Full, LmdbPeer.Name];

    /// <summary>Stores that log a put and flush it later.</summary>
    private static readonly string[] _logging = [RedisPeer.Pipelined, RocksDbPeer.Title, SqlitePeer.Normal];

    public static IReadOnlyList<Gate> Of(Effort effort)
    {
        string old = PeerKind.LockedDictionary.Name;
        var gates = new List<Gate>();
        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S1", Work.Get, size, 1, old, 1.0, 0.7, below: true));
        }

        gates.Add(new("S2", Work.Scan, effort.Large, 1, old, 0.01, 0.001));
        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S3", Work.Mixed95, size, 1, old, 1.0, 0.7, below: true));
            gates.Add(new("S3", Work.Mixed50, size, 1, old, 1.0, 0.8, below: true));
        }

        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S4", Work.Get, size, 2, old, 1.0, 0.5, below: true));
            gates.Add(new("S5", Work.Set, size, 2, old, 1.0, 0.7, below: true));
            gates.Add(new("S6", Work.Increment, size, 2, old, 1.0, 0.7, below: true));
            gates.Add(new("S7", Work.Mixed95, size, 2, old, 1.0, 0.5, below: true));
            gates.Add(new("S7", Work.Mixed50, size, 2, old, 1.0, 0.7, below: true));
        }

        gates.Add(new("S8", Work.Scan, effort.Large, 2, old, 1.0, 0.001, below: true));
        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S9", Work.Set, size, 1, old, 1.5, 1.0));
            gates.Add(new("S10", Work.Insert, size, 1, old, 1.5, 1.0));
        }

        gates.Add(new("S11", Work.Managed, effort.Large, 1, old, 1.5, 1.0));
        gates.Add(new("S11", Work.ManagedScanned, effort.Large, 1, old, 1.5, 1.0));
        gates.Add(new("S12", Work.FirstEntry, effort.Large, 1, OrderedIndexCases.FewMatches, 1.5, 1.1));
        gates.Add(new("28", Work.Scan, effort.Large, 1, LmdbPeer.Name, 0.40, 0.25));
        gates.Add(new("29", Work.ScanAfterWrites, effort.Large, 1, OrderedIndexCases.WithoutWrites, 3.0, 1.5));
        gates.Add(new("30", Work.PutIndexed, effort.Large, 1, OrderedIndexCases.NeverScanned, 1.35, 1.15));
        gates.Add(new("35", Work.LockSync, LockCases.LockedKeys, 1, LockCases.Semaphore, 1.5, 1.0));
        gates.Add(new("35", Work.LockAsync, LockCases.LockedKeys, 1, LockCases.Semaphore, 1.5, 1.0));
        foreach (int size in effort.Sizes)
        {
            gates.Add(new("36", Work.Increment, size, 1, old, 1.2, 1.0));
        }

        return [.. gates, .. CacheGates.Of(effort), .. OnDisk(effort)];
    }

    private static IEnumerable<Gate> OnDisk(Effort effort) =>
    [
        new("23", Work.Logged, effort.Large, 1, _logging, 0.40, 0.20),
        new("23", Work.LoggedNew, effort.Large, 1, _logging, 0.40, 0.20),
        new("25", Work.Flushed, effort.Flushed, 1, FlushedCases.Raw, 1.15, 1.05),
        new("25", Work.Flushed, effort.Flushed, 1, _flushing, 0.90, 0.70),
        new("26", Work.Flushed, effort.Flushed, 16, _flushing, 0.90, 0.65),
        new("26", Work.Flushed, effort.Flushed, 16, SqlitePeer.Full, 0.25, 0.12),
        new("27", Work.Flushed, effort.Flushed, 64, _flushing, 0.95, 0.60),
        new("27", Work.FlushedAsync, effort.Flushed, 64, _flushing, 0.95, 0.60),
        new("31", Work.ReopenClosed, effort.Large, 1, FasterCheckpoint.Title, 0.20, 0.07),
        new("32", Work.ReopenCrashed, effort.Large, 1, ReopenCases.Redis, 0.35, 0.15),
        new("33", Work.DiskBatched, effort.Large, 1, RocksDbPeer.Title, 1.08, 1.00),
        new("34", Work.Snapshot, effort.Large, 1, SnapshotCases.Direct, 1.5, 1.2),
        new("37", Work.SeedPut, effort.Seeds, 1, JsonFile.Title, 0.001, 0.0002),
    ];
}
