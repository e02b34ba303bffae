using System.Collections.Immutable;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>
/// Who goes to make room. Queues hold the stamp at which somebody was queued; whoever comes out at the front and was used since goes back with its present stamp, so that the first
/// that was not is the least recently used, and using costs no more than a stamp.
/// </summary>
internal static class Eviction
{
    /// <summary>Evicts the least recently used group that is not protected.</summary>
    /// <exception cref="MlsStoreException">CapacityExceeded: all are.</exception>
    internal static void OfGroup(Draft draft)
    {
        GroupState[] states = draft.Options.OverflowPolicy == OverflowPolicy.EvictActive
            ? [GroupState.Inactive, GroupState.Pending, GroupState.Active]
            : [GroupState.Inactive, GroupState.Pending];
        foreach (GroupState state in states)
        {
            while (!draft.State.GroupQueues[(int)state].IsEmpty)
            {
                (long stamp, MlsGroupId id) = draft.State.GroupQueues[(int)state].Min;
                GroupNode node = draft.State.Groups.Find(id)!;
                if (draft.StampOf(node.Recency) == stamp)
                {
                    Evict(draft, node);
                    return;
                }

                draft.Unqueue(node);
                draft.Set(draft.Queue(node));
            }
        }

        throw new MlsStoreException(MlsStoreErrorKind.CapacityExceeded, $"there are {draft.Options.CacheSize} groups already, and all of them are active");
    }

    /// <summary>Evicts the least recently used finished invitation, or else the least recently used open one.</summary>
    internal static void OfWelcome(Draft draft)
    {
        for (int queue = 0; queue < draft.State.WelcomeQueues.Length; queue++)
        {
            while (!draft.State.WelcomeQueues[queue].IsEmpty)
            {
                (long stamp, EventId id) = draft.State.WelcomeQueues[queue].Min;
                WelcomeNode node = draft.State.Welcomes.Find(id)!;
                if (draft.StampOf(node.Recency) == stamp)
                {
                    Evict(draft, node, MlsEvictionReason.CacheSize);
                    return;
                }

                draft.Requeue(node);
            }
        }
    }

    private static void Evict(Draft draft, GroupNode node)
    {
        draft.RemoveGroup(node, isEvicted: true);
        draft.Tell(new MlsEviction(MlsEvicted.Group, MlsEvictionReason.CacheSize, node.Id, null));
        foreach (WelcomeNode welcome in draft.State.WelcomesOf(node.Id))
        {
            Evict(draft, welcome, MlsEvictionReason.WithItsOwner);
        }
    }

    /// <summary>An open invitation takes the record that it was processed along, so that it can be processed again.</summary>
    private static void Evict(Draft draft, WelcomeNode node, MlsEvictionReason reason)
    {
        ImmutableArray<StoredProcessedWelcome> processed = node.IsPending ? [.. draft.State.ProcessedOf(node.Welcome)] : [];
        draft.RemoveWelcome(node, isEvicted: true);
        draft.Tell(new MlsEviction(MlsEvicted.Welcome, reason, node.Welcome.MlsGroupId, node.Welcome.Id));
        foreach (StoredProcessedWelcome record in processed)
        {
            draft.RemoveProcessedWelcome(record.Record.WrapperEventId);
            draft.Tell(new MlsEviction(MlsEvicted.ProcessedWelcome, MlsEvictionReason.WithItsOwner, null, record.Record.WrapperEventId));
        }
    }
}
