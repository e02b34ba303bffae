using System.Collections.Immutable;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>Groups, relays and exporter secrets: what each call means for the state.</summary>
internal static class GroupOperations
{
    internal static Group? Find(StoreState state, IUses uses, MlsGroupId id)
    {
        if (state.Listed(id) is not { } node)
        {
            return null;
        }

        uses.Note(node.Recency);
        return node.Group!.Detached();
    }

    internal static Group? Find(StoreState state, IUses uses, NostrGroupId id) => state.NostrIds.Find(id) is { } name ? Find(state, uses, name.GroupId) : null;

    internal static List<Group> All(StoreState state) => [.. state.Groups.Ascending().Where(node => node.IsListed).Select(node => node.Group!.Detached())];

    internal static void Save(Draft draft, Group group)
    {
        Limits.Check(group, draft.Options);
        if (draft.State.NostrIds.Find(group.NostrGroupId) is { } owner && owner.GroupId != group.MlsGroupId)
        {
            throw NostrIdTaken();
        }

        bool isNew = draft.State.Listed(group.MlsGroupId) is null;
        if (isNew && draft.State.ListedGroups >= draft.Options.CacheSize)
        {
            Eviction.OfGroup(draft);
        }

        GroupNode node = draft.GroupOrNew(group.MlsGroupId);
        Group? before = node.Group;
        Group saved = draft.Own((group with { AdminPubkeys = Ordered(group.AdminPubkeys) }).Detached());
        draft.Note(node.Recency);
        Place(draft, draft.PutItem(node, ItemKey.GroupRecord, saved), node, before);
        if (isNew)
        {
            draft.State = draft.State with { ListedGroups = draft.State.ListedGroups + 1 };
        }
    }

    /// <summary>Puts a group whose record has changed into the state, the lookup by Nostr id and its queue.</summary>
    internal static void Place(Draft draft, GroupNode node, GroupNode nodeBefore, Group? before)
    {
        if (before?.NostrGroupId != node.Group!.NostrGroupId)
        {
            NostrIdChanged(draft, node, before);
        }

        if (before?.State != node.Group.State)
        {
            if (before is not null)
            {
                draft.Unqueue(nodeBefore);
            }

            node = draft.Queue(node);
        }

        draft.Set(node);
    }

    internal static ImmutableSortedSet<PublicKey> Admins(StoreState state, IUses uses, MlsGroupId id) => Used(state, uses, id).Group!.AdminPubkeys;

    internal static ImmutableSortedSet<GroupRelay> Relays(StoreState state, IUses uses, MlsGroupId id) =>
        [.. Used(state, uses, id).Relays.Select(relay => new GroupRelay(relay, id))];

    internal static void ReplaceRelays(Draft draft, (MlsGroupId Id, ImmutableSortedSet<RelayUrl> Relays) call)
    {
        Limits.Check(call.Relays, draft.Options);
        GroupNode node = Used(draft.State, draft, call.Id);
        draft.Set(call.Relays.IsEmpty ? draft.RemoveItem(node, ItemKey.Relays) : draft.PutItem(node, ItemKey.Relays, call.Relays));
    }

    internal static void SaveSecret(Draft draft, ExporterSecret secret)
    {
        Limits.Check(secret);
        GroupNode node = draft.State.Known(secret.MlsGroupId);
        draft.Set(draft.PutItem(node, ItemKey.Secret(secret.Label, secret.Epoch), draft.Own(secret.Secret.Clone())));
    }

    internal static ExporterSecret? FindSecret(StoreState state, IUses uses, (MlsGroupId Id, ulong Epoch, ExporterLabel Label) call) =>
        Used(state, uses, call.Id).Items.Find(ItemKey.Secret(call.Label, call.Epoch)) is { } item
            ? new ExporterSecret { MlsGroupId = call.Id, Epoch = call.Epoch, Label = call.Label, Secret = ((SecretBytes)item.Content).Clone() }
            : null;

    internal static int PruneSecrets(Draft draft, (MlsGroupId Id, ulong MinEpoch) call)
    {
        GroupNode node = Used(draft.State, draft, call.Id);
        int removed = 0;
        foreach (ExporterLabel label in Enum.GetValues<ExporterLabel>())
        {
            ItemKey end = ItemKey.Secret(label, call.MinEpoch);
            foreach (Item item in node.Items.From(ItemKey.Secret(label, 0)).TakeWhile(item => item.Key.CompareTo(end) < 0))
            {
                node = draft.RemoveItem(node, item.Key);
                removed++;
            }
        }

        draft.Set(node);
        return removed;
    }

    internal static List<MlsGroupId> NeedingSelfUpdate(StoreState state, (UnixSeconds Now, ulong Threshold) call) =>
    [
        .. state.Groups.Ascending()
            .Where(node => node.Group is { State: GroupState.Active } group
                && (group.SelfUpdate.CompletedAt is not { } completed || call.Now.Since(completed) >= call.Threshold))
            .Select(node => node.Id),
    ];

    /// <summary>The group, which must be listed, and is used by being asked for.</summary>
    internal static GroupNode Used(StoreState state, IUses uses, MlsGroupId id)
    {
        GroupNode node = state.Known(id);
        uses.Note(node.Recency);
        return node;
    }

    internal static MlsStoreException NostrIdTaken() => MlsStoreException.Invalid("nostr_group_id already exists for a different group");

    private static void NostrIdChanged(Draft draft, GroupNode node, Group? before)
    {
        var ids = before is null ? draft.State.NostrIds : draft.State.NostrIds.Remove(before.NostrGroupId);
        draft.State = draft.State with { NostrIds = ids.Set(new NostrName(node.Group!.NostrGroupId, node.Id)) };
    }

    /// <summary>In the order of the keys, whatever order the caller's set has.</summary>
    private static ImmutableSortedSet<PublicKey> Ordered(ImmutableSortedSet<PublicKey> keys) => keys.WithComparer(Comparer<PublicKey>.Default);
}
