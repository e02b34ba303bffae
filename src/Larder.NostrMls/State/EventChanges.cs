using System.Collections.Immutable;
using Larder.NostrMls.Codec;

namespace Larder.NostrMls.State;

/// <summary>The changes of records that belong to no group's aggregate: what was processed, invitations, MLS values of nobody.</summary>
internal static class EventChanges
{
    internal static void PutProcessed(this Draft draft, ProcessedMessage record)
    {
        draft.RemoveProcessed(record.WrapperEventId);
        var stored = new StoredProcessed(record, RecordSize.Of(record));
        StoreState state = draft.State;
        draft.State = state with
        {
            Processed = state.Processed.Set(stored),
            ProcessedByGroup = record.MlsGroupId is null ? state.ProcessedByGroup : state.ProcessedByGroup.Set(stored),
            ProcessedByMessage = record is { MlsGroupId: not null, MessageEventId: not null } ? state.ProcessedByMessage.Set(stored) : state.ProcessedByMessage,
        };
        draft.Count(UsageFamily.ProcessedMessages, 1, stored.Bytes);
        draft.Write(new RecordKey(RecordFamily.Processed, 0, record.WrapperEventId), stored);
    }

    internal static void RemoveProcessed(this Draft draft, EventId wrapperId)
    {
        StoreState state = draft.State;
        if (state.Processed.Find(wrapperId) is { } stored)
        {
            draft.State = state with
            {
                Processed = state.Processed.Remove(wrapperId),
                ProcessedByGroup = stored.Record.MlsGroupId is null ? state.ProcessedByGroup : state.ProcessedByGroup.Remove(StoreState.ByGroup.KeyOf(stored)),
                ProcessedByMessage = state.ProcessedByMessage.Remove(StoreState.ByMessage.KeyOf(stored)),
            };
            draft.Count(UsageFamily.ProcessedMessages, -1, -stored.Bytes);
            draft.Write(new RecordKey(RecordFamily.Processed, 0, wrapperId), null);
        }
    }

    /// <summary>The records of a group, ascending by outer id.</summary>
    internal static IEnumerable<StoredProcessed> ProcessedOf(this StoreState state, MlsGroupId group) =>
        state.ProcessedByGroup.From((group, default)).TakeWhile(stored => stored.Record.MlsGroupId == group);

    /// <summary>Puts an invitation that the draft owns into all its places, and takes one of the same id out of them.</summary>
    internal static void PutWelcome(this Draft draft, Welcome welcome)
    {
        WelcomeNode? before = draft.State.Welcomes.Find(welcome.Id);
        Recency recency = before?.Recency ?? new Recency(0);
        draft.Note(recency);
        if (before is not null)
        {
            draft.TakeOut(before);
            draft.Retire(before.Welcome, isMinor: true);
        }

        var node = new WelcomeNode(welcome, draft.NextNumber(), RecordSize.Of(welcome), recency, draft.StampOf(recency));
        draft.PutIn(node);
        draft.Write(new RecordKey(RecordFamily.Welcome, 0, welcome.Id), node);
    }

    internal static void RemoveWelcome(this Draft draft, WelcomeNode node, bool isEvicted = false)
    {
        draft.TakeOut(node);
        draft.Retire(node.Welcome, isEvicted);
        draft.Write(new RecordKey(RecordFamily.Welcome, 0, node.Welcome.Id), null);
    }

    /// <summary>Puts an invitation to the back of its queue, as far as it was used.</summary>
    internal static void Requeue(this Draft draft, WelcomeNode node)
    {
        draft.TakeOut(node);
        draft.PutIn(node with { QueuedAt = draft.StampOf(node.Recency) });
    }

    internal static IEnumerable<WelcomeNode> WelcomesOf(this StoreState state, MlsGroupId group) =>
        state.WelcomesByGroup.From((group, default)).TakeWhile(node => node.Welcome.MlsGroupId == group);

    internal static IEnumerable<WelcomeNode> WelcomesIn(this StoreState state, EventId wrapperId) =>
        state.WelcomesByWrapper.From((wrapperId, default)).TakeWhile(node => node.Welcome.WrapperEventId == wrapperId);

    internal static void PutProcessedWelcome(this Draft draft, ProcessedWelcome record, ImmutableSortedSet<MlsGroupId> groups)
    {
        draft.RemoveProcessedWelcome(record.WrapperEventId);
        var stored = new StoredProcessedWelcome(record, groups, RecordSize.Of(record, groups));
        StoreState state = draft.State;
        draft.State = state with
        {
            ProcessedWelcomes = state.ProcessedWelcomes.Set(stored),
            ProcessedByWelcome = record.WelcomeEventId is null ? state.ProcessedByWelcome : state.ProcessedByWelcome.Set(stored),
            Attributions = groups.Aggregate(state.Attributions, (all, group) => all.Set(new Attribution(group, record.WrapperEventId))),
        };
        draft.Count(UsageFamily.ProcessedWelcomes, 1, stored.Bytes);
        draft.Write(new RecordKey(RecordFamily.ProcessedWelcome, 0, record.WrapperEventId), stored);
    }

    internal static void RemoveProcessedWelcome(this Draft draft, EventId wrapperId)
    {
        StoreState state = draft.State;
        if (state.ProcessedWelcomes.Find(wrapperId) is { } stored)
        {
            draft.State = state with
            {
                ProcessedWelcomes = state.ProcessedWelcomes.Remove(wrapperId),
                ProcessedByWelcome = stored.Record.WelcomeEventId is null ? state.ProcessedByWelcome : state.ProcessedByWelcome.Remove(StoreState.ByWelcome.KeyOf(stored)),
                Attributions = stored.Groups.Aggregate(state.Attributions, (all, group) => all.Remove((group, wrapperId))),
            };
            draft.Count(UsageFamily.ProcessedWelcomes, -1, -stored.Bytes);
            draft.Write(new RecordKey(RecordFamily.ProcessedWelcome, 0, wrapperId), null);
        }
    }

    /// <summary>The records that name an invitation by its inner id, or by its outer one.</summary>
    internal static IEnumerable<StoredProcessedWelcome> ProcessedOf(this StoreState state, Welcome welcome)
    {
        IEnumerable<StoredProcessedWelcome> byId = state.ProcessedByWelcome.From((welcome.Id, default)).TakeWhile(stored => stored.Record.WelcomeEventId == welcome.Id);
        StoredProcessedWelcome? byWrapper = state.ProcessedWelcomes.Find(welcome.WrapperEventId);
        return byWrapper is null || byWrapper.Record.WelcomeEventId == welcome.Id ? byId : byId.Append(byWrapper);
    }

    internal static IEnumerable<EventId> ProcessedWelcomesOf(this StoreState state, MlsGroupId group) =>
        state.Attributions.From((group, default)).TakeWhile(attribution => attribution.GroupId == group).Select(attribution => attribution.WrapperId);

    /// <summary>Makes content that the draft owns an item of nobody.</summary>
    internal static void PutIdentity(this Draft draft, ItemKey key, SecretBytes content)
    {
        draft.RemoveIdentity(key, isMinor: true);
        var item = new Item(draft.NextNumber(), key, content, content.Length);
        draft.State = draft.State with { Identity = draft.State.Identity.Set(item) };
        draft.Count(UsageFamily.IdentityMls, 1, item.Bytes);
        draft.Write(new RecordKey(RecordFamily.Item, item.Number), new OwnedItem(null, item));
    }

    /// <summary>Returns whether it was there.</summary>
    internal static bool RemoveIdentity(this Draft draft, ItemKey key, bool isMinor)
    {
        if (draft.State.Identity.Find(key) is not { } item)
        {
            return false;
        }

        draft.State = draft.State with { Identity = draft.State.Identity.Remove(key) };
        draft.Count(UsageFamily.IdentityMls, -1, -item.Bytes);
        draft.Retire(item.Content, isMinor);
        draft.Write(new RecordKey(RecordFamily.Item, item.Number), null);
        return true;
    }

    /// <summary>Puts an invitation into all its places.</summary>
    internal static void PutIn(this Draft draft, WelcomeNode node)
    {
        StoreState state = draft.State;
        int queue = node.IsPending ? 1 : 0;
        draft.State = state with
        {
            Welcomes = state.Welcomes.Set(node),
            PendingWelcomes = node.IsPending ? state.PendingWelcomes.Set(node) : state.PendingWelcomes,
            WelcomesByWrapper = state.WelcomesByWrapper.Set(node),
            WelcomesByGroup = state.WelcomesByGroup.Set(node),
            WelcomeQueues = state.WelcomeQueues.SetItem(queue, state.WelcomeQueues[queue].Add((node.QueuedAt, node.Welcome.Id))),
        };
        draft.Count(UsageFamily.Welcomes, 1, node.Bytes);
    }

    private static void TakeOut(this Draft draft, WelcomeNode node)
    {
        StoreState state = draft.State;
        int queue = node.IsPending ? 1 : 0;
        draft.State = state with
        {
            Welcomes = state.Welcomes.Remove(node.Welcome.Id),
            PendingWelcomes = state.PendingWelcomes.Remove(node.Welcome.Id),
            WelcomesByWrapper = state.WelcomesByWrapper.Remove(StoreState.ByWrapper.KeyOf(node)),
            WelcomesByGroup = state.WelcomesByGroup.Remove(StoreState.ByGroup.KeyOf(node)),
            WelcomeQueues = state.WelcomeQueues.SetItem(queue, state.WelcomeQueues[queue].Remove((node.QueuedAt, node.Welcome.Id))),
        };
        draft.Count(UsageFamily.Welcomes, -1, -node.Bytes);
    }
}
