using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>
/// Snapshots of groups. A snapshot is a number: it holds the items that were born before it and died after it, and keeps them from being retired. So making one costs the same
/// whatever the group holds, and undoing costs what has changed since.
/// </summary>
internal static class SnapshotOperations
{
    internal static void Create(Draft draft, (MlsGroupId Group, string Name) call)
    {
        GroupNode node = GroupOperations.Used(draft.State, draft, call.Group);
        if (Find(node, call.Name) is { } before)
        {
            node = draft.DropSnapshot(node, before);
        }

        UnixSeconds now = draft.Now;
        if (draft.Options.SnapshotTtl is { } ttl)
        {
            foreach (Snapshot expired in node.Snapshots.Where(snapshot => now.Since(snapshot.CreatedAt) > (ulong)ttl.TotalSeconds))
            {
                node = draft.DropSnapshot(node, expired);
            }
        }

        if (draft.Options.MaxSnapshotsPerGroup is { } most)
        {
            foreach (Snapshot oldest in node.OldestSnapshots().Take(Math.Max(0, node.Snapshots.Count - most + 1)))
            {
                node = draft.DropSnapshot(node, oldest);
            }
        }

        var snapshot = new Snapshot(call.Name, now, draft.NextNumber(), node.Items);
        draft.Count(UsageFamily.Snapshots, 1, 0);
        draft.Write(new RecordKey(RecordFamily.Snapshot, snapshot.Point), new OwnedSnapshot(node.Id, snapshot));
        draft.Set(node with { Snapshots = node.Snapshots.Add(snapshot) });
    }

    internal static void Rollback(Draft draft, (MlsGroupId Group, string Name) call)
    {
        if (draft.State.Listed(call.Group) is not { } node || Find(node, call.Name) is not { } snapshot)
        {
            throw new MlsStoreException(MlsStoreErrorKind.NotFound, "Snapshot not found");
        }

        var captured = (Group)snapshot.Items.Find(ItemKey.GroupRecord)!.Content;
        if (draft.State.NostrIds.Find(captured.NostrGroupId) is { } owner && owner.GroupId != node.Id)
        {
            throw GroupOperations.NostrIdTaken();
        }

        draft.Note(node.Recency);
        GroupNode now = node;
        foreach (Item item in now.Items.Ascending().Where(item => item.Number > snapshot.Point && snapshot.Items.Find(item.Key) is null))
        {
            now = draft.RemoveItem(now, item.Key);
        }

        foreach (DeadItem dead in node.Dead.Values.Where(dead => dead.IsHeldBy(snapshot)))
        {
            now = Revive(draft, now, dead, snapshot);
        }

        GroupOperations.Place(draft, draft.DropSnapshot(now, snapshot), node, node.Group);
        draft.MoveGeneration();
    }

    internal static void Release(Draft draft, (MlsGroupId Group, string Name) call)
    {
        if (draft.State.Listed(call.Group) is { } node)
        {
            draft.Note(node.Recency);
            if (Find(node, call.Name) is { } snapshot)
            {
                draft.Set(draft.DropSnapshot(node, snapshot));
            }
        }
    }

    internal static List<SnapshotInfo> List(StoreState state, MlsGroupId group) =>
        state.Listed(group) is { } node ? [.. node.OldestSnapshots().Select(snapshot => new SnapshotInfo(snapshot.Name, snapshot.CreatedAt))] : [];

    internal static int Prune(Draft draft, UnixSeconds before)
    {
        int dropped = 0;
        foreach (GroupNode group in draft.State.Groups.Ascending().Where(group => group.Snapshots.Any(snapshot => snapshot.CreatedAt < before)))
        {
            GroupNode node = group;
            foreach (Snapshot snapshot in group.Snapshots.Where(snapshot => snapshot.CreatedAt < before))
            {
                node = draft.DropSnapshot(node, snapshot);
                dropped++;
            }

            draft.Set(node);
        }

        return dropped;
    }

    private static Snapshot? Find(GroupNode node, string name) => node.Snapshots.Find(snapshot => string.Equals(snapshot.Name, name, StringComparison.Ordinal));

    /// <summary>What was current at the snapshot is current again, as a new item. Its content moves there, unless another snapshot holds it as well.</summary>
    private static GroupNode Revive(Draft draft, GroupNode node, DeadItem dead, Snapshot snapshot)
    {
        bool isShared = node.Snapshots.Any(other => other != snapshot && dead.IsHeldBy(other));
        object content = isShared ? draft.Own(dead.Item.ContentCopy()) : dead.Item.Content;
        node = isShared ? node : draft.ForgetDead(node, dead);
        return draft.PutItem(node, dead.Item.Key, content, dead.Item.Place);
    }
}
