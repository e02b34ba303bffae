using Larder.Entries;

namespace Larder.Engine;

/// <summary>
/// The rules of the chain of versions that hangs from a node, newest first. What readers may do without the gate is said in
/// <see cref="MemoryEngine"/>; the rest is done inside it.
/// </summary>
internal static class Chain
{
    /// <summary>What a kept version costs besides its key and value.</summary>
    internal const int Overhead = 64;

    internal static long Charge(Node node, Record record) => node.Key.Length + record.Length + Overhead;

    /// <summary>
    /// The version a reader sees now: the newest whose batch is complete. Null when there is none or it is a tombstone. Needs no gate.
    /// </summary>
    internal static Record? Newest(Node node)
    {
        while (true)
        {
            Record? record = node.Head;
            if (record is { Commit: { IsSet: false } pending })
            {
                // The link to the version before is cut only after the batch is complete: read under a flag that is still not set, it counts.
                record = record.Previous;
                if (pending.IsSet)
                {
                    continue;
                }
            }

            return record is { IsTombstone: false } ? record : null;
        }
    }

    /// <summary>The version that a scan of this point in time sees; null when the key was not there. Needs no gate while the scan is registered.</summary>
    internal static Record? At(Node node, Snapshot snapshot)
    {
        Record? record = node.Head;
        while (record is not null && record.Version > snapshot.Sequence)
        {
            record = record.Previous;
        }

        return record is { IsTombstone: false } && record.ExpiresAt > snapshot.Now ? record : null;
    }

    /// <summary>The kept versions, newest first, up to the end of the history.</summary>
    internal static IEnumerable<Record> History(Record newest)
    {
        for (Record? record = newest; record is { IsTombstone: false }; record = record.Previous)
        {
            if (!record.Superseded)
            {
                yield return record;
            }
        }
    }

    /// <summary>
    /// Takes from the history of <paramref name="from"/> what does not belong to it any more, all but the newest <paramref name="keep"/>,
    /// and returns the bytes charged for what stays.
    /// </summary>
    internal static long Supersede(Node node, Record from, int keep)
    {
        long bytes = 0;
        for (Record? record = from; record is { IsTombstone: false }; record = record.Previous)
        {
            if (record.Superseded)
            {
                continue;
            }

            if (keep-- > 0)
            {
                bytes += Charge(node, record);
            }
            else
            {
                record.Superseded = true;
            }
        }

        return bytes;
    }

    /// <summary>
    /// Cuts out versions that neither the history nor a scan needs. Returns whether some, or a tombstone, stay for a scan only.
    /// </summary>
    internal static bool Trim(Node node, Snapshots snapshots)
    {
        Record kept = node.Head!;
        bool isPinned = false;
        long replacedAt = kept.Version;
        for (Record? record = kept.Previous; record is not null; record = record.Previous)
        {
            bool isHistory = !record.Superseded && !record.IsTombstone;
            bool isSeen = snapshots.See(record.Version, replacedAt);
            isPinned |= isSeen && !isHistory;
            if (isHistory || isSeen)
            {
                Link(kept, record);
                kept = record;
            }

            replacedAt = record.Version;
        }

        Link(kept, null);
        return isPinned;
    }

    private static void Link(Record newer, Record? older)
    {
        if (newer.Previous != older)
        {
            newer.Previous = older;
        }
    }
}
