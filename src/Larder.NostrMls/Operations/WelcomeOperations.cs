using System.Collections.Immutable;
using Larder.NostrMls.State;
using Larder.NostrMls.Values;

namespace Larder.NostrMls.Operations;

/// <summary>Invitations: what each call means for the state.</summary>
internal static class WelcomeOperations
{
    internal static void Save(Draft draft, Welcome welcome)
    {
        Limits.Check(welcome, draft.Options);
        if (draft.State.Welcomes.Find(welcome.Id) is null && draft.State.Welcomes.Count >= draft.Options.CacheSize)
        {
            Eviction.OfWelcome(draft);
        }

        draft.PutWelcome(draft.Own((welcome with
        {
            GroupAdminPubkeys = welcome.GroupAdminPubkeys.WithComparer(Comparer<PublicKey>.Default),
            GroupRelays = welcome.GroupRelays.WithComparer(Comparer<RelayUrl>.Default),
        }).Detached()));
        foreach (StoredProcessedWelcome processed in draft.State.ProcessedOf(welcome).Where(processed => !processed.Groups.Contains(welcome.MlsGroupId)).ToImmutableArray())
        {
            draft.PutProcessedWelcome(processed.Record, processed.Groups.Add(welcome.MlsGroupId));
        }
    }

    internal static Welcome? Find(StoreState state, IUses uses, EventId id)
    {
        if (state.Welcomes.Find(id) is not { } node)
        {
            return null;
        }

        uses.Note(node.Recency);
        return node.Welcome.Detached();
    }

    internal static List<Welcome> Pending(StoreState state, PageQuery query)
    {
        Limits.Check(query);
        return state.PendingWelcomes.Page(query.Offset, query.Limit).ConvertAll(node => node.Welcome.Detached());
    }

    internal static void SaveProcessed(Draft draft, ProcessedWelcome record)
    {
        Texts.ProcessedWelcomeState.Check(record.State);
        ImmutableSortedSet<MlsGroupId> groups = draft.State.ProcessedWelcomes.Find(record.WrapperEventId)?.Groups ?? [];
        if (record.WelcomeEventId is { } id && draft.State.Welcomes.Find(id) is { } named)
        {
            groups = groups.Add(named.Welcome.MlsGroupId);
        }

        groups = groups.Union(draft.State.WelcomesIn(record.WrapperEventId).Select(node => node.Welcome.MlsGroupId));
        draft.PutProcessedWelcome(record with { FailureReason = Limits.Cut(record.FailureReason) }, groups);
    }
}
