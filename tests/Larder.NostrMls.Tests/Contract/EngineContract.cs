using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class EngineContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    private static readonly MlsGroupId _group = Some.GroupId(1);

    [Fact]
    public void The_version_is_1() => Assert.Equal(1, Open().Mls.StorageVersion);

    [Fact]
    public void Ten_kinds_of_group_data_are_independent()
    {
        IMlsStorage mls = Open().Mls;
        MlsGroupDataKind[] kinds = Enum.GetValues<MlsGroupDataKind>();
        Assert.Equal(10, kinds.Length);
        foreach (MlsGroupDataKind kind in kinds)
        {
            Assert.Null(mls.ReadGroupData(_group, kind));
            mls.WriteGroupData(_group, kind, Some.Value((int)kind));
        }

        foreach (MlsGroupDataKind kind in kinds)
        {
            Assert.Equal(Some.Value((int)kind), mls.ReadGroupData(_group, kind)!.Span.ToArray());
            Assert.Null(mls.ReadGroupData(Some.GroupId(2), kind));
            mls.WriteGroupData(_group, kind, Some.Value(50));
            Assert.Equal(Some.Value(50), mls.ReadGroupData(_group, kind)!.Span.ToArray());
            mls.DeleteGroupData(_group, kind);
            mls.DeleteGroupData(_group, kind);
            Assert.Null(mls.ReadGroupData(_group, kind));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => mls.WriteGroupData(_group, (MlsGroupDataKind)10, []));
    }

    [Fact]
    public void Leaf_nodes_keep_the_order_in_which_they_were_appended()
    {
        IMlsStorage mls = Open().Mls;
        Assert.Empty(mls.ReadOwnLeafNodes(_group));
        int[] order = [3, 1, 2, 1];
        foreach (int value in order)
        {
            mls.AppendOwnLeafNode(_group, Some.Value(value));
        }

        Assert.Equal(order.Select(value => Some.Value(value)), mls.ReadOwnLeafNodes(_group).Select(node => node.Span.ToArray()));
        mls.DeleteOwnLeafNodes(_group);
        mls.DeleteOwnLeafNodes(_group);
        Assert.Empty(mls.ReadOwnLeafNodes(_group));
    }

    [Fact]
    public void Proposals_keep_their_places()
    {
        IMlsStorage mls = Open().Mls;
        Assert.Empty(mls.ReadProposals(_group));
        Assert.Empty(mls.ReadProposalRefs(_group));
        for (int i = 9; i >= 0; i--)
        {
            mls.QueueProposal(_group, [(byte)i], Some.Value(i));
        }

        Assert.Equal(Enumerable.Range(0, 10).Reverse(), mls.ReadProposalRefs(_group).Select(reference => (int)reference[0]));
        mls.QueueProposal(_group, [5], Some.Value(77));
        mls.RemoveProposal(_group, [7]);
        mls.RemoveProposal(_group, [7]);

        Assert.Equal([9, 8, 6, 5, 4, 3, 2, 1, 0], mls.ReadProposals(_group).Select(proposal => (int)proposal.Reference[0]));
        Assert.Equal(Some.Value(77), mls.ReadProposals(_group)[3].Body.Span.ToArray());
        mls.ClearProposals(_group);
        mls.ClearProposals(_group);
        Assert.Empty(mls.ReadProposals(_group));
    }

    [Fact]
    public void Key_pairs_belong_to_an_epoch_and_a_leaf()
    {
        IMlsStorage mls = Open().Mls;
        Assert.Empty(mls.ReadEpochKeyPairs(_group, [1], 0));
        mls.WriteEpochKeyPairs(_group, [1], 0, [Some.Value(1), [], Some.Value(2)]);
        mls.WriteEpochKeyPairs(_group, [1], 1, [Some.Value(3)]);
        mls.WriteEpochKeyPairs(_group, [1, 0], 0, [Some.Value(4)]);
        mls.WriteEpochKeyPairs(_group, [], uint.MaxValue, []);

        Assert.Equal([Some.Value(1), [], Some.Value(2)], mls.ReadEpochKeyPairs(_group, [1], 0).Select(pair => pair.Span.ToArray()));
        Assert.Equal([Some.Value(3)], mls.ReadEpochKeyPairs(_group, [1], 1).Select(pair => pair.Span.ToArray()));
        Assert.Equal([Some.Value(4)], mls.ReadEpochKeyPairs(_group, [1, 0], 0).Select(pair => pair.Span.ToArray()));
        mls.DeleteEpochKeyPairs(_group, [1], 0);
        mls.DeleteEpochKeyPairs(_group, [1], 0);
        Assert.Empty(mls.ReadEpochKeyPairs(_group, [1], 0));
        Assert.Single(mls.ReadEpochKeyPairs(_group, [1], 1));
        Assert.Throws<ArgumentNullException>(() => mls.WriteEpochKeyPairs(_group, [1], 0, null!));
    }

    [Fact]
    public void Four_families_belong_to_nobody()
    {
        IMlsStorage mls = Open().Mls;
        byte[] key = [1, 2];
        Assert.True(mls.ReadSignatureKeyPair(key) is null && mls.ReadEncryptionKeyPair(key) is null && mls.ReadKeyPackage(key) is null && mls.ReadPsk(key) is null);

        mls.WriteSignatureKeyPair(key, Some.Value(1));
        mls.WriteEncryptionKeyPair(key, Some.Value(2));
        mls.WriteKeyPackage(key, Some.Value(3));
        mls.WriteKeyPackage([1], Some.Value(9));
        mls.WritePsk(key, Some.Value(4));
        mls.WritePsk(key, Some.Value(5));

        Assert.Equal(Some.Value(1), mls.ReadSignatureKeyPair(key)!.Span.ToArray());
        Assert.Equal(Some.Value(2), mls.ReadEncryptionKeyPair(key)!.Span.ToArray());
        Assert.Equal(Some.Value(3), mls.ReadKeyPackage(key)!.Span.ToArray());
        Assert.Equal(Some.Value(5), mls.ReadPsk(key)!.Span.ToArray());
        Assert.Equal([[1], key], mls.ListKeyPackageRefs());
        mls.DeleteAllForGroup(_group);
        Assert.NotNull(mls.ReadPsk(key));
        mls.DeleteSignatureKeyPair(key);
        mls.DeleteEncryptionKeyPair(key);
        mls.DeleteKeyPackage(key);
        mls.DeletePsk(key);
        mls.DeletePsk(key);
        Assert.True(mls.ReadSignatureKeyPair(key) is null && mls.ReadEncryptionKeyPair(key) is null && mls.ReadKeyPackage(key) is null && mls.ReadPsk(key) is null);
        Assert.Single(mls.ListKeyPackageRefs());
    }

    [Fact]
    public void Values_may_be_empty_or_large()
    {
        IMlsStorage mls = Open().Mls;
        mls.WriteGroupData(_group, MlsGroupDataKind.Tree, []);
        mls.WriteGroupData(_group, MlsGroupDataKind.Context, Some.Value(1, 10_000));
        mls.WritePsk([], []);

        Assert.Equal(0, mls.ReadGroupData(_group, MlsGroupDataKind.Tree)!.Length);
        Assert.Equal(Some.Value(1, 10_000), mls.ReadGroupData(_group, MlsGroupDataKind.Context)!.Span.ToArray());
        Assert.Equal(0, mls.ReadPsk([])!.Length);
    }

    [Fact]
    public void Everything_of_a_group_is_deleted_and_nothing_of_others()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        store.SaveExporterSecret(Some.Exporter(1, 1));
        foreach (int group in (int[])[1, 2])
        {
            MlsGroupId id = Some.GroupId(group);
            store.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, [1]);
            store.Mls.AppendOwnLeafNode(id, [2]);
            store.Mls.QueueProposal(id, [3], [4]);
            store.Mls.WriteEpochKeyPairs(id, [5], 6, [[7]]);
        }

        store.Mls.DeleteAllForGroup(_group);

        Assert.Null(store.Mls.ReadGroupData(_group, MlsGroupDataKind.Tree));
        Assert.Empty(store.Mls.ReadOwnLeafNodes(_group));
        Assert.Empty(store.Mls.ReadProposals(_group));
        Assert.Empty(store.Mls.ReadEpochKeyPairs(_group, [5], 6));
        Assert.NotNull(store.GetExporterSecret(_group, 1, ExporterLabel.GroupEvent));
        Assert.Equal(4, store.Usage.GroupMls.Entries);
        store.Mls.DeleteAllForGroup(Some.GroupId(2));
        Assert.Equal(new MlsFamilyUsage(0, 0), store.Usage.GroupMls);
    }

    [Fact]
    public void Values_written_before_the_group_record_are_kept_when_it_is_saved()
    {
        NostrMlsStore store = Open();
        store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, Some.Value(1));
        Assert.Null(store.FindGroup(_group));
        Assert.Empty(store.GetAllGroups());
        Unknown(store, () => store.SaveMessage(Some.Message(1, 1)));

        store.SaveGroup(Some.Group(1));

        Assert.Equal(Some.Value(1), store.Mls.ReadGroupData(_group, MlsGroupDataKind.Tree)!.Span.ToArray());
    }

    [Fact]
    public void The_generation_moves_with_the_mls_side_only()
    {
        NostrMlsStore store = Open();
        long last = store.Mls.WriteGeneration;
        store.SaveGroup(Some.Group(1));
        store.SaveMessage(Some.Message(1, 1));
        store.SaveExporterSecret(Some.Exporter(1, 1));
        store.CreateSnapshot(_group, "a");
        store.CreateSnapshot(_group, "b");
        Assert.Equal(last, store.Mls.WriteGeneration);

        Action[] changes =
        [
            () => store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, [1]), () => store.Mls.AppendOwnLeafNode(_group, [1]), () => store.Mls.QueueProposal(_group, [1], [1]),
            () => store.Mls.WriteEpochKeyPairs(_group, [1], 1, []), () => store.Mls.WriteSignatureKeyPair([1], [1]), () => store.Mls.WritePsk([1], [1]), () => store.Mls.DeletePsk([1]),
            () => store.Mls.RemoveProposal(_group, [1]), () => store.Mls.DeleteGroupData(_group, MlsGroupDataKind.Tree), () => store.RollbackToSnapshot(_group, "a"),
            () => store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, [1]), () => store.Mls.DeleteAllForGroup(_group), () => store.RollbackToSnapshot(_group, "b"),
            () => store.Mls.AppendOwnLeafNode(_group, [1]), () => store.DeleteGroup(_group), () => store.RestoreAll(store.CaptureAll()),
        ];
        foreach (Action change in changes)
        {
            change();
            Assert.True(store.Mls.WriteGeneration > last);
            last = store.Mls.WriteGeneration;
        }
    }
}
