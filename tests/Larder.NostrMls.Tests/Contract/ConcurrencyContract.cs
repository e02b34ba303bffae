using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class ConcurrencyContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public async Task Readers_see_whole_versions_while_writers_go_on()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { EraseDeletedWithin = Timeout.InfiniteTimeSpan, EraseReplacedWithin = Timeout.InfiniteTimeSpan });
        MlsGroupId group = Some.GroupId(1);
        void Write(int version) => store.RunInTransaction(handle =>
        {
            handle.SaveGroup(Some.Group(1, epoch: (ulong)version) with { NostrGroupId = Some.NostrId(version % 2), Name = $"{version}", ImageKey = Some.Secret(version) });
            handle.Mls.WriteGroupData(group, MlsGroupDataKind.Tree, Some.Value(version, 500));
            handle.SaveMessage(Some.Message(1, version % 3, createdAt: (ulong)version, content: $"{version}"));
        });

        Write(1);
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int version = 2; version < 300; version++)
            {
                Write(version);
            }

            stop.Cancel();
        });
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using Group found = store.FindGroup(group)!;
                int version = int.Parse(found.Name, System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal((ulong)version, found.Epoch);
                Assert.Equal(Some.NostrId(version % 2), found.NostrGroupId);
                Assert.Equal(Some.Secret(version), found.ImageKey);
                using SecretBytes tree = store.Mls.ReadGroupData(group, MlsGroupDataKind.Tree)!;
                Assert.Equal(Enumerable.Range(0, 500).Select(i => (byte)(tree.Span[0] + i)), tree.Span.ToArray());
                Message last = store.GetLastMessage(group)!;
                Assert.Equal($"{last.CreatedAt.Value}", last.Content);
                Assert.True(last.CreatedAt.Value >= (ulong)version);   // read later, so no older
            }
        }))];
        await Task.WhenAll([writer, .. readers]);
    }

    /// <summary>Whether a Nostr id is free, and whether there is room, is asked at the moment of the effect.</summary>
    [Fact]
    public async Task Of_many_that_claim_one_nostr_id_or_the_last_place_at_once_one_has_it()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 10 });
        for (int round = 0; round < 10; round++)
        {
            using var line = new Barrier(4);
            int nostrId = 100 + round;
            bool[] took = await Task.WhenAll(Enumerable.Range(0, 4).Select(claimant => Task.Factory.StartNew(
                () =>
                {
                    line.SignalAndWait();
                    return Took(() => store.SaveGroup(Some.Group((10 * round) + claimant) with { NostrGroupId = Some.NostrId(nostrId) }));
                },
                TaskCreationOptions.LongRunning)));

            Assert.Single(took, true);
            Assert.Equal(round + 1, store.GetAllGroups().Count);
            Assert.Equal(Some.GroupId((10 * round) + Array.IndexOf(took, true)), store.FindGroup(Some.NostrId(nostrId))!.MlsGroupId);
        }

        store.DeleteGroup(store.GetAllGroups()[0].MlsGroupId);
        bool[] placed = await Task.WhenAll(Enumerable.Range(0, 4).Select(claimant => Task.Factory.StartNew(() => Took(() => store.SaveGroup(Some.Group(200 + claimant))), TaskCreationOptions.LongRunning)));
        Assert.Single(placed, true);
        Assert.Equal(10, store.GetAllGroups().Count);

        static bool Took(Action claim)
        {
            try
            {
                claim();
                return true;
            }
            catch (MlsStoreException refused) when (refused.Kind is MlsStoreErrorKind.InvalidParameters or MlsStoreErrorKind.CapacityExceeded)
            {
                return false;
            }
        }
    }
}
