using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class SnapshotContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    private static readonly MlsGroupId _group = Some.GroupId(1);

    [Fact]
    public void A_rollback_restores_exactly_the_snapshot_set()
    {
        NostrMlsStore store = Filled();
        string before = SetOf(store);
        store.CreateSnapshot(_group, "before");
        Change(store);
        store.SaveMessage(Some.Message(1, 2));
        store.SaveProcessedMessage(Some.Processed(2));
        store.SaveWelcome(Some.Welcome(2, group: 1));
        store.Mls.WritePsk([1], Some.Value(2));
        Assert.NotEqual(before, SetOf(store));
        long generation = store.Mls.WriteGeneration;

        store.RollbackToSnapshot(_group, "before");

        Assert.Equal(before, SetOf(store));
        Assert.True(store.Mls.WriteGeneration > generation);
        Assert.NotNull(store.FindMessage(_group, Some.Event(2)));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(2)));
        Assert.NotNull(store.FindWelcome(Some.Event(2)));
        Assert.NotNull(store.Mls.ReadPsk([1]));
        Assert.Equal(1UL, store.FindGroup(_group)!.Epoch);
        Assert.Equal(1UL, store.FindGroup(Some.NostrId(1))!.Epoch);
        Assert.Null(store.FindGroup(Some.NostrId(11)));
        Refused(store, MlsStoreErrorKind.NotFound, "Snapshot not found", () => store.RollbackToSnapshot(_group, "before"));
    }

    [Fact]
    public void A_rollback_without_a_change_changes_nothing_but_the_snapshot()
    {
        NostrMlsStore store = Filled();
        string before = SetOf(store);
        store.CreateSnapshot(_group, "a");
        store.RollbackToSnapshot(_group, "a");
        Assert.Equal(before, SetOf(store));
        Assert.Empty(store.ListSnapshots(_group));
    }

    [Fact]
    public void Deleted_and_replaced_values_come_back_in_their_places()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        for (int i = 0; i < 4; i++)
        {
            store.Mls.QueueProposal(_group, [(byte)i], Some.Value(i));
            store.Mls.AppendOwnLeafNode(_group, Some.Value(10 + i));
        }

        store.CreateSnapshot(_group, "a");
        store.Mls.RemoveProposal(_group, [1]);
        store.Mls.QueueProposal(_group, [1], Some.Value(99));
        store.Mls.QueueProposal(_group, [0], Some.Value(98));
        store.Mls.DeleteOwnLeafNodes(_group);
        store.Mls.AppendOwnLeafNode(_group, Some.Value(50));
        Assert.Equal([0, 2, 3, 1], store.Mls.ReadProposalRefs(_group).Select(reference => (int)reference[0]));

        store.RollbackToSnapshot(_group, "a");

        Assert.Equal([0, 1, 2, 3], store.Mls.ReadProposalRefs(_group).Select(reference => (int)reference[0]));
        Assert.Equal(Enumerable.Range(0, 4).Select(i => Some.Value(i)), store.Mls.ReadProposals(_group).Select(proposal => proposal.Body.Span.ToArray()));
        Assert.Equal(Enumerable.Range(10, 4).Select(i => Some.Value(i)), store.Mls.ReadOwnLeafNodes(_group).Select(node => node.Span.ToArray()));
    }

    [Fact]
    public void Snapshots_are_independent_of_each_other()
    {
        NostrMlsStore store = Filled();
        string first = SetOf(store);
        store.CreateSnapshot(_group, "1");
        Change(store);
        string second = SetOf(store);
        store.CreateSnapshot(_group, "2");
        store.Mls.DeleteAllForGroup(_group);
        store.CreateSnapshot(_group, "3");
        store.SaveExporterSecret(Some.Exporter(1, 1, secret: 77));

        store.RollbackToSnapshot(_group, "1");
        Assert.Equal(first, SetOf(store));
        Assert.Equal(["2", "3"], store.ListSnapshots(_group).Select(snapshot => snapshot.Name));
        store.RollbackToSnapshot(_group, "2");
        Assert.Equal(second, SetOf(store));
        store.RollbackToSnapshot(_group, "3");
        Assert.Null(store.Mls.ReadGroupData(_group, MlsGroupDataKind.Tree));
        Assert.Equal(new MlsFamilyUsage(0, 0), store.Usage.Snapshots);
    }

    [Fact]
    public void What_two_snapshots_hold_survives_the_rollback_to_one()
    {
        NostrMlsStore store = Filled();
        string first = SetOf(store);
        store.CreateSnapshot(_group, "1");
        store.CreateSnapshot(_group, "2");
        Change(store);

        store.RollbackToSnapshot(_group, "1");
        Change(store);
        store.RollbackToSnapshot(_group, "2");

        Assert.Equal(first, SetOf(store));
    }

    [Fact]
    public void Other_groups_are_untouched()
    {
        NostrMlsStore store = Filled();
        store.SaveGroup(Some.Group(2));
        store.Mls.WriteGroupData(Some.GroupId(2), MlsGroupDataKind.Tree, Some.Value(1));
        store.CreateSnapshot(_group, "a");
        store.CreateSnapshot(Some.GroupId(2), "a");
        store.SaveGroup(Some.Group(2, epoch: 5));
        store.Mls.WriteGroupData(Some.GroupId(2), MlsGroupDataKind.Tree, Some.Value(2));

        store.RollbackToSnapshot(_group, "a");

        Assert.Equal(5UL, store.FindGroup(Some.GroupId(2))!.Epoch);
        Assert.Equal(Some.Value(2), store.Mls.ReadGroupData(Some.GroupId(2), MlsGroupDataKind.Tree)!.Span.ToArray());
        Assert.Single(store.ListSnapshots(Some.GroupId(2)));
    }

    [Fact]
    public void A_rollback_does_not_take_a_nostr_id_that_another_group_has_by_now()
    {
        NostrMlsStore store = Filled();
        store.CreateSnapshot(_group, "a");
        store.SaveGroup(Some.Group(1) with { NostrGroupId = Some.NostrId(9) });
        store.SaveGroup(Some.Group(2) with { NostrGroupId = Some.NostrId(1) });

        Invalid(store, "nostr_group_id already exists", () => store.RollbackToSnapshot(_group, "a"));
        Assert.Single(store.ListSnapshots(_group));

        store.DeleteGroup(Some.GroupId(2));
        store.RollbackToSnapshot(_group, "a");
        Assert.Equal(_group, store.FindGroup(Some.NostrId(1))!.MlsGroupId);
        Assert.Null(store.FindGroup(Some.NostrId(9)));
    }

    [Fact]
    public void A_rollback_restores_the_state_in_which_a_group_is_evicted()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1 });
        store.SaveGroup(Some.Group(1, GroupState.Pending));
        store.CreateSnapshot(_group, "a");
        store.SaveGroup(Some.Group(1, GroupState.Active));
        Refused(store, MlsStoreErrorKind.CapacityExceeded, "active", () => store.SaveGroup(Some.Group(2)));

        store.RollbackToSnapshot(_group, "a");
        store.SaveGroup(Some.Group(2));

        Assert.Null(store.FindGroup(_group));
    }

    [Fact]
    public void A_repeated_name_replaces()
    {
        NostrMlsStore store = Filled();
        store.CreateSnapshot(_group, "");
        Change(store);
        string second = SetOf(store);
        store.CreateSnapshot(_group, "");
        store.SaveExporterSecret(Some.Exporter(1, 9));

        Assert.Single(store.ListSnapshots(_group));
        store.RollbackToSnapshot(_group, "");
        Assert.Equal(second, SetOf(store));
    }

    [Fact]
    public void Unknown_groups_and_names_are_told_apart()
    {
        NostrMlsStore store = Open();
        Unknown(store, () => store.CreateSnapshot(_group, "a"));
        Refused(store, MlsStoreErrorKind.NotFound, "Snapshot not found", () => store.RollbackToSnapshot(_group, "a"));
        store.ReleaseSnapshot(_group, "a");
        Assert.Empty(store.ListSnapshots(_group));
        store.SaveGroup(Some.Group(1));
        Refused(store, MlsStoreErrorKind.NotFound, "Snapshot not found", () => store.RollbackToSnapshot(_group, "a"));
        Assert.Throws<ArgumentNullException>(() => store.CreateSnapshot(_group, null!));
        store.Mls.WriteGroupData(Some.GroupId(2), MlsGroupDataKind.Tree, [1]);
        Unknown(store, () => store.CreateSnapshot(Some.GroupId(2), "a"));   // MLS values alone are no group
    }

    [Fact]
    public void Releasing_is_idempotent_and_frees_what_only_it_held()
    {
        NostrMlsStore store = Filled();
        store.CreateSnapshot(_group, "a");
        Change(store);
        Assert.True(store.Usage.Snapshots.Bytes > 0);

        store.ReleaseSnapshot(_group, "a");
        store.ReleaseSnapshot(_group, "a");

        Assert.Equal(new MlsFamilyUsage(0, 0), store.Usage.Snapshots);
        Refused(store, MlsStoreErrorKind.NotFound, "Snapshot not found", () => store.RollbackToSnapshot(_group, "a"));
    }

    [Fact]
    public void Snapshots_are_listed_oldest_first_per_group()
    {
        NostrMlsStore store = Filled();
        store.SaveGroup(Some.Group(2));
        store.CreateSnapshot(_group, "b");
        store.CreateSnapshot(_group, "a");
        store.CreateSnapshot(Some.GroupId(2), "x");
        Clock.Advance(TimeSpan.FromSeconds(1));
        store.CreateSnapshot(_group, "c");

        UnixSeconds now = UnixSeconds.Now(Clock);
        UnixSeconds before = new(now.Value - 1);
        Assert.Equal([new SnapshotInfo("b", before), new SnapshotInfo("a", before), new SnapshotInfo("c", now)], store.ListSnapshots(_group));
        Assert.Single(store.ListSnapshots(Some.GroupId(2)));
    }

    [Fact]
    public void Pruning_drops_strictly_older_ones_of_all_groups()
    {
        NostrMlsStore store = Filled();
        store.SaveGroup(Some.Group(2));
        store.CreateSnapshot(_group, "old");
        store.CreateSnapshot(Some.GroupId(2), "old");
        Clock.Advance(TimeSpan.FromSeconds(10));
        store.CreateSnapshot(_group, "new");
        UnixSeconds now = UnixSeconds.Now(Clock);

        Assert.Equal(2, store.PruneSnapshots(now));
        Assert.Equal(0, store.PruneSnapshots(now));
        Assert.Equal("new", Assert.Single(store.ListSnapshots(_group)).Name);
        Assert.Empty(store.ListSnapshots(Some.GroupId(2)));
    }

    [Fact]
    public void Old_and_many_snapshots_go_when_another_is_created()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { MaxSnapshotsPerGroup = 2, SnapshotTtl = TimeSpan.FromSeconds(60) });
        store.SaveGroup(Some.Group(1));
        foreach (string name in (string[])["a", "b", "c"])
        {
            store.CreateSnapshot(_group, name);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["b", "c"], store.ListSnapshots(_group).Select(snapshot => snapshot.Name));
        Clock.Advance(TimeSpan.FromSeconds(58));   // b is 60 seconds old, which is not older
        store.CreateSnapshot(_group, "c");
        Assert.Equal(["b", "c"], store.ListSnapshots(_group).Select(snapshot => snapshot.Name));
        Clock.Advance(TimeSpan.FromSeconds(61));
        store.CreateSnapshot(_group, "d");
        Assert.Equal(["d"], store.ListSnapshots(_group).Select(snapshot => snapshot.Name));
    }

    private static string SetOf(NostrMlsStore store)
    {
        string dump = Subject.DumpOf(store);
        int start = dump.IndexOf($"group {_group.ToHex()}", StringComparison.Ordinal);
        IEnumerable<string> lines = dump[start..].Split('\n').Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal));
        return string.Join('\n', lines.Where(line => !line.StartsWith("  message", StringComparison.Ordinal) && !line.StartsWith("  snapshot", StringComparison.Ordinal) && !line.StartsWith("   ", StringComparison.Ordinal)));
    }

    private static void Change(NostrMlsStore store)
    {
        store.SaveGroup(Some.Group(1, epoch: 2) with { NostrGroupId = Some.NostrId(11), Name = "changed", ImageKey = Some.Secret(44) });
        store.ReplaceRelays(_group, [Some.Relay(8)]);
        store.SaveExporterSecret(Some.Exporter(1, 2));
        store.SaveExporterSecret(Some.Exporter(1, 1, ExporterLabel.EncryptedMedia, 55));
        store.PruneExporterSecrets(_group, 1);
        foreach (MlsGroupDataKind kind in Enum.GetValues<MlsGroupDataKind>())
        {
            store.Mls.WriteGroupData(_group, kind, Some.Value(100 + (int)kind));
        }

        store.Mls.DeleteGroupData(_group, MlsGroupDataKind.ConfirmationTag);
        store.Mls.AppendOwnLeafNode(_group, Some.Value(31));
        store.Mls.ClearProposals(_group);
        store.Mls.QueueProposal(_group, [9], Some.Value(32));
        store.Mls.WriteEpochKeyPairs(_group, [1], 0, [Some.Value(33)]);
        store.Mls.DeleteEpochKeyPairs(_group, [1], 1);
    }

    /// <summary>A group with something in every part of the snapshot set.</summary>
    private NostrMlsStore Filled()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1) with { ImageKey = Some.Secret(1), ImageNonce = Some.Secret(2, 12) });
        store.ReplaceRelays(_group, Some.Relays(3));
        foreach (ExporterLabel label in Enum.GetValues<ExporterLabel>())
        {
            store.SaveExporterSecret(Some.Exporter(1, 0, label));
            store.SaveExporterSecret(Some.Exporter(1, 1, label, 5));
        }

        foreach (MlsGroupDataKind kind in Enum.GetValues<MlsGroupDataKind>())
        {
            store.Mls.WriteGroupData(_group, kind, Some.Value((int)kind));
        }

        store.Mls.AppendOwnLeafNode(_group, Some.Value(21));
        store.Mls.QueueProposal(_group, [1], Some.Value(22));
        store.Mls.QueueProposal(_group, [2], Some.Value(23));
        store.Mls.WriteEpochKeyPairs(_group, [1], 0, [Some.Value(24), Some.Value(25)]);
        store.Mls.WriteEpochKeyPairs(_group, [1], 1, [Some.Value(26)]);
        store.SaveMessage(Some.Message(1, 1));
        Assert.Equal(7, StateOf(store).Listed(_group)!.Items.Ascending().Select(item => item.Key.Family).Distinct().Count());
        return store;
    }
}
