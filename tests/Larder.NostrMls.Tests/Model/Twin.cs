namespace Larder.NostrMls.Tests.Model;

/// <summary>A store in memory that is filled with what a model holds, by plain saves.</summary>
internal static class Twin
{
    public static IMlsProtocolStore Of(MlsModel model)
    {
        var store = new NostrMlsStore();
        ModelState state = model.State;
        state.Groups.ForEach(row => store.SaveGroup(Translation.Group(row)));
        foreach (IGrouping<string, ModelRelay> relays in state.Relays.GroupBy(row => row.Group))
        {
            store.ReplaceRelays(Translation.GroupId(relays.Key), Translation.Urls(relays.Select(row => row.Url)));
        }

        state.Secrets.ForEach(row => store.SaveExporterSecret(Translation.Secret(row)));
        state.Messages.ForEach(row => store.SaveMessage(Translation.Message(row)));
        state.ProcessedMessages.ForEach(row => store.SaveProcessedMessage(Translation.Processed(row)));
        state.Welcomes.ForEach(row => store.SaveWelcome(Translation.Welcome(row)));
        state.ProcessedWelcomes.ForEach(row => store.SaveProcessedWelcome(Translation.Processed(row)));
        state.Data.ForEach(row => store.Mls.WriteGroupData(Translation.GroupId(row.Group), Enum.Parse<MlsGroupDataKind>(row.Kind), Translation.Bytes(row.Value)));
        state.Leaves.ForEach(row => store.Mls.AppendOwnLeafNode(Translation.GroupId(row.Group), Translation.Bytes(row.Value)));
        state.Proposals.ForEach(row => store.Mls.QueueProposal(Translation.GroupId(row.Group), Translation.Bytes(row.Reference), Translation.Bytes(row.Body)));
        state.EpochKeys.ForEach(row =>
            store.Mls.WriteEpochKeyPairs(Translation.GroupId(row.Group), Translation.Bytes(row.EpochKey), row.Leaf, [.. row.Pairs.Split(',').Select(Translation.Bytes)]));
        state.Identity.ForEach(row => IdentityFamily.All.Single(family => family.Name == row.Family).Write(store.Mls, Translation.Bytes(row.Key), Translation.Bytes(row.Value)));
        return store;
    }
}
