using System.Text;
using Larder.NostrMls.Durability;
using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Contract;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Durability;

/// <summary>
/// What the files hold. Over a store without encryption, so that the sealed form of a secret can be searched for; plain secrets must not be there at any time.
/// </summary>
public sealed class FilesTests : IDisposable
{
    private static readonly MlsGroupId _group = Some.GroupId(1);
    private static readonly byte[] _secret = Encoding.ASCII.GetBytes("nobody-may-read-this-in-any-file");

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();

    private string Path => _directory.Under("store");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_deleted_secret_leaves_no_trace_when_the_call_returns()
    {
        Action<NostrMlsStore>[] ends =
        [
            store => store.PruneExporterSecrets(_group, 9), store => store.Mls.DeleteGroupData(_group, MlsGroupDataKind.GroupEpochSecrets), store => store.Mls.DeleteAllForGroup(_group),
            store => store.DeleteGroup(_group), store => store.Mls.DeletePsk([1]),
        ];
        foreach (Action<NostrMlsStore> end in ends)
        {
            using NostrMlsStore store = Open(out Store below, new MlsStoreOptions());
            string[] before = Fill(store, below);
            Assert.All(before, sealedHex => Assert.True(IsInFiles(Convert.FromHexString(sealedHex))));

            end(store);

            string[] after = Sealed(below);
            Assert.NotEqual(before.Length, after.Length);
            Assert.All(before.Except(after), gone => Assert.False(IsInFiles(Convert.FromHexString(gone)), "a file still holds a deleted secret in its sealed form"));
            Assert.False(IsInFiles(_secret));
            store.DeleteGroup(_group);
            store.Mls.DeletePsk([1]);
        }
    }

    [Fact]
    public void A_replaced_secret_leaves_no_trace_after_the_time_set_or_when_asked()
    {
        using NostrMlsStore store = Open(out Store below, new MlsStoreOptions { EraseReplacedWithin = TimeSpan.FromSeconds(30) });
        byte[] first = Convert.FromHexString(Fill(store, below)[0]);
        store.Mls.WritePsk([1], _secret);
        string[] before = Sealed(below);
        store.Mls.WritePsk([1], [0]);
        byte[] gone = Convert.FromHexString(Assert.Single(before.Except(Sealed(below))));
        Assert.True(IsInFiles(gone));   // not yet

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.True(IsInFiles(gone));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(IsInFiles(gone));

        before = Sealed(below);
        store.Mls.WritePsk([1], _secret);
        gone = Convert.FromHexString(Assert.Single(before.Except(Sealed(below))));
        Assert.True(IsInFiles(gone));
        store.Erase();
        Assert.False(IsInFiles(gone));
        Assert.True(IsInFiles(first));
        Assert.False(below.TryGet(RecordNames.ErasureIsDue, out _));
    }

    [Fact]
    public void A_crash_before_the_erasure_is_made_good_at_the_next_opening()
    {
        using NostrMlsStore store = Open(out Store below, new MlsStoreOptions { EraseDeletedWithin = Timeout.InfiniteTimeSpan });
        string[] before = Fill(store, below);
        store.PruneExporterSecrets(_group, 9);
        byte[] gone = Convert.FromHexString(Assert.Single(before.Except(Sealed(below))));
        string copy = CopyOf(Path);
        Assert.True(IsInFiles(gone, copy));

        using NostrMlsStore reopened = Open(out _, new MlsStoreOptions(), copy);

        Assert.False(IsInFiles(gone, copy));
        Assert.Null(reopened.GetExporterSecret(_group, 1, ExporterLabel.GroupEvent));
        Assert.NotNull(reopened.Mls.ReadGroupData(_group, MlsGroupDataKind.GroupEpochSecrets));
    }

    [Fact]
    public void Closing_erases_what_is_due()
    {
        byte[] gone;
        using (NostrMlsStore store = Open(out Store below, new MlsStoreOptions { EraseDeletedWithin = Timeout.InfiniteTimeSpan }))
        {
            string[] before = Fill(store, below);
            store.Mls.DeletePsk([1]);
            gone = Convert.FromHexString(Assert.Single(before.Except(Sealed(below))));
            Assert.True(IsInFiles(gone));
        }

        Assert.False(IsInFiles(gone));
    }

    [Fact]
    public void Every_acknowledged_call_survives_a_crash()
    {
        using NostrMlsStore store = Open(out _, new MlsStoreOptions());
        for (int i = 0; i < 10; i++)
        {
            store.SaveGroup(Some.Group(1, epoch: (ulong)i) with { ImageKey = Some.Secret(i) });
            store.SaveMessage(Some.Message(1, i));
            store.CreateSnapshot(_group, $"{i % 3}");
            store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, Some.Value(i));
            using NostrMlsStore copy = Open(out _, new MlsStoreOptions(), CopyOf(Path));
            Assert.Equal(Dump.Of(store.Core.State), Dump.Of(copy.Core.State));
            Integrity.Verify(copy.Core.State, copy.Options);
        }
    }

    [Fact]
    public async Task What_an_operation_logs_does_not_grow_with_the_group()
    {
        using NostrMlsStore store = Open(out Store below, new MlsStoreOptions { EraseDeletedWithin = Timeout.InfiniteTimeSpan, EraseReplacedWithin = Timeout.InfiniteTimeSpan });
        await using IAsyncEnumerator<Change> changes = below.Watch().GetAsyncEnumerator();
        store.SaveGroup(Some.Group(1));
        (string Name, Action Act)[] operations =
        [
            ("message", () => store.SaveMessage(Some.Message(1, 100_000, createdAt: 50))), ("group", () => store.SaveGroup(Some.Group(1))), ("value", () => store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, Some.Value(1))),
            ("secret", () => store.SaveExporterSecret(Some.Exporter(1, 100_000))), ("snapshot", () => store.CreateSnapshot(_group, "a")), ("change after a snapshot", () => store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, Some.Value(2))),
            ("rollback", () => store.RollbackToSnapshot(_group, "a")), ("read", () => store.GetMessages(_group)), ("delete", () => store.DeleteMessage(_group, Some.Event(100_000))),
        ];
        store.SaveMessage(Some.Message(1, 0));
        await Measure();   // from now on everything replaces something
        long[] small = await Measure();
        store.RunInTransaction(handle =>
        {
            for (int i = 0; i < 2000; i++)
            {
                handle.SaveMessage(Some.Message(1, i, createdAt: (ulong)i));
                handle.Mls.WriteEpochKeyPairs(_group, Some.Value(i), (uint)i, [Some.Value(i, 100)]);
            }
        });
        long[] large = await Measure();

        Assert.All(small.Zip(large), pair => Assert.InRange(pair.Second, pair.First - 8, pair.First + 8));   // a number may take a byte more
        Assert.Equal(0, large[7]);
        Figures.Print($"Nostr MLS bytes logged with 2,000 messages and 2,000 MLS values: {string.Join(", ", operations.Zip(large, (operation, bytes) => $"{operation.Name} {bytes}"))}");

        async Task<long[]> Measure()
        {
            var sizes = new List<long>();
            await Marked("begin");
            foreach ((_, Action act) in operations)
            {
                act();
                sizes.Add(await Marked("end"));
            }

            return [.. sizes];
        }

        async Task<long> Marked(string name)
        {
            below.Set("mark", name);
            long bytes = 0;
            while (await changes.MoveNextAsync() && changes.Current.Key != "mark")
            {
                bytes += changes.Current.Utf8Key.Length + changes.Current.Value.Length;
            }

            below.Remove("mark");
            Assert.True(await changes.MoveNextAsync());
            return bytes;
        }
    }

    [Fact]
    public void What_a_failed_rewriting_left_does_not_count()
    {
        using (NostrMlsStore store = Open(out Store below, new MlsStoreOptions()))
        {
            store.SaveGroup(Some.Group(1));
            using MlsCapture capture = store.CaptureAll();
            store.SaveGroup(Some.Group(2));
            store.RestoreAll(capture);
            below.Set(RecordNames.Of(3, new RecordKey(RecordFamily.Item, 9)), "half of it"u8);   // of the next generation
            below.Set(RecordNames.Of(1, new RecordKey(RecordFamily.Item, 9)), "of the past"u8);
        }

        using NostrMlsStore reopened = Open(out Store again, new MlsStoreOptions());
        Assert.Single(reopened.GetAllGroups());
        Assert.DoesNotContain(again.Scan(), entry => entry.Key.StartsWith(RecordNames.Prefix(3), StringComparison.Ordinal) || entry.Key.StartsWith(RecordNames.Prefix(1), StringComparison.Ordinal));
    }

    [Fact]
    public void Another_key_a_second_owner_and_foreign_records_are_refused()
    {
        string path = _directory.Under("encrypted");
        using (NostrMlsStore store = NostrMlsStore.Open(path, DurableSubject.Key))
        {
            store.SaveGroup(Some.Group(1));
            Assert.Equal(StoreBackend.Larder, store.Backend);
            Assert.True(store.Backend.IsPersistent());
            Refused<StoreInUseException>(() => NostrMlsStore.Open(path, DurableSubject.Key));
        }

        Refused<StoreKeyException>(() => NostrMlsStore.Open(path, new byte[32]));
        Assert.Throws<ArgumentException>(() => NostrMlsStore.Open(path, new byte[31]));
        Assert.Throws<ArgumentException>(() => NostrMlsStore.Open(" ", new byte[32]));
        using (NostrMlsStore store = NostrMlsStore.Open(path, DurableSubject.Key))
        {
            Assert.Single(store.GetAllGroups());
        }

        using (var other = Store.Open(_directory.Under("other")))
        {
            other.Set("something", "else");
        }

        Assert.Equal(MlsStoreErrorKind.Deserialization, Assert.Throws<MlsStoreException>(() => Open(out _, new MlsStoreOptions(), _directory.Under("other"))).Kind);
        using (NostrMlsStore store = Open(out Store below, new MlsStoreOptions()))
        {
            store.SaveGroup(Some.Group(1));
            string name = below.Scan(RecordNames.Prefix(1)).First().Key;
            below.Set(name, new byte[40]);   // forged
        }

        Assert.Equal(MlsStoreErrorKind.Deserialization, Assert.Throws<MlsStoreException>(() => Open(out _, new MlsStoreOptions())).Kind);
    }

    [Fact]
    public async Task Writers_that_wait_for_each_other_share_a_batch_and_a_refused_one_harms_nobody()
    {
        using NostrMlsStore store = Open(out Store below, new MlsStoreOptions());
        store.SaveGroup(Some.Group(1));

        Task[] writers = await Queued(store, 8, i => store.SaveMessage(Some.Message(i == 5 ? 9 : 1, i)));

        Assert.Equal(MlsStoreErrorKind.InvalidParameters, (await Assert.ThrowsAsync<MlsStoreException>(() => writers[5])).Kind);
        await Task.WhenAll(writers.Where(writer => writer != writers[5]));
        Entry[] written = [.. below.Scan().Where(entry => entry.Key.Contains("/m/", StringComparison.Ordinal))];
        Assert.Equal(7, written.Length);
        Assert.Single(written.Select(entry => entry.Version).Distinct());   // of one batch
        Assert.Equal(7, store.GetMessages(_group).Count);
        Integrity.Verify(store.Core.State, store.Options);
    }

    [Fact]
    public async Task Writers_that_share_a_batch_which_fails_have_all_changed_nothing()
    {
        NostrMlsStore store = Open(out Store below, new MlsStoreOptions());
        store.SaveGroup(Some.Group(1));
        string before = Dump.Of(store.Core.State);

        Task[] writers = await Queued(store, 3, i => store.SaveExporterSecret(Some.Exporter(1, (ulong)i)), below.Dispose);

        foreach (Task writer in writers)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => writer);
        }

        Assert.Equal(before, Dump.Of(store.Core.State));
        store.Dispose();
    }

    [Fact]
    public async Task Writers_that_wait_while_the_store_is_closed_all_come_back()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = _directory.Under($"closed {round}");
            NostrMlsStore store = Open(out _, new MlsStoreOptions(), path);
            store.SaveGroup(Some.Group(1));
            Task closing = Task.CompletedTask;

            Task[] writers = await Queued(store, 6, i => store.SaveMessage(Some.Message(1, i)), () => closing = Task.Run(store.Dispose));

            int done = 0;
            foreach (Task writer in writers)
            {
                done += await Record.ExceptionAsync(() => writer.WaitAsync(TimeSpan.FromMinutes(2))) switch
                {
                    null => 1,
                    ObjectDisposedException => 0,
                    Exception other => throw other,
                };
            }

            await closing;
            using NostrMlsStore reopened = Open(out _, new MlsStoreOptions(), path);
            Assert.Equal(done, reopened.GetMessages(_group).Count);
        }
    }

    [Fact]
    public void A_store_below_that_fails_refuses_and_changes_nothing()
    {
        NostrMlsStore store = Open(out Store below, new MlsStoreOptions());
        store.SaveGroup(Some.Group(1));
        string before = Dump.Of(store.Core.State);
        below.Dispose();

        Assert.ThrowsAny<Exception>(() => store.SaveGroup(Some.Group(2)));

        Assert.Equal(before, Dump.Of(store.Core.State));
        store.Dispose();
        using NostrMlsStore reopened = Open(out _, new MlsStoreOptions());
        Assert.Equal(before, Dump.Of(reopened.Core.State));
    }

    /// <summary>Writers that all wait while a transaction has the gate, and go when it ends.</summary>
    private static async Task<Task[]> Queued(NostrMlsStore store, int count, Action<int> write, Action? atTheEnd = null)
    {
        using var begun = new ManualResetEventSlim();
        Task[] writers = [];
        Task transaction = Task.Factory.StartNew(
            () => store.RunInTransaction(_ =>
            {
                begun.Set();
                Assert.True(SpinWait.SpinUntil(() => store.Core.Queued == count, TimeSpan.FromMinutes(2)));
                atTheEnd?.Invoke();
            }),
            TaskCreationOptions.LongRunning);
        begun.Wait();
        writers = [.. Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(() => write(i), TaskCreationOptions.LongRunning))];
        await transaction;
        return writers;
    }

    private NostrMlsStore Open(out Store below, MlsStoreOptions options, string? path = null)
    {
        options.TimeProvider = _clock;
        options = options.Validated();
        below = Store.Open(path ?? Path, StoreJournal.StoreOptions(options, null));
        var clock = new UseClock();
        StoreJournal journal = StoreJournal.Open(below, DurableSubject.Key, options, clock, out StoreState state);
        return new NostrMlsStore(new Calls(new Core(options, state, clock, journal), null));
    }

    /// <summary>Puts the secret everywhere. Returns the sealed records.</summary>
    private static string[] Fill(NostrMlsStore store, Store below)
    {
        using var secret = new SecretBytes(_secret);
        store.SaveGroup(Some.Group(1) with { ImageKey = secret });
        store.SaveExporterSecret(Some.Exporter(1, 1) with { Secret = secret });
        store.Mls.WriteGroupData(_group, MlsGroupDataKind.GroupEpochSecrets, _secret);
        store.Mls.WritePsk([1], _secret);
        return Sealed(below);
    }

    private static string[] Sealed(Store below) => [.. below.Scan("0").Where(entry => entry.Key.Contains("/i/", StringComparison.Ordinal)).Select(entry => Convert.ToHexString(entry.Value.Span))];

    private bool IsInFiles(byte[] bytes, string? path = null) => Directory.EnumerateFiles(path ?? Path).Any(file => Read(file).AsSpan().IndexOf(bytes) >= 0);

    private string CopyOf(string path)
    {
        string copy = _directory.Under($"copy {Guid.NewGuid():N}");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.EnumerateFiles(path))
        {
            File.WriteAllBytes(System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)), Read(file));
        }

        return copy;
    }

    private static byte[] Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (IOException)
        {
            return [];   // its owner holds the lock file, which has no room for records
        }
    }

    private static void Refused<TInner>(Action open) => Assert.IsType<TInner>(Assert.Throws<MlsStoreException>(open).InnerException);
}
