using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class EvictionContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Of_three_inactive_groups_two_fit()
    {
        List<MlsEviction> evictions = [];
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 2, Evicted = evictions.Add });
        for (int group = 1; group <= 3; group++)
        {
            store.SaveGroup(Some.Group(group, GroupState.Inactive));
        }

        Assert.Equal([Some.GroupId(2), Some.GroupId(3)], store.GetAllGroups().Select(group => group.MlsGroupId));
        Assert.Null(store.FindGroup(Some.NostrId(1)));
        Assert.Equal([new MlsEviction(MlsEvicted.Group, MlsEvictionReason.CacheSize, Some.GroupId(1), null)], evictions);
    }

    [Fact]
    public void A_group_takes_everything_along_but_processed_records()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1 });
        DeletionContract<TSubject>.Fill(store, 1);

        store.SaveGroup(Some.Group(2));

        Assert.Null(store.FindGroup(Some.GroupId(1)));
        Assert.Null(store.FindMessage(Some.GroupId(1), Some.Event(1)));
        Assert.Null(store.Mls.ReadGroupData(Some.GroupId(1), MlsGroupDataKind.Tree));
        Assert.Null(store.FindWelcome(Some.Event(1)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(1)));   // of an open invitation
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(11)));
        Assert.Equal(0, store.Usage.Snapshots.Entries);
        Unknown(store, () => store.GetMessages(Some.GroupId(1)));
    }

    [Fact]
    public void A_processed_record_of_a_finished_invitation_stays()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1 });
        store.SaveGroup(Some.Group(1, GroupState.Inactive));
        store.SaveWelcome(Some.Welcome(1, state: WelcomeState.Declined));
        store.SaveProcessedWelcome(Some.ProcessedWelcome(1));

        store.SaveGroup(Some.Group(2));

        Assert.Null(store.FindWelcome(Some.Event(1)));
        Assert.NotNull(store.FindProcessedWelcome(Some.Wrapper(1)));
    }

    [Fact]
    public void Inactive_groups_go_before_open_ones_and_active_ones_never()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 3 });
        store.SaveGroup(Some.Group(1, GroupState.Pending));
        store.SaveGroup(Some.Group(2, GroupState.Active));
        store.SaveGroup(Some.Group(3, GroupState.Inactive));

        store.SaveGroup(Some.Group(4));
        Assert.Equal([1, 2, 4], Left(store));
        store.SaveGroup(Some.Group(5));
        Assert.Equal([2, 4, 5], Left(store));
        Refused(store, MlsStoreErrorKind.CapacityExceeded, "active", () => store.SaveGroup(Some.Group(6)));
        Refused(store, MlsStoreErrorKind.CapacityExceeded, "active", () => store.SaveGroup(Some.Group(6, GroupState.Pending)));
        store.SaveGroup(Some.Group(5, epoch: 2));   // no newcomer
        store.DeleteGroup(Some.GroupId(2));
        store.SaveGroup(Some.Group(6));
        Assert.Equal([4, 5, 6], Left(store));
    }

    [Fact]
    public void Active_groups_go_when_the_options_say_so()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 2, OverflowPolicy = OverflowPolicy.EvictActive });
        store.SaveGroup(Some.Group(1));
        store.SaveGroup(Some.Group(2));
        store.GetMessages(Some.GroupId(1));

        store.SaveGroup(Some.Group(3));

        Assert.Equal([1, 3], Left(store));
    }

    [Fact]
    public void A_group_whose_nostr_id_is_taken_does_not_evict_its_owner()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1 });
        store.SaveGroup(Some.Group(1, GroupState.Inactive));
        Invalid(store, "nostr_group_id already exists", () => store.SaveGroup(Some.Group(2) with { NostrGroupId = Some.NostrId(1) }));
    }

    [Fact]
    public void Every_call_with_the_id_of_a_group_is_a_use()
    {
        MlsGroupId id = Some.GroupId(1);
        Action<IMlsOperations>[] uses =
        [
            s => s.SaveGroup(Some.Group(1, GroupState.Inactive)), s => s.FindGroup(id), s => s.FindGroup(Some.NostrId(1)), s => s.GetAdmins(id), s => s.GetRelays(id), s => s.ReplaceRelays(id, []),
            s => s.GetExporterSecret(id, 9, ExporterLabel.GroupEvent), s => s.PruneExporterSecrets(id, 9), s => s.FindMessage(id, Some.Event(99)), s => s.GetMessages(id), s => s.GetLastMessage(id),
            s => s.FindProcessedMessageByMessageId(id, Some.Event(99)), s => s.InvalidateMessagesAfterEpoch(id, 99), s => s.InvalidateProcessedMessagesAfterEpoch(id, 99), s => s.FindInvalidatedMessages(id),
            s => s.FindInvalidatedProcessedMessages(id), s => s.FindFailedMessagesForRetry(id), s => s.FindMessageEpochByTagContent(id, "x"), s => s.DeleteMessage(id, Some.Event(99)), s => s.DeleteMessages(id),
            s => s.DeleteMessagesBefore(id, default), s => s.DeleteProcessedMessages(id), s => s.CreateSnapshot(id, "new"), s => s.ReleaseSnapshot(id, "none"), s => s.RollbackToSnapshot(id, "a"),
            s => s.Mls.ReadGroupData(id, MlsGroupDataKind.Tree), s => s.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, [1]), s => s.Mls.ReadProposals(id), s => s.Mls.DeleteAllForGroup(id), s => s.Mls.AppendOwnLeafNode(id, []),
            s => s.Mls.ReadEpochKeyPairs(id, [], 0), s => s.Mls.DeleteEpochKeyPairs(id, [], 0),
        ];
        foreach (bool inTransaction in (bool[])[false, true])
        {
            foreach (Action<IMlsOperations> use in uses)
            {
                Assert.Equal([1, 3], LeftAfter(use, inTransaction));
            }
        }
    }

    [Fact]
    public void Lists_and_ids_in_other_records_are_no_use_and_neither_are_refused_calls()
    {
        MlsGroupId id = Some.GroupId(1);
        Action<IMlsOperations>[] others =
        [
            s => s.GetAllGroups(), s => s.GetGroupsNeedingSelfUpdate(0), s => s.ListSnapshots(id), s => s.PruneSnapshots(default), s => s.SaveMessage(Some.Message(1, 1)), s => s.SaveExporterSecret(Some.Exporter(1, 1)),
            s => s.SaveProcessedMessage(Some.Processed(1)), s => s.SaveWelcome(Some.Welcome(1)), s => s.CaptureAll().Dispose(),
            s => Assert.Throws<MlsStoreException>(() => s.GetMessages(id, new MessageQuery { Limit = 0 })), s => Assert.Throws<MlsStoreException>(() => s.ReplaceRelays(id, Some.Relays(101))),
            s => Assert.Throws<MlsStoreException>(() => s.RollbackToSnapshot(id, "none")), s => Assert.Throws<MlsStoreException>(() => s.SaveGroup(Some.Group(1) with { Name = new string('x', 300) })),
        ];
        foreach (bool inTransaction in (bool[])[false, true])
        {
            foreach (Action<IMlsOperations> other in others)
            {
                Assert.Equal([2, 3], LeftAfter(other, inTransaction));
            }
        }
    }

    [Fact]
    public void A_transaction_that_throws_is_no_use_and_one_that_commits_is()
    {
        foreach (bool throws in (bool[])[true, false])
        {
            NostrMlsStore store = TwoInactive();
            void Use(IMlsOperations handle)
            {
                handle.FindGroup(Some.GroupId(1));
                if (throws)
                {
                    throw new TimeoutException();
                }
            }

            if (throws)
            {
                Assert.Throws<TimeoutException>(() => store.RunInTransaction(Use));
            }
            else
            {
                store.RunInTransaction(Use);
            }

            store.SaveGroup(Some.Group(3, GroupState.Inactive));
            Assert.Equal(throws ? [2, 3] : [1, 3], Left(store));
        }
    }

    [Fact]
    public void A_transaction_evicts_by_its_own_uses()
    {
        NostrMlsStore store = TwoInactive();
        store.RunInTransaction(handle =>
        {
            handle.FindGroup(Some.GroupId(1));
            handle.SaveGroup(Some.Group(3, GroupState.Inactive));
        });

        Assert.Equal([1, 3], Left(store));
    }

    [Fact]
    public void A_callback_that_throws_or_calls_back_does_no_harm()
    {
        NostrMlsStore? store = null;
        int calls = 0;
        store = Open(new MlsStoreOptions
        {
            CacheSize = 1,
            Evicted = _ =>
            {
                calls++;
                store!.GetAllGroups();
                store.SaveProcessedMessage(Some.Processed(calls));
                throw new TimeoutException();
            },
        });
        store.SaveGroup(Some.Group(1, GroupState.Inactive));
        store.SaveGroup(Some.Group(2, GroupState.Inactive));

        Assert.Equal(1, calls);
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(1)));
        Assert.Equal([2], Left(store));
    }

    private int[] LeftAfter(Action<IMlsOperations> call, bool inTransaction)
    {
        using var store = new NostrMlsStore(2);   // recency is the same in both kinds, and is not kept in files
        Prepare(store);
        if (inTransaction)
        {
            store.RunInTransaction(call);
        }
        else
        {
            call(store);
        }

        store.SaveGroup(Some.Group(3, GroupState.Inactive));
        return Left(store);
    }

    private NostrMlsStore TwoInactive()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 2 });
        Prepare(store);
        return store;
    }

    private static void Prepare(NostrMlsStore store)
    {
        store.SaveGroup(Some.Group(1, GroupState.Inactive));
        store.CreateSnapshot(Some.GroupId(1), "a");
        store.SaveGroup(Some.Group(2, GroupState.Inactive));
    }

    private static int[] Left(NostrMlsStore store) => [.. store.GetAllGroups().Select(group => Enumerable.Range(1, 9).First(number => Some.GroupId(number) == group.MlsGroupId))];
}
