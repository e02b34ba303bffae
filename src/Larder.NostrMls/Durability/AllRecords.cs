using Larder.NostrMls.State;

namespace Larder.NostrMls.Durability;

/// <summary>Every record of a state.</summary>
internal static class AllRecords
{
    internal static IEnumerable<(RecordKey Key, object Record)> Of(StoreState state)
    {
        foreach (GroupNode node in state.Groups.Ascending())
        {
            foreach (Item item in node.Items.Ascending().Concat(node.Dead.Values.Select(dead => dead.Item)))
            {
                yield return (new RecordKey(RecordFamily.Item, item.Number), new OwnedItem(node, item));
            }

            foreach (DeadItem dead in node.Dead.Values)
            {
                yield return (new RecordKey(RecordFamily.Death, dead.Item.Number), dead);
            }

            foreach (Snapshot snapshot in node.Snapshots)
            {
                yield return (new RecordKey(RecordFamily.Snapshot, snapshot.Point), new OwnedSnapshot(node.Id, snapshot));
            }

            foreach (Message message in node.Messages.AscendingById())
            {
                yield return (new RecordKey(RecordFamily.Message, node.Number, message.Id), message);
            }
        }

        foreach (Item item in state.Identity.Ascending())
        {
            yield return (new RecordKey(RecordFamily.Item, item.Number), new OwnedItem(null, item));
        }

        foreach (StoredProcessed stored in state.Processed.Ascending())
        {
            yield return (new RecordKey(RecordFamily.Processed, 0, stored.Record.WrapperEventId), stored);
        }

        foreach (WelcomeNode node in state.Welcomes.Ascending())
        {
            yield return (new RecordKey(RecordFamily.Welcome, 0, node.Welcome.Id), node);
        }

        foreach (StoredProcessedWelcome stored in state.ProcessedWelcomes.Ascending())
        {
            yield return (new RecordKey(RecordFamily.ProcessedWelcome, 0, stored.Record.WrapperEventId), stored);
        }
    }
}
