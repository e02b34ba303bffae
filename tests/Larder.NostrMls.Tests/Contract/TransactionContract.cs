using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class TransactionContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Calls_commit_together_and_others_see_nothing_before()
    {
        NostrMlsStore store = Open();
        store.RunInTransaction(handle =>
        {
            handle.SaveGroup(Some.Group(1));
            handle.SaveMessage(Some.Message(1, 1));
            handle.Mls.WriteGroupData(Some.GroupId(1), MlsGroupDataKind.Tree, Some.Value(1));
            Assert.NotNull(handle.FindMessage(Some.GroupId(1), Some.Event(1)));
            Assert.Equal(Some.Value(1), handle.Mls.ReadGroupData(Some.GroupId(1), MlsGroupDataKind.Tree)!.Span.ToArray());
            Assert.Equal(1, handle.Usage.Messages.Entries);
            Assert.Null(store.FindGroup(Some.GroupId(1)));   // by the store itself: the state before
        });

        Assert.NotNull(store.FindMessage(Some.GroupId(1), Some.Event(1)));
    }

    [Fact]
    public void Nothing_commits_when_the_action_throws()
    {
        List<MlsEviction> evictions = [];
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1, Evicted = evictions.Add });
        DeletionContract<TSubject>.Fill(store, 1);
        string before = Subject.DumpOf(store);

        Assert.Throws<TimeoutException>(() => store.RunInTransaction(handle =>
        {
            handle.SaveExporterSecret(Some.Exporter(1, 1, secret: 9));
            handle.RollbackToSnapshot(Some.GroupId(1), "a");
            handle.Mls.DeleteAllForGroup(Some.GroupId(1));
            handle.SaveGroup(Some.Group(2));
            handle.DeleteGroup(Some.GroupId(2));
            throw new TimeoutException();
        }));

        Assert.Equal(before, Subject.DumpOf(store));
        Assert.Empty(evictions);
    }

    [Fact]
    public void A_refused_call_inside_changes_nothing_and_the_action_may_go_on()
    {
        NostrMlsStore store = Open();
        store.RunInTransaction(handle =>
        {
            handle.SaveGroup(Some.Group(1));
            Assert.Throws<MlsStoreException>(() => handle.SaveGroup(Some.Group(2) with { NostrGroupId = Some.NostrId(1) }));
            Assert.Throws<MlsStoreException>(() => handle.SaveMessage(Some.Message(3, 1)));
            handle.SaveMessage(Some.Message(1, 1));
        });

        Assert.Single(store.GetAllGroups());
        Assert.Single(store.GetMessages(Some.GroupId(1)));
    }

    [Fact]
    public void What_is_made_and_undone_inside_leaves_nothing()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        string before = Subject.DumpOf(store);
        store.RunInTransaction(handle =>
        {
            handle.CreateSnapshot(Some.GroupId(1), "a");
            handle.SaveGroup(Some.Group(1, epoch: 9) with { ImageKey = Some.Secret(1) });
            handle.Mls.WriteGroupData(Some.GroupId(1), MlsGroupDataKind.Tree, [1]);
            handle.RollbackToSnapshot(Some.GroupId(1), "a");
        });

        Assert.Equal(before, Subject.DumpOf(store));
    }

    [Fact]
    public void The_store_itself_is_not_written_inside_and_the_handle_not_outside()
    {
        NostrMlsStore store = Open();
        IMlsOperations? kept = null;
        store.RunInTransaction(handle =>
        {
            kept = handle;
            Assert.Throws<InvalidOperationException>(() => store.SaveGroup(Some.Group(1)));
            Assert.Throws<InvalidOperationException>(() => store.RunInTransaction(_ => { }));
            Assert.Throws<InvalidOperationException>(() => ((IMlsProtocolStore)handle).RunInTransaction(_ => { }));
            Assert.Throws<InvalidOperationException>(store.Dispose);
            ((IDisposable)handle).Dispose();
            Exception? elsewhere = null;
            var thread = new Thread(() => elsewhere = Record.Exception(() => handle.GetAllGroups()));
            thread.Start();
            thread.Join();
            Assert.IsType<InvalidOperationException>(elsewhere);
            handle.SaveGroup(Some.Group(2));
        });

        Assert.Throws<InvalidOperationException>(() => kept!.SaveGroup(Some.Group(1)));
        Assert.Throws<InvalidOperationException>(() => kept!.GetAllGroups());
        Assert.Single(store.GetAllGroups());
        Assert.Throws<ArgumentNullException>(() => store.RunInTransaction(null!));
    }

    [Fact]
    public void A_transaction_may_change_more_than_a_batch_takes()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { MaxMessagesPerGroup = 70_000 });
        store.SaveGroup(Some.Group(1));
        store.RunInTransaction(handle =>
        {
            for (int i = 0; i < 66_000; i++)
            {
                handle.SaveProcessedMessage(Some.Processed(i));
            }
        });

        Assert.Equal(66_000, store.DeleteProcessedMessages(Some.GroupId(1)));
        Assert.NotNull(store.FindGroup(Some.GroupId(1)));
    }
}
