using Xunit;

namespace Larder.Tests.Caching;

/// <summary>Many threads at once: nothing torn, nothing missed that is there, never one entry too many.</summary>
public sealed class StressTests
{
    private static readonly int _milliseconds = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 60_000 : 1_500;

    [Fact]
    public void Wide_keys_and_values_are_never_torn()
    {
        using var cache = new Cache<Wide, Wide>(500);
        long hits = 0;
        Run(4, (thread, random) =>
        {
            var key = Wide.Of(random.Next(1500));
            if (thread < 2)
            {
                cache.Set(key, Wide.Of(random.NextInt64()));
                cache.Remove(Wide.Of(random.Next(1500)));
            }
            else if (cache.TryGet(key, out Wide value))
            {
                Assert.True(value.IsWhole, "a torn value");
                Interlocked.Increment(ref hits);
            }
        });

        Assert.True(hits > 0);
        cache.VerifyIntegrity();
        Figures.Print($"cache: {hits:N0} hits of 32-byte values under writers, none torn");
    }

    [Fact]
    public void The_bound_holds_at_every_moment_under_eight_writers()
    {
        using var cache = new Cache<int, int>(200);
        long walks = 0;
        Run(9, (thread, random) =>
        {
            if (thread == 8)
            {
                Assert.InRange(cache.VerifyIntegrity().Count, 0, 200);
                walks++;
                return;
            }

            int key = random.Next(1000);
            switch (random.Next(10))
            {
                case 0:
                    cache.Remove(key);
                    break;
                case 1:
                    cache.TryAdd(key, thread, TimeSpan.FromMilliseconds(random.Next(1, 200)));
                    break;
                default:
                    cache.Set(key, thread);
                    break;
            }
        });

        Assert.True(walks > 0);
        Figures.Print($"cache: {walks:N0} walks under 8 writers, never one entry over the bound");
    }

    [Fact]
    public void Resident_keys_are_never_missed_while_others_come_and_go()
    {
        // Half of the keys are set once and never evicted, because there is room for all; the others make segments split, entries move from the window
        // to the main queue, and slots be reused.
        const int Resident = 2_000;
        using var cache = new Cache<long, long>(1_000_000);
        for (int i = 0; i < Resident; i++)
        {
            cache.Set(i, i);
        }

        long found = 0;
        long next = Resident;
        Run(4, (thread, random) =>
        {
            if (thread < 2)
            {
                long key = Interlocked.Increment(ref next);
                if (key < 900_000)
                {
                    cache.Set(key, key);
                }

                cache.Remove(Resident + random.NextInt64(Math.Min(key, 900_000)));
                return;
            }

            long resident = random.Next(Resident);
            Assert.True(cache.TryGet(resident, out long value) && value == resident, $"{resident} was missed");
            Interlocked.Increment(ref found);
        });

        cache.VerifyIntegrity();
        Figures.Print($"cache: {found:N0} look-ups of resident keys under churn, none missed");
    }

    [Fact]
    public void Residents_are_not_missed_while_their_values_are_replaced()
    {
        using var cache = new Cache<string, Wide>(64);
        string[] keys = [.. Enumerable.Range(0, 8).Select(i => $"key {i}")];
        Array.ForEach(keys, key => cache.Set(key, Wide.Of(1)));
        Run(4, (thread, random) =>
        {
            string key = keys[random.Next(keys.Length)];
            if (thread < 2)
            {
                cache.Set(key, Wide.Of(random.NextInt64()), random.Next(2) == 0 ? default(Expiry) : TimeSpan.FromHours(random.Next(1, 5)));
            }
            else
            {
                Assert.True(cache.TryGet(key, out Wide value) && value.IsWhole);
            }
        });

        Assert.Equal(8, cache.VerifyIntegrity().Count);
    }

    [Fact]
    public void Clearing_with_a_callback_keeps_no_reader_waiting()
    {
        long told = 0;
        using var cache = new Cache<int, int>(new CacheOptions<int, int> { Capacity = 2000, Removed = (_, _, _) => Interlocked.Increment(ref told) });
        Run(4, (thread, random) =>
        {
            if (thread == 0)
            {
                for (int i = 0; i < 1000; i++)
                {
                    cache.Set(i, i);
                }

                cache.Clear();
            }
            else
            {
                int key = random.Next(1000);
                Assert.True(!cache.TryGet(key, out int value) || value == key);
            }
        });

        cache.Clear();
        Assert.True(told > 0);
        Assert.Equal(0, cache.VerifyIntegrity().Count);
    }

    [Fact]
    public void Everything_at_once_leaves_the_books_in_order()
    {
        using var cache = new Cache<int, string>(new CacheOptions<int, string> { Capacity = 300, SlidingExpiry = TimeSpan.FromMilliseconds(30) });
        Run(6, (_, random) =>
        {
            int key = random.Next(600);
            switch (random.Next(40))
            {
                case 0:
                    cache.Capacity = random.Next(1, 400);
                    break;
                case 1:
                    cache.Clear();
                    break;
                case < 6:
                    cache.Remove(key);
                    break;
                case < 10:
                    cache.TryAdd(key, $"{key}", TimeSpan.FromMilliseconds(random.Next(100)));
                    break;
                case < 14:
                    Assert.Equal($"{key}", cache.GetOrAdd(key, static key => $"{key}"));
                    break;
                case < 22:
                    cache.Set(key, $"{key}");
                    break;
                default:
                    Assert.True(!cache.TryGet(key, out string? value) || value == $"{key}");
                    break;
            }
        });

        cache.Capacity = 300;
        cache.VerifyIntegrity();
    }

    private static void Run(int threads, Action<int, Random> turn)
    {
        long end = Environment.TickCount64 + _milliseconds;
        Exception? failure = null;
        Thread[] crew = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            var random = new Random(number);
            try
            {
                while (Volatile.Read(ref failure) is null && Environment.TickCount64 < end)
                {
                    for (int i = 0; i < 20; i++)
                    {
                        turn(number, random);
                    }
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, error, null);
            }
        }))];
        Array.ForEach(crew, thread => thread.Start());
        Array.ForEach(crew, thread => thread.Join());
        Assert.Null(failure);
    }

    private readonly record struct Wide(long A, long B, long C, long D)
    {
        public bool IsWhole => A == B && B == C && C == D;

        public static Wide Of(long value) => new(value, value, value, value);
    }
}
