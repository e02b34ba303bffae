using System.Collections.Immutable;
using Larder.NostrMls.Codec;

namespace Larder.NostrMls.State;

/// <summary>
/// The changes of one group that a draft is made of. Each changes the tree, the usage and the records to be written at once, so that they cannot drift apart.
/// </summary>
internal static class GroupChanges
{
    /// <summary>The group, or a new one that is not listed yet.</summary>
    internal static GroupNode GroupOrNew(this Draft draft, MlsGroupId id) =>
        draft.State.Groups.Find(id) ?? new GroupNode(id, draft.NextNumber(), new Recency(0));

    /// <summary>Puts the group into the state; one that is not listed and holds nothing goes.</summary>
    internal static void Set(this Draft draft, GroupNode node) =>
        draft.State = draft.State with
        {
            Groups = node.IsListed || node.Items.Count > 0 ? draft.State.Groups.Set(node) : draft.State.Groups.Remove(node.Id),
        };

    /// <summary>Makes content that the draft owns the current item of a key.</summary>
    internal static GroupNode PutItem(this Draft draft, GroupNode node, ItemKey key, object content, long place = 0)
    {
        var item = new Item(draft.NextNumber(), key, content, RecordSize.Of(content), place);
        node = node.Items.Find(key) is { } before ? draft.Bury(node, before, item.Number, isMinor: true) : node;
        draft.CountItem(item, 1);
        node = node with { Items = node.Items.Set(item), Group = content as Group ?? node.Group };
        draft.Write(new RecordKey(RecordFamily.Item, item.Number), new OwnedItem(node, item));
        return node;
    }

    internal static GroupNode RemoveItem(this Draft draft, GroupNode node, ItemKey key) =>
        node.Items.Find(key) is not { } item ? node : draft.Bury(node, item, 0, isMinor: false) with { Items = node.Items.Remove(key) };

    /// <summary>Drops a snapshot, and what only it held.</summary>
    internal static GroupNode DropSnapshot(this Draft draft, GroupNode node, Snapshot snapshot, bool isEvicted = false)
    {
        node = node with { Snapshots = node.Snapshots.Remove(snapshot) };
        draft.Count(UsageFamily.Snapshots, -1, 0);
        draft.Write(new RecordKey(RecordFamily.Snapshot, snapshot.Point), null);
        foreach (DeadItem dead in node.Dead.Values)
        {
            if (dead.IsHeldBy(snapshot) && !node.Snapshots.Any(dead.IsHeldBy))
            {
                draft.Retire(dead.Item.Content, isEvicted);
                node = draft.ForgetDead(node, dead);
            }
        }

        return node;
    }

    /// <summary>Takes a dead item out of the books; its content goes elsewhere or is retired.</summary>
    internal static GroupNode ForgetDead(this Draft draft, GroupNode node, DeadItem dead)
    {
        draft.Count(UsageFamily.Snapshots, 0, -dead.Item.Bytes);
        draft.Write(new RecordKey(RecordFamily.Item, dead.Item.Number), null);
        draft.Write(new RecordKey(RecordFamily.Death, dead.Item.Number), null);
        return node with { Dead = node.Dead.Remove(dead.Item.Number) };
    }

    internal static GroupNode PutMessage(this Draft draft, GroupNode node, Message message)
    {
        draft.Write(new RecordKey(RecordFamily.Message, node.Number, message.Id), message);
        return node with { Messages = node.Messages.Set(message) };
    }

    internal static GroupNode RemoveMessage(this Draft draft, GroupNode node, Message message)
    {
        draft.Write(new RecordKey(RecordFamily.Message, node.Number, message.Id), null);
        return node with { Messages = node.Messages.Remove(message) };
    }

    internal static GroupNode RemoveMessages(this Draft draft, GroupNode node)
    {
        foreach (Message message in node.Messages.OldestFirst())
        {
            draft.Write(new RecordKey(RecordFamily.Message, node.Number, message.Id), null);
        }

        return node with { Messages = MessageIndex.Empty };
    }

    /// <summary>Removes a group, listed or not, with everything in it.</summary>
    internal static void RemoveGroup(this Draft draft, GroupNode node, bool isEvicted = false)
    {
        if (node.Items.From(new ItemKey(ItemFamily.GroupData)).Any())
        {
            draft.MoveGeneration();
        }

        foreach (Snapshot snapshot in node.Snapshots)
        {
            node = draft.DropSnapshot(node, snapshot, isEvicted);
        }

        foreach (Item item in node.Items.Ascending())
        {
            draft.Bury(node, item, 0, isEvicted);   // for good: no snapshot is left
        }

        draft.RemoveMessages(node);
        if (node.Group is { } group)
        {
            draft.Unqueue(node);
            draft.State = draft.State with { NostrIds = draft.State.NostrIds.Remove(group.NostrGroupId), ListedGroups = draft.State.ListedGroups - 1 };
        }

        draft.State = draft.State with { Groups = draft.State.Groups.Remove(node.Id) };
    }

    /// <summary>Puts a listed group into the queue of its state, with its present stamp.</summary>
    internal static GroupNode Queue(this Draft draft, GroupNode node)
    {
        node = node with { QueuedAt = draft.StampOf(node.Recency) };
        draft.ChangeQueue(node, queue => queue.Add((node.QueuedAt, node.Id)));
        return node;
    }

    internal static void Unqueue(this Draft draft, GroupNode node) => draft.ChangeQueue(node, queue => queue.Remove((node.QueuedAt, node.Id)));

    private static void ChangeQueue(this Draft draft, GroupNode node, Func<ImmutableSortedSet<(long, MlsGroupId)>, ImmutableSortedSet<(long, MlsGroupId)>> change)
    {
        int queue = (int)node.Group!.State;
        draft.State = draft.State with { GroupQueues = draft.State.GroupQueues.SetItem(queue, change(draft.State.GroupQueues[queue])) };
    }

    /// <summary>An item ceases to be current: it stays for snapshots that hold it, or is retired.</summary>
    private static GroupNode Bury(this Draft draft, GroupNode node, Item item, long died, bool isMinor)
    {
        draft.CountItem(item, -1);
        if (!node.Snapshots.Any(snapshot => item.Number < snapshot.Point))
        {
            draft.Retire(item.Content, isMinor);
            draft.Write(new RecordKey(RecordFamily.Item, item.Number), null);
            return node;
        }

        var dead = new DeadItem(item, died == 0 ? draft.NextNumber() : died);
        draft.Count(UsageFamily.Snapshots, 0, item.Bytes);
        draft.Write(new RecordKey(RecordFamily.Death, item.Number), dead);
        return node with { Dead = node.Dead.Add(item.Number, dead) };
    }

    internal static void CountItem(this Draft draft, Item item, int sign)
    {
        (UsageFamily family, int entries) = item.Key.Family switch
        {
            ItemFamily.GroupRecord => (UsageFamily.Groups, 1),
            ItemFamily.Relays => (UsageFamily.Relays, ((ImmutableSortedSet<RelayUrl>)item.Content).Count),
            ItemFamily.ExporterSecret => (UsageFamily.ExporterSecrets, 1),
            _ => (UsageFamily.GroupMls, 1),
        };
        draft.Count(family, sign * entries, sign * item.Bytes);
    }
}
