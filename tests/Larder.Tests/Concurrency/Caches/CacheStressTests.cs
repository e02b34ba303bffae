using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>Everything at once on a small cache, with more threads than cores, while somebody who takes no part counts what is in it.</summary>
[Collection(nameof(Concurrency))]
public sealed class CacheStressTests
{
    private const int Writers = 8;
    private const int Keys = 400;

    private static int CallsEach => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 2_000_000 : 40_000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void A_cache_of_so_many_entries_stays_whole_and_never_has_one_more(int capacity) =>
        Stress(new CacheOptions<string, Item> { Capacity = capacity }, capacity);

    [Theory]
    [InlineData(40)]
    [InlineData(3_000)]
    public void A_cache_of_such_a_weight_stays_whole_and_is_never_heavier(long maxWeight) =>
        Stress(new CacheOptions<string, Item> { MaxWeight = maxWeight, Weigher = static (_, item) => item.Number % 50 }, maxWeight);

    [Fact]
    public void A_capacity_that_changes_under_eight_writers_holds_from_the_moment_it_is_set()
    {
        using var cache = new Cache<int, int>(500);
        int least = 0;

        Together.Run(
            Writers,
            _ =>
            {
                for (int i = 0; i < CallsEach / 4; i++)
                {
                    cache.Set(Perturbation.Next(5_000), i);
                }
            },
            1,
            _ =>
            {
                foreach (int capacity in (int[])[500, 20, 300, 1, 100])
                {
                    cache.Capacity = capacity;
                    for (int i = 0; i < 20; i++)
                    {
                        Assert.InRange(cache.VerifyIntegrity().Count, least, capacity);
                        Assert.InRange(cache.Count, least, capacity);
                    }
                }
            });

        cache.VerifyIntegrity();
    }

    private static void Stress(CacheOptions<string, Item> options, long bound)
    {
        var clock = new ManualTimeProvider();
        var left = new ConcurrentDictionary<Item, RemovalReason>(ReferenceEqualityComparer.Instance);
        var twice = new ConcurrentQueue<Item>();
        var written = new ConcurrentBag<Item>();
        long numbers = 0;
        options.TimeProvider = clock;
        options.ExpiryOf = static (_, item) => item.Expiry;
        options.Removed = (_, item, reason) =>
        {
            if (!left.TryAdd(item, reason))
            {
                twice.Enqueue(item);
            }
        };
        using var cache = new Cache<string, Item>(options);
        string[] keys = [.. Enumerable.Range(0, Keys).Select(i => $"key {i}")];
        long most = 0;
        long walks = 0;

        Together.Run(
            Writers,
            writer =>
            {
                for (int i = 0; i < CallsEach; i++)
                {
                    Mixed(cache, keys[Perturbation.Next(Keys)], NextItem(), written);
                    if (writer == 0 && i % 64 == 0)
                    {
                        clock.Advance(TimeSpan.FromMilliseconds(20));
                    }
                }
            },
            1,
            _ =>
            {
                // Counted twice: by the books, and by walking the table, which knows nothing of the books.
                (long entries, long weight) = cache.VerifyIntegrity();
                CacheStatistics told = cache.Statistics;
                most = Math.Max(most, Math.Max(Heavier(entries, weight), Heavier(told.Entries, told.Weight)));
                walks++;
            });

        Assert.InRange(most, 1, bound);
        cache.VerifyIntegrity();
        clock.Advance(TimeSpan.FromHours(1));
        cache.VerifyIntegrity();
        (long stayed, long _) = cache.VerifyIntegrity();
        CacheStatistics statistics = cache.Statistics;
        Assert.Equal(stayed, statistics.Entries);
        Assert.Empty(twice);
        int evicted = left.Values.Count(reason => reason == RemovalReason.Evicted);
        int expired = left.Values.Count(reason => reason == RemovalReason.Expired);
        Assert.Equal((evicted, expired), (statistics.Evictions, statistics.Expirations));

        // Nothing is lost without a word: what was kept is here, or has been told.
        Item[] found = [.. keys.Select(key => cache.TryGet(key, out Item? item) ? item : null).OfType<Item>()];
        Assert.Equal(stayed, found.Length);
        cache.Clear();
        Assert.Equal((0, 0, 0), (cache.Count, cache.Statistics.Weight, cache.VerifyIntegrity().Count));
        Assert.All(found, item => Assert.Equal(RemovalReason.Cleared, left[item]));
        Assert.All(written, item => Assert.True(left.ContainsKey(item), $"{item} is gone, and nobody was told"));
        cache.VerifyIntegrity();
        Figures.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"cache stress, bound {bound}: {Writers * (long)CallsEach} calls, {walks} walks, at most {most}; {evicted} evicted, {expired} expired"));

        long Heavier(long entries, long weight) => options.Weigher is null ? entries : weight;

        Item NextItem()
        {
            long deadline = Perturbation.Next(4) == 0 ? clock.GetTimestamp() + (Perturbation.Next(2_000) * TimeSpan.TicksPerMillisecond) : Call.Never;
            return new Item(Interlocked.Increment(ref numbers), deadline);
        }
    }

    /// <summary>A random call; what it stored for certain is noted.</summary>
    private static void Mixed(Cache<string, Item> cache, string key, Item item, ConcurrentBag<Item> written)
    {
        switch (Perturbation.Next(16))
        {
            case < 6:
                cache.TryGet(key, out _);
                break;
            case < 11:
                cache.Set(key, item);
                if (item.Deadline == Call.Never)
                {
                    written.Add(item);
                }

                break;
            case 11:
                if (cache.TryAdd(key, item) && item.Deadline == Call.Never)
                {
                    written.Add(item);
                }

                break;
            case 12:
                cache.Remove(key);
                break;
            case 13:
                cache.TryRemove(key, out _);
                break;
            case 14:
                cache.GetOrAdd(key, static (_, item) => item, item);
                break;
            default:
                if (Perturbation.Next(200) == 0)
                {
                    cache.Clear();
                }

                break;
        }
    }
}
