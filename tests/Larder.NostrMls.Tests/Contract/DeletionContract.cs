using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class DeletionContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Everything_of_a_group_goes_and_nothing_of_others()
    {
        NostrMlsStore store = Open();
        Fill(store, 1);
        Fill(store, 2);
        store.Mls.WritePsk([1], [1]);
        store.SaveProcessedMessage(Some.Processed(100, group: null));

        store.DeleteGroup(Some.GroupId(1));
        store.DeleteGroup(Some.GroupId(1));

        Assert.Null(store.FindGroup(Some.GroupId(1)));
        Assert.Null(store.FindGroup(Some.NostrId(1)));
        Assert.Null(store.FindMessage(Some.GroupId(1), Some.Event(1)));
        Assert.Null(store.Mls.ReadGroupData(Some.GroupId(1), MlsGroupDataKind.Tree));
        Assert.Empty(store.ListSnapshots(Some.GroupId(1)));
        Assert.Null(store.FindWelcome(Some.Event(1)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(1)));
        Assert.Null(store.FindProcessedMessage(Some.Wrapper(11)));
        Assert.DoesNotContain(Some.GroupId(1).ToHex(), Subject.DumpOf(store), StringComparison.Ordinal);
        Assert.NotNull(store.FindGroup(Some.GroupId(2)));
        Assert.NotNull(store.FindMessage(Some.GroupId(2), Some.Event(2)));
        Assert.NotNull(store.GetExporterSecret(Some.GroupId(2), 1, ExporterLabel.GroupEvent));
        Assert.Single(store.ListSnapshots(Some.GroupId(2)));
        Assert.NotNull(store.FindProcessedWelcome(Some.Wrapper(2)));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(12)));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(100)));
        Assert.NotNull(store.Mls.ReadPsk([1]));
    }

    [Fact]
    public void A_group_that_is_not_listed_goes_as_well()
    {
        NostrMlsStore store = Open();
        store.Mls.WriteGroupData(Some.GroupId(1), MlsGroupDataKind.Tree, [1]);
        store.SaveProcessedMessage(Some.Processed(1));
        store.SaveWelcome(Some.Welcome(1));
        store.SaveProcessedWelcome(Some.ProcessedWelcome(1));

        store.DeleteGroup(Some.GroupId(1));

        Assert.Null(store.Mls.ReadGroupData(Some.GroupId(1), MlsGroupDataKind.Tree));
        Assert.Null(store.FindProcessedMessage(Some.Wrapper(1)));
        Assert.Null(store.FindWelcome(Some.Event(1)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Processed_invitations_go_also_after_the_invitation_was_evicted(bool isProcessedFirst)
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1 });
        if (isProcessedFirst)
        {
            store.SaveProcessedWelcome(Some.ProcessedWelcome(71, welcome: 1));   // by the inner id
            store.SaveProcessedWelcome(Some.ProcessedWelcome(1));                // by the outer one
        }

        store.SaveWelcome(Some.Welcome(1, state: WelcomeState.Accepted));
        if (!isProcessedFirst)
        {
            store.SaveProcessedWelcome(Some.ProcessedWelcome(71, welcome: 1));
            store.SaveProcessedWelcome(Some.ProcessedWelcome(1));
        }

        store.SaveWelcome(Some.Welcome(2));
        Assert.Null(store.FindWelcome(Some.Event(1)));
        Assert.NotNull(store.FindProcessedWelcome(Some.Wrapper(1)));
        store.SaveProcessedWelcome(Some.ProcessedWelcome(1) with { FailureReason = "saved again" });

        store.DeleteGroup(Some.GroupId(1));

        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(1)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(71)));
        Assert.NotNull(store.FindWelcome(Some.Event(2)));
    }

    [Fact]
    public void A_group_saved_again_starts_empty()
    {
        NostrMlsStore store = Open();
        Fill(store, 1);
        store.DeleteGroup(Some.GroupId(1));

        store.SaveGroup(Some.Group(1));

        Assert.Empty(store.GetMessages(Some.GroupId(1)));
        Assert.Empty(store.GetRelays(Some.GroupId(1)));
        Assert.Null(store.GetExporterSecret(Some.GroupId(1), 1, ExporterLabel.GroupEvent));
        Assert.Empty(store.ListSnapshots(Some.GroupId(1)));
    }

    internal static void Fill(NostrMlsStore store, int group)
    {
        MlsGroupId id = Some.GroupId(group);
        store.SaveGroup(Some.Group(group, GroupState.Inactive) with { ImageKey = Some.Secret(group) });
        store.ReplaceRelays(id, Some.Relays(2));
        store.SaveMessage(Some.Message(group, group));
        store.SaveExporterSecret(Some.Exporter(group, 1));
        store.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, Some.Value(group));
        store.CreateSnapshot(id, "a");
        store.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, Some.Value(group + 1));
        store.SaveProcessedMessage(Some.Processed(10 + group, group));
        store.SaveWelcome(Some.Welcome(group));
        store.SaveProcessedWelcome(Some.ProcessedWelcome(group, welcome: group));
    }
}
