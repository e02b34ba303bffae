using Larder.Tests.Contract;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>Many at once on a cache with lifetimes.</summary>
public abstract class PersistentCacheCrowds<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Ten_readers_read_a_hundred_times_each()
    {
        for (int i = 0; i < 100; i++)
        {
            Store.Set($"key{i}", i, _long);
        }

        await Crowd(10, _ =>
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.True(Store.TryGet($"key{i}", out int number));
                Assert.Equal(i, number);
            }
        });
    }

    [Fact]
    public async Task Fifty_writers_fifty_readers_and_twenty_deleters_get_along()
    {
        await Crowd(120, worker =>
        {
            for (int i = 0; i < 20; i++)
            {
                string key = $"key{i}";
                if (worker < 50)
                {
                    Store.Set(key, $"value{i}", _long);
                }
                else if (worker < 100)
                {
                    Assert.True(!Store.TryGet(key, out string? value) || value == $"value{i}");
                }
                else
                {
                    Store.Remove(key);
                }
            }
        });

        Assert.Equal(Store.Scan().Count(), Store.Count());
    }

    [Fact]
    public async Task A_hundred_times_a_hundred_additions_under_a_lock_make_ten_thousand()
    {
        // Each addition of a store that flushes every commit waits for the disk alone, because the lock lets nobody else in.
        int rounds = typeof(TSubject) == typeof(CommitSubject) && !RealFiles.IsSlow ? 10 : 100;
        Store.Set("total", 0, _long);

        await Soon(Task.WhenAll(Enumerable.Range(0, 100).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < rounds; i++)
            {
                await using KeyLock held = await Store.LockAsync("total");
                (_, int total) = await Store.TryGetAsync<int>("total");
                await Store.SetAsync("total", total + 1, _long);
            }
        }))));

        Assert.True(Store.TryGet("total", out int sum));
        Assert.Equal(100 * rounds, sum);
    }

    [Fact]
    public async Task Expiring_under_load_spoils_nothing()
    {
        using var done = new CancellationTokenSource();
        Task clock = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Advance(TimeSpan.FromMilliseconds(50));
            }
        });
        try
        {
            await Crowd(8, worker =>
            {
                for (int i = 0; i < 100; i++)
                {
                    Store.Set($"short{worker}:{i}", "v", TimeSpan.FromMilliseconds(i));
                    Store.Set($"long{worker}", $"{i}", TimeSpan.FromDays(36_500));
                    Assert.True(Store.TryGet($"long{worker}", out string? value));
                    Assert.Equal($"{i}", value);
                }
            });
        }
        finally
        {
            await done.CancelAsync();
            await Soon(clock);
        }

        Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(8, Store.Count());
    }

    /// <summary>Many at once, each with its own number.</summary>
    private static Task Crowd(int workers, Action<int> work) => Soon(Task.WhenAll(Enumerable.Range(0, workers).Select(worker =>
        Task.Factory.StartNew(() => work(worker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))));
}
