using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>What is in the cache is found, whatever happens around it: a miss has a reason that the cache can tell.</summary>
[Collection(nameof(Concurrency))]
public sealed class ResidentTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_key_that_nobody_takes_away_is_found_while_the_cache_grows_around_it()
    {
        const int Residents = 64;
        const int Passing = 6_000;
        long reads = 0;
        for (int round = 0; round < 12; round++)
        {
            using var cache = new Cache<long, long>(Residents + (4 * Passing));
            for (long key = 0; key < Residents; key++)
            {
                cache.Set(key, key);
            }

            Together.Run(
                4,
                writer =>
                {
                    long first = (writer + 1) * 1_000_000L;
                    for (long key = first; key < first + Passing; key++)
                    {
                        cache.Set(key, key);
                    }

                    for (long key = first; key < first + Passing; key += 2)
                    {
                        cache.Remove(key);
                    }
                },
                2,
                reader =>
                {
                    long[] keys = [.. Enumerable.Range(0, Residents)];
                    long[] values = new long[Residents];
                    bool[] found = new bool[Residents];
                    foreach (long key in keys)
                    {
                        Assert.True(cache.TryGet(key, out long value) && value == key, $"key {key} was not there");
                        Assert.False(cache.TryAdd(key, -1), $"key {key} could be added");
                    }

                    Assert.Equal(Residents, cache.GetMany(keys, values.AsSpan()!, found));
                    Assert.Equal(keys, values);
                    Interlocked.Add(ref reads, 3 * Residents);
                });
            Assert.Equal(Residents + (4 * Passing / 2), cache.Count);
        }

        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"cache growing: {reads} look-ups of resident keys, none missed"));
    }

    /// <summary>Each key has one owner, who alone writes it. When the owner misses it, the cache has told that the bound drove it out, or is about to.</summary>
    [Fact]
    public void A_miss_under_eviction_was_told_and_what_was_told_is_not_found_again()
    {
        const int Owners = 6;
        const int KeysEach = 200;
        const int CallsEach = 60_000;
        var evicted = new ConcurrentDictionary<long, RemovalReason>();
        int toldTwice = 0;
        long misses = 0;
        using var cache = new Cache<long, Item>(new CacheOptions<long, Item>
        {
            Capacity = 100,
            Removed = (_, item, reason) =>
            {
                if (!evicted.TryAdd(item.Number, reason))
                {
                    Interlocked.Increment(ref toldTwice);
                }
            },
        });

        Together.Run(Owners, owner =>
        {
            var mine = new Item?[KeysEach];
            for (long i = 0; i < CallsEach; i++)
            {
                int k = Math.Min(Perturbation.Next(KeysEach), Perturbation.Next(KeysEach));   // some are asked for more often
                long key = (owner * 1_000L) + k;
                bool told = mine[k] is { } before && evicted.ContainsKey(before.Number);
                if (cache.TryGet(key, out Item? found))
                {
                    Assert.True(ReferenceEquals(found, mine[k]), $"key {key} had a value that its owner did not write last");
                    Assert.False(told, $"key {key} was found after its eviction had been told");
                    continue;
                }

                if (mine[k] is { } lost)
                {
                    Interlocked.Increment(ref misses);
                    long start = Stopwatch.GetTimestamp();
                    while (!evicted.ContainsKey(lost.Number))
                    {
                        Assert.True(Stopwatch.GetElapsedTime(start) < _patience, $"key {key} was missed, and its eviction never told");
                        Thread.Yield();
                    }
                }

                mine[k] = new Item((owner * (long)CallsEach) + i, Call.Never);
                cache.Set(key, mine[k]!);
            }
        });

        Assert.Equal(0, toldTwice);
        Assert.All(evicted.Values, reason => Assert.Equal(RemovalReason.Evicted, reason));
        Assert.Equal(evicted.Count, cache.Statistics.Evictions);
        Assert.InRange(misses, 1_000, long.MaxValue);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"cache evicting: {misses} misses of own keys, each with its eviction"));
    }
}
