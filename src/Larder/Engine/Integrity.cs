using Larder.Entries;
using Larder.Indexing;

namespace Larder.Engine;

/// <summary>Walks all that a store holds and compares every account with what is really there.</summary>
internal static class Integrity
{
    internal static void CheckLocked(Contents contents, StoreOptions options, long last)
    {
        long entries = 0;
        long bytes = 0;
        long deadlines = 0;
        var linked = new HashSet<Node>();
        foreach (Node node in contents.Table.Nodes())
        {
            string key = System.Text.Encoding.UTF8.GetString(node.Key);
            Demand(linked.Add(node), $"'{key}' stands twice in the table");
            Demand(node.IsLinked && contents.Table.Find(node.Key, node.Hash) == node, $"'{key}' is in the table but cannot be found");
            Demand(!node.IsBusy, $"'{key}' is still part of a commit");
            CheckChain(node, key, last);
            Record head = node.Head;
            Demand(node.IsPresent == !head.IsTombstone, $"'{key}' and its newest version disagree on whether it is there");
            if (head.IsTombstone)
            {
                Demand(node.IsInLimbo, $"'{key}' is gone but still linked, and nobody will look at it again");
                Demand(node.DeadlineAt < 0, $"'{key}' is gone but still has a deadline");
                continue;
            }

            int versions = Chain.History(node).Count();
            Demand(versions <= options.VersionsToKeep, $"'{key}' keeps {versions} versions of at most {options.VersionsToKeep}");
            Demand(node.DeadlineAt >= 0 == head.Expires, $"'{key}' and the deadlines disagree");
            Demand(contents.Queue is null || node.Queue != 0, $"'{key}' is in no eviction queue");
            entries++;
            bytes += node.Charged;
            Demand(node.Charged == Chain.History(node).Sum(record => Chain.Charge(node, record)), $"'{key}' is charged {node.Charged} bytes, which is not what it holds");
            deadlines += head.Expires ? 1 : 0;
        }

        Demand(entries == contents.Entries, $"{entries} entries are held, {contents.Entries} are counted");
        Demand(bytes == contents.Bytes, $"{bytes} bytes are held, {contents.Bytes} are charged");
        Demand(deadlines == contents.Deadlines.Count, $"{deadlines} entries expire, {contents.Deadlines.Count} deadlines are known");
        Demand(contents.Deadlines.IsConsistent(), "the heap of deadlines is out of order");
        Demand(contents.Queue is null || contents.Queue.Count == entries, $"{contents.Queue?.Count} entries are queued for eviction, {entries} are held");
        Demand(!(entries > options.MaxEntries) || entries <= contents.Restored.Entries, $"{entries} entries exceed {options.MaxEntries}");
        Demand(!(bytes > options.MaxBytes) || bytes <= contents.Restored.Bytes, $"{bytes} bytes exceed {options.MaxBytes}");
        CheckIndex(contents, linked);
    }

    private static void CheckChain(Node node, string key, long last)
    {
        Demand(!node.Head.IsNone, $"'{key}' has no version");
        Demand(node.Head.Version <= last, $"'{key}' has version {node.Head.Version}, but the last commit is {last}");
        Demand(node.Pending is null, $"'{key}' belongs to a batch that never ended");
        long newer = node.Head.Version;
        for (Older? older = node.Older; older is not null; older = older.Next)
        {
            Demand(older.Record.Version < newer, $"the versions of '{key}' do not fall");
            newer = older.Record.Version;
        }
    }

    private static void CheckIndex(Contents contents, HashSet<Node> linked)
    {
        contents.Index.HandOver();
        var cursor = new IndexCursor(contents.Index.Merge(), new KeyRange([], false, null), reverse: false);
        Node? before = null;
        int indexed = 0;
        while (cursor.Next() is { } node)
        {
            Demand(before is null || before.Key.AsSpan().SequenceCompareTo(node.Key) < 0, "the index is out of order");
            Demand(linked.Contains(node), "the index holds a node that is not linked");
            before = node;
            indexed++;
        }

        Demand(indexed == linked.Count, $"{linked.Count} nodes are linked, {indexed} are in the index");
    }

    private static void Demand(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"the store's integrity is broken: {problem}.");
        }
    }
}
