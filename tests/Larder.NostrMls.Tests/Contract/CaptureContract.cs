using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class CaptureContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Everything_is_as_it_was_as_often_as_wanted()
    {
        NostrMlsStore store = Open();
        DeletionContract<TSubject>.Fill(store, 1);
        store.ReleaseSnapshot(Some.GroupId(1), "a");
        store.Mls.WritePsk([1], Some.Value(1));
        store.Mls.WriteGroupData(Some.GroupId(5), MlsGroupDataKind.Tree, Some.Value(5));   // not listed
        string before = Subject.DumpOf(store);
        using MlsCapture capture = store.CaptureAll();

        for (int round = 0; round < 3; round++)
        {
            long generation = store.Mls.WriteGeneration;
            DeletionContract<TSubject>.Fill(store, 2);
            store.DeleteGroup(Some.GroupId(1));
            store.Mls.DeletePsk([1]);
            store.Mls.WriteKeyPackage([2], [2]);
            store.Mls.DeleteAllForGroup(Some.GroupId(5));
            Assert.NotEqual(before, Subject.DumpOf(store));

            store.RestoreAll(capture);

            Assert.Equal(before, Subject.DumpOf(store));
            Assert.True(store.Mls.WriteGeneration > generation);
        }
    }

    [Fact]
    public void Snapshots_stay_with_groups_that_the_capture_holds()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1, epoch: 1));
        using MlsCapture capture = store.CaptureAll();
        store.SaveGroup(Some.Group(1, epoch: 2) with { ImageKey = Some.Secret(1) });
        store.CreateSnapshot(Some.GroupId(1), "at 2");
        store.SaveGroup(Some.Group(2));
        store.CreateSnapshot(Some.GroupId(2), "gone");

        store.RestoreAll(capture);

        Assert.Equal(1UL, store.FindGroup(Some.GroupId(1))!.Epoch);
        Assert.Empty(store.ListSnapshots(Some.GroupId(2)));
        Assert.Equal("at 2", Assert.Single(store.ListSnapshots(Some.GroupId(1))).Name);
        store.RollbackToSnapshot(Some.GroupId(1), "at 2");
        Assert.Equal(2UL, store.FindGroup(Some.GroupId(1))!.Epoch);
        Assert.Equal(Some.Secret(1), store.FindGroup(Some.GroupId(1))!.ImageKey);
    }

    [Fact]
    public void Nostr_ids_that_have_changed_hands_go_back()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        store.SaveGroup(Some.Group(2));
        store.CreateSnapshot(Some.GroupId(1), "a");
        store.CreateSnapshot(Some.GroupId(2), "a");
        using MlsCapture capture = store.CaptureAll();
        store.SaveGroup(Some.Group(1) with { NostrGroupId = Some.NostrId(3) });
        store.SaveGroup(Some.Group(2) with { NostrGroupId = Some.NostrId(1) });
        store.SaveGroup(Some.Group(1) with { NostrGroupId = Some.NostrId(2) });

        store.RestoreAll(capture);

        Assert.Equal(Some.GroupId(1), store.FindGroup(Some.NostrId(1))!.MlsGroupId);
        Assert.Equal(Some.GroupId(2), store.FindGroup(Some.NostrId(2))!.MlsGroupId);
    }

    [Fact]
    public void A_capture_holds_recency()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 2 });
        store.SaveGroup(Some.Group(1, GroupState.Inactive));
        store.SaveGroup(Some.Group(2, GroupState.Inactive));
        store.FindGroup(Some.GroupId(1));
        using MlsCapture capture = store.CaptureAll();
        store.FindGroup(Some.GroupId(2));

        store.RestoreAll(capture);
        store.SaveGroup(Some.Group(3, GroupState.Inactive));

        Assert.Null(store.FindGroup(Some.GroupId(2)));
        Assert.NotNull(store.FindGroup(Some.GroupId(1)));
    }

    [Fact]
    public void A_capture_works_in_a_transaction_and_not_after_dispose()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        MlsCapture? capture = null;
        store.RunInTransaction(handle =>
        {
            handle.SaveGroup(Some.Group(2));
            capture = handle.CaptureAll();
            handle.DeleteGroup(Some.GroupId(1));
            handle.RestoreAll(capture);
        });

        Assert.Equal(2, store.GetAllGroups().Count);
        store.DeleteGroup(Some.GroupId(2));
        store.RestoreAll(capture!);
        Assert.Equal(2, store.GetAllGroups().Count);
        capture!.Dispose();
        capture.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.RestoreAll(capture));
        Assert.Equal("MlsCapture(redacted)", capture.ToString());
        Assert.Throws<ArgumentNullException>(() => store.RestoreAll(null!));
    }
}
