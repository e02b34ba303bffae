using Probe = (string What, System.Func<Larder.NostrMls.IMlsOperations, object?> Real, System.Func<Larder.NostrMls.Tests.Model.MlsModel, object?> Model);

namespace Larder.NostrMls.Tests.Model;

/// <summary>Questions whose answers must be the same on both sides at every moment.</summary>
internal static class Probes
{
    /// <summary>Section 12: what is listed is found by both ids as one version, what resolves is listed, nothing belongs to a group that is not listed, and usage counts what is there.</summary>
    public static IEnumerable<Probe> Invariants(MlsModel model)
    {
        yield return ("all groups", store => store.GetAllGroups().Select(Translation.Of), plain => plain.Groups.All());
        foreach (string group in Dice.Groups)
        {
            MlsGroupId id = Translation.GroupId(group);
            yield return ($"group {group}", store => Translation.Of(store.FindGroup(id)), plain => plain.Groups.Find(group));
            if (!model.State.Has(group))
            {
                yield return ($"relays of {group}", store => store.GetRelays(id).Count, plain => plain.Groups.Relays(group));
                yield return ($"snapshots of {group}", store => store.ListSnapshots(id).Select(EngineSteps.Text), plain => plain.Snapshots.List(group));
                yield return ($"message of {group}", store => Translation.Of(store.FindMessage(id, Translation.EventId(Dice.Events[0]))), plain => plain.Messages.Find(group, Dice.Events[0]));
            }
        }

        foreach (string nostr in Dice.NostrIds)
        {
            yield return ($"group by nostr id {nostr}", store => Translation.Of(store.FindGroup(Translation.NostrId(nostr))), plain => plain.Groups.FindByNostrId(nostr));
        }

        yield return ("usage", store => Entries(store.Usage), plain => Entries(plain.State));
    }

    /// <summary>All of that, and every record that there is or could be.</summary>
    public static IEnumerable<Probe> Everything(MlsModel model) => [.. Invariants(model), .. Dice.Groups.SelectMany(Group), .. Records(), .. Identity()];

    private static IEnumerable<Probe> Group(string group)
    {
        MlsGroupId id = Translation.GroupId(group);
        yield return ($"relays of {group}", store => store.GetRelays(id).Select(relay => relay.RelayUrl.Text), plain => plain.Groups.Relays(group));
        foreach (bool byCreation in (bool[])[true, false])
        {
            var query = new MessageQuery { Limit = 10_000, Order = RecordSteps.Order(byCreation) };
            yield return ($"messages of {group}", store => store.GetMessages(id, query).Select(Translation.Of), plain => plain.Messages.Page(group, 10_000, 0, byCreation));
        }

        foreach (ulong epoch in Dice.Epochs)
        {
            foreach (string label in Translation.Labels)
            {
                yield return (
                    $"secret of {group}, {epoch}, {label}",
                    store => Translation.Of(store.GetExporterSecret(id, epoch, Translation.Label(label))),
                    plain => plain.Groups.FindSecret(group, epoch, label));
            }
        }

        foreach (MlsGroupDataKind kind in Enum.GetValues<MlsGroupDataKind>())
        {
            yield return ($"{kind} of {group}", store => Translation.Hex(store.Mls.ReadGroupData(id, kind)), plain => plain.Mls.ReadData(group, $"{kind}"));
        }

        yield return ($"leaves of {group}", store => store.Mls.ReadOwnLeafNodes(id).Select(Translation.Hex), plain => plain.Mls.ReadLeaves(group));
        yield return (
            $"proposals of {group}",
            store => store.Mls.ReadProposals(id).Select(Translation.Of),
            plain => plain.Mls.Proposals(group).Select(row => $"{row.Reference}={row.Body}"));
        foreach (string key in Dice.Opaque)
        {
            yield return (
                $"epoch keys of {group}, {key}",
                store => string.Join(',', store.Mls.ReadEpochKeyPairs(id, Translation.Bytes(key), 1).Select(Translation.Hex)),
                plain => plain.Mls.ReadEpochKeys(group, key, 1));
        }

        yield return ($"snapshots of {group}", store => store.ListSnapshots(id).Select(EngineSteps.Text), plain => plain.Snapshots.List(group));
    }

    private static IEnumerable<Probe> Records()
    {
        foreach (string wrapper in Dice.Wrappers)
        {
            EventId id = Translation.EventId(wrapper);
            yield return ($"processed message {wrapper}", store => Translation.Of(store.FindProcessedMessage(id)), plain => plain.Messages.FindProcessed(wrapper));
            yield return ($"processed welcome {wrapper}", store => Translation.Of(store.FindProcessedWelcome(id)), plain => plain.Welcomes.FindProcessed(wrapper));
        }

        foreach (string welcome in Dice.Events)
        {
            yield return ($"welcome {welcome}", store => Translation.Of(store.FindWelcome(Translation.EventId(welcome))), plain => plain.Welcomes.Find(welcome));
        }

        yield return ("pending welcomes", store => store.GetPendingWelcomes().Select(Translation.Of), plain => plain.Welcomes.Pending(1000, 0));
    }

    private static IEnumerable<Probe> Identity()
    {
        foreach (IdentityFamily family in IdentityFamily.All)
        {
            foreach (string key in Dice.Opaque)
            {
                yield return ($"{family.Name} {key}", store => Translation.Hex(family.Read(store.Mls, Translation.Bytes(key))), plain => plain.Mls.ReadIdentity(family.Name, key));
            }
        }

        yield return ("key packages", store => store.Mls.ListKeyPackageRefs().Select(Convert.ToHexStringLower), plain => plain.Mls.KeyPackages());
    }

    private static string Entries(MlsUsage usage) => ModelText.Of<long>(
    [
        usage.Groups.Entries, usage.Relays.Entries, usage.ExporterSecrets.Entries, usage.Messages.Entries, usage.ProcessedMessages.Entries, usage.Welcomes.Entries,
        usage.ProcessedWelcomes.Entries, usage.GroupMls.Entries, usage.IdentityMls.Entries, usage.Snapshots.Entries,
    ]);

    private static string Entries(ModelState state) => ModelText.Of<long>(
    [
        state.Groups.Count, state.Relays.Count, state.Secrets.Count, state.Messages.Count, state.ProcessedMessages.Count, state.Welcomes.Count,
        state.ProcessedWelcomes.Count, state.Data.Count + state.Leaves.Count + state.Proposals.Count + state.EpochKeys.Count, state.Identity.Count, state.Snapshots.Count,
    ]);
}
