using Larder.Comparisons.Cases;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Reporting;

/// <summary>
/// Every gate there is so far. Plain numbers are those of the list of targets, S stands for the store against the design it
/// replaces.
/// </summary>
internal static class Gates
{
    public static IReadOnlyList<Gate> Of(Effort effort)
    {
        string old = PeerKind.LockedDictionary.Name;
        var gates = new List<Gate>();
        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S1", Work.Get, size, 1, old, 1.0, 0.7, Below: true));
        }

        gates.Add(new("S2", Work.Scan, effort.Large, 1, old, 0.01, 0.001));
        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S3", Work.Mixed95, size, 1, old, 1.0, 0.7, Below: true));
            gates.Add(new("S3", Work.Mixed50, size, 1, old, 1.0, 0.8, Below: true));
        }

        foreach (int size in effort.Sizes)
        {
            gates.Add(new("S4", Work.Get, size, 2, old, 1.0, 0.5, Below: true));
            gates.Add(new("S5", Work.Set, size, 2, old, 1.0, 0.7, Below: true));
            gates.Add(new("S6", Work.Increment, size, 2, old, 1.0, 0.7, Below: true));
            gates.Add(new("S7", Work.Mixed95, size, 2, old, 1.0, 0.5, Below: true));
            gates.Add(new("S7", Work.Mixed50, size, 2, old, 1.0, 0.7, Below: true));
        }

        gates.Add(new("S8", Work.Scan, effort.Large, 2, old, 1.0, 0.001, Below: true));
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

        return gates;
    }
}
