using Larder.Entries;

namespace Larder.Engine;

/// <summary>
/// The rules of the versions that hang from a node, newest first. What readers may do without the gate is said in
/// <see cref="MemoryEngine"/>; the rest is done inside it.
/// </summary>
internal static class Chain
{
    /// <summary>What a kept version costs besides its key and value.</summary>
    internal const int Overhead = 64;

    internal static long Charge(Node node, Record record) => node.Key.Length + record.Length + Overhead;

    /// <summary>The version a reader sees now: the newest whose batch is complete; none when the key is absent. Needs no gate.</summary>
    internal static Record Newest(Node node)
    {
        while (true)
        {
            Record record = node.Head;
            if (!record.IsNone && node.Pending is { IsSet: false } pending && record.Version == pending.Sequence)
            {
                // Links are cut only after the batch is complete: what is read under a flag that is still not set counts.
                record = node.Older?.Record ?? default;
                if (pending.IsSet)
                {
                    continue;
                }
            }

            return record.IsPresent ? record : default;
        }
    }

    /// <summary>The version that a scan of this point in time sees; none when the key was not there. Needs no gate while the scan is registered.</summary>
    internal static Record At(Node node, Snapshot snapshot)
    {
        Record record = node.Head;
        if (!record.IsNone && record.Version > snapshot.Sequence)
        {
            Older? older = node.Older;
            while (older is not null && older.Record.Version > snapshot.Sequence)
            {
                older = older.Next;
            }

            record = older?.Record ?? default;
        }

        return record.IsPresent && record.ExpiresAt > snapshot.Now ? record : default;
    }

    /// <summary>The kept versions of a key that is present, newest first, up to the end of the history.</summary>
    internal static IEnumerable<Record> History(Node node)
    {
        yield return node.Head;
        for (Older? older = node.Older; older is { Record.IsTombstone: false }; older = older.Next)
        {
            if (!older.IsSuperseded)
            {
                yield return older.Record;
            }
        }
    }

    /// <summary>
    /// Adds the versions, newest first, that were the history behind <paramref name="present"/> at the point in time of an image. Needs no gate
    /// while the image is registered.
    /// </summary>
    internal static void AddHistoryAt(Node node, Record present, long sequence, List<Record> versions)
    {
        for (Older? older = node.Older; older is not null; older = older.Next)
        {
            if (older.Record.Version < present.Version && older.WasHistoryAt(sequence))
            {
                versions.Add(older.Record);
            }
        }
    }

    /// <summary>
    /// Takes from the history, as of commit <paramref name="at"/>, what does not belong to it any more, all but the newest <paramref name="keep"/> from
    /// <paramref name="from"/> on, and returns the bytes charged for what stays.
    /// </summary>
    internal static long Supersede(Node node, Older from, int keep, long at)
    {
        long bytes = 0;
        for (Older? older = from; older is { Record.IsTombstone: false }; older = older.Next)
        {
            if (older.IsSuperseded)
            {
                continue;
            }

            if (keep-- > 0)
            {
                bytes += Charge(node, older.Record);
            }
            else
            {
                older.SupersededAt = at;
            }
        }

        return bytes;
    }

    /// <summary>
    /// Cuts out versions that neither the history nor a scan needs. Returns whether some, or a tombstone, stay for scans only.
    /// </summary>
    internal static bool Trim(Node node, Snapshots snapshots)
    {
        Older? kept = null;
        bool isPinned = false;
        long replacedAt = node.Head.Version;
        for (Older? older = node.Older; older is not null; older = older.Next)
        {
            bool isHistory = !older.IsSuperseded && !older.Record.IsTombstone;
            bool isSeen = snapshots.See(older.Record.Version, replacedAt)
                || (older.IsSuperseded && snapshots.Remember(older.Record.Version, older.SupersededAt));
            isPinned |= isSeen && !isHistory;
            if (isHistory || isSeen)
            {
                Link(node, kept, older);
                kept = older;
            }

            replacedAt = older.Record.Version;
        }

        Link(node, kept, null);
        return isPinned;
    }

    private static void Link(Node node, Older? newer, Older? older)
    {
        if (newer is null)
        {
            node.Older = older;
        }
        else
        {
            newer.Next = older;
        }
    }
}
