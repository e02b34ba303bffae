using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class LifetimeContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Stores_are_independent()
    {
        NostrMlsStore one = Open();
        NostrMlsStore two = Open();
        one.SaveGroup(Some.Group(1));

        Assert.Empty(two.GetAllGroups());
        Assert.Empty(two.Mls.ListKeyPackageRefs());
    }

    [Fact]
    public void Options_are_copied()
    {
        var options = new MlsStoreOptions { MaxGroupNameLength = 3 };
        NostrMlsStore store = Open(options);
        options.MaxGroupNameLength = 300;
        store.Options.MaxGroupNameLength = 300;

        Invalid(store, "of 3 bytes", () => store.SaveGroup(Some.Group(1)));
        Assert.Equal(3, store.Options.MaxGroupNameLength);
    }

    [Fact]
    public void After_dispose_every_member_says_so()
    {
        using TSubject subject = new();
        NostrMlsStore store = subject.Open();
        store.SaveGroup(Some.Group(1));
        using MlsCapture capture = store.CaptureAll();
        store.Dispose();
        store.Dispose();

        MlsGroupId id = Some.GroupId(1);
        Action[] calls =
        [
            () => store.GetAllGroups(), () => store.FindGroup(id), () => store.FindGroup(Some.NostrId(1)), () => store.SaveGroup(Some.Group(1)), () => store.GetRelays(id), () => store.SaveMessage(Some.Message(1, 1)),
            () => store.FindMessage(id, default), () => store.GetMessages(id), () => store.FindProcessedMessage(default), () => store.GetPendingWelcomes(), () => store.FindWelcome(default), () => store.CreateSnapshot(id, ""),
            () => store.ListSnapshots(id), () => store.DeleteGroup(id), () => store.CaptureAll(), () => store.RestoreAll(capture), () => store.RunInTransaction(_ => { }), () => _ = store.Usage, () => store.Erase(),
            () => store.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, []), () => store.Mls.ReadPsk([]), () => _ = store.Mls.WriteGeneration,
        ];
        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
    }

    [Fact]
    public void Usage_counts_every_family()
    {
        NostrMlsStore store = Open();
        DeletionContract<TSubject>.Fill(store, 1);
        store.Mls.WritePsk([1], new byte[10]);
        MlsUsage usage = store.Usage;

        MlsFamilyUsage[] families = [usage.Groups, usage.ExporterSecrets, usage.Messages, usage.ProcessedMessages, usage.Welcomes, usage.ProcessedWelcomes, usage.GroupMls, usage.IdentityMls, usage.Snapshots];
        Assert.All(families, family => Assert.True(family is { Entries: 1, Bytes: > 0 }));
        Assert.Equal(2, usage.Relays.Entries);
        Assert.Equal(10, usage.IdentityMls.Bytes);
        store.DeleteGroup(Some.GroupId(1));
        store.Mls.DeletePsk([1]);
        Assert.Equal(new MlsUsage(), store.Usage);
    }
}
