using Xunit;

namespace Larder.Tests.Caching;

/// <summary>What every member of the cache promises, one thread at a time.</summary>
public sealed class CacheTests
{
    [Fact]
    public void What_was_set_is_found_and_what_was_not_is_not()
    {
        using var cache = new Cache<string, string>(10);
        cache.Set("a", "1");

        Assert.True(cache.TryGet("a", out string? value));
        Assert.Equal("1", value);
        Assert.False(cache.TryGet("b", out value));
        Assert.Null(value);
    }

    [Fact]
    public void Setting_again_replaces_the_value()
    {
        using var cache = new Cache<int, string>(10);
        cache.Set(1, "old");
        cache.Set(1, "new");

        Assert.True(cache.TryGet(1, out string? value));
        Assert.Equal("new", value);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Adding_keeps_what_is_there()
    {
        using var cache = new Cache<int, string>(10);

        Assert.True(cache.TryAdd(1, "first"));
        Assert.False(cache.TryAdd(1, "second"));
        Assert.True(cache.TryGet(1, out string? value));
        Assert.Equal("first", value);
    }

    [Fact]
    public void Removing_says_what_was_there()
    {
        using var cache = new Cache<int, string>(10);
        cache.Set(1, "one");

        Assert.True(cache.TryRemove(1, out string? value));
        Assert.Equal("one", value);
        Assert.False(cache.TryRemove(1, out value));
        Assert.Null(value);
        Assert.False(cache.Remove(1));
        Assert.False(cache.TryGet(1, out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Null_is_a_value_like_any_other()
    {
        using var cache = new Cache<string, string?>(10);
        cache.Set("nothing", null);

        Assert.True(cache.TryGet("nothing", out string? value));
        Assert.Null(value);
        Assert.Null(cache.GetOrAdd("nothing", _ => "something"));
    }

    [Fact]
    public void The_default_key_is_a_key_and_an_emptied_slot_is_not()
    {
        using var cache = new Cache<int, int>(10);
        Assert.False(cache.TryGet(0, out _));
        cache.Set(0, 5);
        Assert.True(cache.TryGet(0, out int value));
        Assert.Equal(5, value);
        cache.Remove(0);
        Assert.False(cache.TryGet(0, out _));
    }

    [Fact]
    public void Keys_are_compared_by_the_comparer_given()
    {
        using var cache = new Cache<string, int>(new CacheOptions<string, int> { Capacity = 10, Comparer = StringComparer.OrdinalIgnoreCase });
        cache.Set("Key", 1);

        Assert.True(cache.TryGet("kEY", out int value));
        Assert.Equal(1, value);
        Assert.True(cache.Remove("KEY"));
    }

    [Fact]
    public void Strings_of_every_length_are_found_by_other_instances()
    {
        using var cache = new Cache<string, int>(200);
        for (int length = 0; length < 100; length++)
        {
            cache.Set(new string('x', length), length);
        }

        for (int length = 0; length < 100; length++)
        {
            Assert.True(cache.TryGet(new string('x', length), out int value));
            Assert.Equal(length, value);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1000)]
    public void The_bound_holds_and_the_newcomer_is_kept(int capacity)
    {
        using var cache = new Cache<int, int>(capacity);
        var random = new Random(capacity);
        for (int i = 0; i < 20_000; i++)
        {
            int key = random.Next(capacity * 3);
            cache.Set(key, i);
            Assert.True(cache.TryGet(key, out int value));
            Assert.Equal(i, value);
            Assert.True(cache.Count <= capacity);
            cache.TryGet(random.Next(capacity * 3), out _);
        }

        Assert.Equal(capacity, cache.VerifyIntegrity().Count);
    }

    [Fact]
    public void A_cache_that_is_not_full_loses_nothing_while_it_grows()
    {
        using var cache = new Cache<long, string>(200_000);
        for (long i = 0; i < 200_000; i++)
        {
            cache.Set(i, "x");
        }

        for (long i = 0; i < 200_000; i++)
        {
            Assert.True(cache.TryGet(i, out _), $"{i} was lost");
        }

        Assert.Equal((200_000, 200_000), cache.VerifyIntegrity());
    }

    [Fact]
    public void Clearing_removes_everything_and_the_cache_goes_on()
    {
        using var cache = new Cache<int, string>(100);
        for (int i = 0; i < 100; i++)
        {
            cache.Set(i, "x");
        }

        cache.Clear();

        Assert.Equal(0, cache.Count);
        Assert.False(cache.TryGet(5, out _));
        cache.Set(5, "y");
        Assert.True(cache.TryGet(5, out _));
        cache.VerifyIntegrity();
    }

    [Fact]
    public void Many_keys_are_found_at_once()
    {
        using var cache = new Cache<int, string>(100_000);
        for (int i = 0; i < 50_000; i++)
        {
            cache.Set(i, $"{i}");
        }

        int[] keys = [.. Enumerable.Range(0, 100).Select(i => i * 1000)];   // the first fifty are there
        string?[] values = new string?[100];
        bool[] found = new bool[100];
        Array.Fill(values, "left over");

        Assert.Equal(50, cache.GetMany(keys, values, found));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(i < 50, found[i]));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(i < 50 ? $"{i * 1000}" : null, values[i]));
        Assert.Equal(0, cache.GetMany([], [], []));
        Assert.Throws<ArgumentException>(() => cache.GetMany([1, 2], new string?[1], new bool[2]));
        Assert.Throws<ArgumentException>(() => cache.GetMany([1, 2], new string?[2], new bool[1]));
    }

    [Fact]
    public void Statistics_count_what_happened()
    {
        using var cache = new Cache<int, string>(2);
        cache.Set(1, "x");
        cache.TryGet(1, out _);
        cache.TryGet(1, out _);
        cache.TryGet(9, out _);
        cache.Set(2, "x");
        cache.Set(3, "x");

        CacheStatistics statistics = cache.Statistics;
        Assert.Equal((2, 1, 1, 0), (statistics.Hits, statistics.Misses, statistics.Evictions, statistics.Expirations));
        Assert.Equal((2, 2), (statistics.Entries, statistics.Weight));
        Assert.Equal(2 / 3.0, statistics.HitRate, 6);
    }

    [Fact]
    public void Lookups_are_counted_exactly_over_threads()
    {
        using var cache = new Cache<int, string>(100);
        cache.Set(1, "x");
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                cache.TryGet(i & 1, out string? _);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal((40_000, 40_000), (cache.Statistics.Hits, cache.Statistics.Misses));
    }

    [Fact]
    public void Lookups_are_not_counted_when_nobody_wants_that()
    {
        using var cache = new Cache<int, string>(new CacheOptions<int, string> { Capacity = 100, CountLookups = false });
        cache.Set(1, "x");
        cache.TryGet(1, out _);
        cache.TryGet(2, out _);

        Assert.Equal((0, 0, 0.0), (cache.Statistics.Hits, cache.Statistics.Misses, cache.Statistics.HitRate));
    }

    [Fact]
    public void Capacity_can_be_changed_while_the_cache_is_in_use()
    {
        using var cache = new Cache<int, int>(1000);
        for (int i = 0; i < 1000; i++)
        {
            cache.Set(i, i);
        }

        cache.Capacity = 10;
        Assert.Equal(10, cache.Capacity);
        Assert.Equal(10, cache.VerifyIntegrity().Count);
        cache.Set(5000, 1);
        Assert.True(cache.TryGet(5000, out _));
        Assert.Equal(10, cache.Count);

        cache.Capacity = 50_000;
        for (int i = 0; i < 50_000; i++)
        {
            cache.Set(i, i);
        }

        Assert.True(cache.VerifyIntegrity().Count > 49_000);
        cache.Capacity = 1;
        Assert.Equal(1, cache.VerifyIntegrity().Count);
    }

    [Fact]
    public void Bad_options_are_refused_all_at_once()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new Cache<int, int>(new CacheOptions<int, int>
        {
            Capacity = 0,
            MaxWeight = 0,
            SlidingExpiry = TimeSpan.Zero,
            TimeProvider = null!,
        }));

        Assert.Contains("only one of Capacity and MaxWeight", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Capacity must be at least 1, but is 0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("MaxWeight must be at least 1, but is 0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("MaxWeight and Weigher need each other", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SlidingExpiry must be more than zero", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("TimeProvider must not be null", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Cache<int, int>(0));
        Assert.Throws<ArgumentException>(() => new Cache<int, int>(new CacheOptions<int, int>()));
        Assert.Throws<ArgumentNullException>(() => new Cache<int, int>(null!));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        using var cache = new Cache<string, string>(10);
        Assert.Throws<ArgumentNullException>(() => cache.TryGet(null!, out _));
        Assert.Throws<ArgumentNullException>(() => cache.Set(null!, "x"));
        Assert.Throws<ArgumentNullException>(() => cache.TryAdd(null!, "x"));
        Assert.Throws<ArgumentNullException>(() => cache.Remove(null!));
        Assert.Throws<ArgumentNullException>(() => cache.GetOrAdd(null!, _ => "x"));
        Assert.Throws<ArgumentNullException>(() => cache.GetOrAdd("a", null!));
        Assert.Throws<ArgumentNullException>(() => cache.GetOrAdd("a", null!, 1));
        Assert.Throws<ArgumentNullException>(() => cache.GetOrAddAsync("a", (Func<string, CancellationToken, Task<string>>)null!).AsTask().Wait());
        Assert.Throws<ArgumentNullException>(() => cache.GetOrAddAsync("a", (Func<string, CancellationToken, ValueTask<string>>)null!).AsTask().Wait());
        Assert.Throws<ArgumentNullException>(() => cache.GetMany([null!], new string?[1], new bool[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Capacity = 0);
        Assert.Throws<InvalidOperationException>(() => cache.MaxWeight = 5);
        Assert.Equal(10, cache.MaxWeight);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_disposed_cache_refuses_everything()
    {
        var cache = new Cache<int, string>(10);
        cache.Set(1, "x");
        cache.Dispose();
        cache.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cache.TryGet(1, out _));
        Assert.Throws<ObjectDisposedException>(() => cache.Set(1, "x"));
        Assert.Throws<ObjectDisposedException>(() => cache.TryAdd(1, "x"));
        Assert.Throws<ObjectDisposedException>(() => cache.Remove(1));
        Assert.Throws<ObjectDisposedException>(() => cache.GetOrAdd(1, _ => "x"));
        Assert.Throws<ObjectDisposedException>(() => cache.GetMany([1], new string?[1], new bool[1]));
        Assert.Throws<ObjectDisposedException>(cache.Clear);
        Assert.Throws<ObjectDisposedException>(() => cache.Capacity = 5);
        Assert.Equal(0, cache.Count);
        Assert.Equal(0, cache.Statistics.Entries);
    }

    [Fact]
    public void Keys_with_one_hash_code_cost_no_more_than_a_few_lines_and_the_newcomer_is_kept()
    {
        using var cache = new Cache<int, int>(new CacheOptions<int, int> { Capacity = 10_000, Comparer = new OneHash() });
        for (int i = 0; i < 2000; i++)
        {
            cache.Set(i, i);
            Assert.True(cache.TryGet(i, out int value));
            Assert.Equal(i, value);
        }

        Assert.InRange(cache.VerifyIntegrity().Count, 44, 88);
    }

    [Fact]
    public void Keys_that_collide_without_the_seed_do_not_collide_here()
    {
        // Of GUIDs like these, which anybody can choose, the framework's hash codes are all the same.
        using var cache = new Cache<Guid, int>(5000);
        for (int i = 0; i < 5000; i++)
        {
            cache.Set(new Guid(i, 0, 0, [.. BitConverter.GetBytes(i), 0, 0, 0, 0]), i);
        }

        Assert.Equal(5000, cache.VerifyIntegrity().Count);
    }

    private sealed class OneHash : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => 7;
    }
}
