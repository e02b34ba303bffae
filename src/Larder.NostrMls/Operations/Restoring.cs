using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>
/// Restoring a capture: everything is removed and put again from copies, in the order in which it was used. Snapshots of groups that are in the capture stay, with what they
/// hold.
/// </summary>
internal static class Restoring
{
    internal static void All(Draft draft, CapturedState captured)
    {
        StoreState past = captured.State;
        foreach (GroupNode node in draft.State.Groups.Ascending())
        {
            if (past.Listed(node.Id) is null || node.Snapshots.IsEmpty)
            {
                draft.RemoveGroup(node);
            }
        }

        foreach (WelcomeNode node in draft.State.Welcomes.Ascending())
        {
            draft.RemoveWelcome(node);
        }

        foreach (StoredProcessed stored in draft.State.Processed.Ascending())
        {
            draft.RemoveProcessed(stored.Record.WrapperEventId);
        }

        foreach (StoredProcessedWelcome stored in draft.State.ProcessedWelcomes.Ascending())
        {
            draft.RemoveProcessedWelcome(stored.Record.WrapperEventId);
        }

        foreach (Item item in draft.State.Identity.Ascending())
        {
            draft.RemoveIdentity(item.Key, isMinor: false);
        }

        // What stayed because of its snapshots gives up its Nostr id first: any of them may have another one now.
        foreach (GroupNode node in draft.State.Groups.Ascending())
        {
            draft.State = draft.State with { NostrIds = draft.State.NostrIds.Remove(node.Group!.NostrGroupId) };
        }

        IEnumerable<(long Stamp, Action Put)> groups = past.Groups.Ascending().Select(node => (node.Recency.Stamp, (Action)(() => Put(draft, node))));
        IEnumerable<(long Stamp, Action Put)> welcomes = past.Welcomes.Ascending().Select(node => (node.Recency.Stamp, (Action)(() => draft.PutWelcome(draft.Own(node.Welcome.Detached())))));
        foreach ((long _, Action put) in groups.Concat(welcomes).OrderBy(entry => entry.Stamp))
        {
            put();
        }

        foreach (StoredProcessed stored in past.Processed.Ascending())
        {
            draft.PutProcessed(stored.Record);
        }

        foreach (StoredProcessedWelcome stored in past.ProcessedWelcomes.Ascending())
        {
            draft.PutProcessedWelcome(stored.Record, stored.Groups);
        }

        foreach (Item item in past.Identity.Ascending())
        {
            draft.PutIdentity(item.Key, (SecretBytes)draft.Own(item.ContentCopy()));
        }

        draft.MoveGeneration();
        draft.RewritesAll = true;
    }

    private static void Put(Draft draft, GroupNode past)
    {
        GroupNode before = draft.GroupOrNew(past.Id);
        GroupNode node = draft.RemoveMessages(before);
        foreach (Item item in node.Items.Ascending().Where(item => past.Items.Find(item.Key) is null))
        {
            node = draft.RemoveItem(node, item.Key);
        }

        foreach (Item item in past.Items.Ascending())
        {
            node = draft.PutItem(node, item.Key, draft.Own(item.ContentCopy()), item.Place);
        }

        foreach (Message message in past.Messages.OldestFirst())
        {
            node = draft.PutMessage(node, message);
        }

        draft.Note(node.Recency);
        if (!node.IsListed)
        {
            draft.Set(node);
            return;
        }

        if (before.IsListed)
        {
            draft.Unqueue(before);
        }
        else
        {
            draft.State = draft.State with { ListedGroups = draft.State.ListedGroups + 1 };
        }

        draft.State = draft.State with { NostrIds = draft.State.NostrIds.Set(new NostrName(node.Group!.NostrGroupId, node.Id)) };
        draft.Set(draft.Queue(node));
    }
}
