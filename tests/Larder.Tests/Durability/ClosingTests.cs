using Xunit;

namespace Larder.Tests.Durability;

/// <summary>Writes that are under way when the store closes, when their caller gives up, or when a thread is interrupted.</summary>
[Collection(nameof(RealFiles))]
public sealed class ClosingTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(DurabilityMode.Commit, false)]
    [InlineData(DurabilityMode.Commit, true)]
    [InlineData(DurabilityMode.Interval, false)]
    [InlineData(DurabilityMode.Snapshot, true)]
    public async Task Closing_with_a_thousand_commits_under_way_ends_each_of_them(DurabilityMode mode, bool asynchronously)
    {
        const int Writes = 1000;
        var options = new StoreOptions { Path = _scratch.Under("store"), Durability = mode };
        Store store = Store.Open(options);
        Task<long>[] writes = [.. Enumerable.Range(0, Writes).Select(number => store.SetAsync($"key{number}", new byte[number]).AsTask())];
        if (asynchronously)
        {
            await store.DisposeAsync().AsTask().WaitAsync(_patience);
        }
        else
        {
            await Task.Run(store.Dispose).WaitAsync(_patience);
        }

        await Task.WhenAll(writes.Select(write => Record.ExceptionAsync(() => write.WaitAsync(_patience))));

        Task<long>[] failed = [.. writes.Where(write => !write.IsCompletedSuccessfully)];
        Assert.All(failed, write => Assert.IsType<ObjectDisposedException>(write.Exception?.InnerException));
        using Store reopened = Store.Open(options);
        for (int number = 0; number < Writes; number++)
        {
            bool isThere = reopened.TryGet($"key{number}", out Entry entry);
            Assert.Equal(writes[number].IsCompletedSuccessfully, isThere);
            Assert.True(!isThere || (entry.Version == await writes[number] && entry.Value.Length == number));
        }
    }

    [Fact]
    public async Task A_cancelled_write_has_no_effect_or_takes_place_whole()
    {
        const int Writes = 2000;
        var options = new StoreOptions { Path = _scratch.Under("store") };
        var outcomes = new Task<long>[Writes];
        using (Store store = Store.Open(options))
        {
            using var early = new CancellationTokenSource();
            await early.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.SetAsync("early", new byte[1], cancellationToken: early.Token));
            Assert.Equal((0, false), (store.Statistics.LastSequence, store.Exists("early")));

            for (int number = 0; number < Writes; number++)
            {
                using var late = new CancellationTokenSource();
                outcomes[number] = store.SetAsync($"key{number}", new byte[number % 50], cancellationToken: late.Token).AsTask();
                Thread.SpinWait(number % 97 * 20);
                await late.CancelAsync();
            }

            await Task.WhenAll(outcomes.Select(outcome => Record.ExceptionAsync(() => outcome.WaitAsync(_patience))));
            Assert.All(outcomes.Where(outcome => !outcome.IsCompletedSuccessfully), outcome => Assert.True(outcome.IsCanceled));
            Assert.All(Acknowledged(), number => Assert.True(store.Exists($"key{number}")));
            Assert.Null(store.Statistics.Fault);
            store.Set("after", "value"u8);
        }

        using Store reopened = Store.Open(options);
        Assert.All(Acknowledged(), number => Assert.True(reopened.Exists($"key{number}")));
        Assert.All(reopened.Scan("key"), entry => Assert.Equal(int.Parse(entry.Key[3..]) % 50, entry.Value.Length));
        Assert.True(reopened.Exists("after"));

        IEnumerable<int> Acknowledged() => Enumerable.Range(0, Writes).Where(number => outcomes[number].IsCompletedSuccessfully);
    }

    [Fact]
    public void An_interrupted_writer_leaves_a_store_that_goes_on()
    {
        const int Writers = 4;
        const int Each = 400;
        var options = new StoreOptions { Path = _scratch.Under("store") };
        bool[][] acknowledged = [.. Enumerable.Range(0, Writers).Select(_ => new bool[Each])];
        int interrupted = 0;
        using (Store store = Store.Open(options))
        {
            Thread[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new Thread(() => Write(store, writer)))];
            Array.ForEach(writers, thread => thread.Start());
            var random = new Random(7);
            while (Array.Exists(writers, thread => thread.IsAlive))
            {
                writers[random.Next(Writers)].Interrupt();
                Thread.SpinWait(random.Next(20_000));
            }

            Array.ForEach(writers, thread => thread.Join());
            Assert.Null(store.Statistics.Fault);
            store.VerifyIntegrity();
            Expect(store);
        }

        using Store reopened = Store.Open(options);
        Expect(reopened);
        Figures.Print($"interrupted writers: {Writers * Each} writes, {interrupted} interrupted, lost 0");

        void Write(Store store, int writer)
        {
            for (int number = 0; number < Each;)
            {
                try
                {
                    store.Set($"{writer}/{number}", [(byte)number]);
                    acknowledged[writer][number] = true;
                    number++;
                }
                catch (ThreadInterruptedException)
                {
                    Interlocked.Increment(ref interrupted);
                    number += Random.Shared.Next(2);   // some are tried again, some are left in doubt
                }
            }
        }

        void Expect(Store store)
        {
            for (int writer = 0; writer < Writers; writer++)
            {
                for (int number = 0; number < Each; number++)
                {
                    Assert.True(!acknowledged[writer][number] || store.Exists($"{writer}/{number}"), $"{writer}/{number} was acknowledged and is not there");
                }
            }
        }
    }

    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public void A_closed_store_comes_back_as_it_was(DurabilityMode mode)
    {
        var options = new StoreOptions { Path = _scratch.Under("store"), Durability = mode, VersionsToKeep = 3 };
        for (int opening = 0; opening < 5; opening++)
        {
            using Store store = Store.Open(options);
            Assert.Equal(opening, store.Count("kept"));
            store.Set($"kept{opening}", "value"u8);
            Assert.Equal(opening + 1, store.Increment("openings"));
            Assert.Equal(Math.Min(3, opening + 1), store.History("openings").Count);
        }
    }
}
