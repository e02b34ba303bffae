using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Caching;

/// <summary>What is told about values that leave, and that nothing keeps them.</summary>
public sealed class RemovalTests
{
    private readonly List<(int Key, string Value, RemovalReason Reason)> _left = [];

    [Fact]
    public void Every_value_that_leaves_is_told_once_with_the_reason()
    {
        Cache<int, string> cache = Cache(2);
        cache.Set(1, "a");
        cache.Set(1, "b");
        Assert.Equal([(1, "a", RemovalReason.Replaced)], _left);
        cache.Remove(1);
        Assert.Equal((1, "b", RemovalReason.Removed), _left[^1]);
        cache.Set(2, "c");
        cache.Set(3, "d");
        cache.Set(4, "e");
        Assert.Equal(RemovalReason.Evicted, _left[^1].Reason);
        cache.Clear();
        Assert.Equal(2, _left.Count(one => one.Reason == RemovalReason.Cleared));
        cache.Set(5, "f");
        cache.Dispose();
        Assert.Equal((5, "f", RemovalReason.Cleared), _left[^1]);
        Assert.Equal(6, _left.Count);
    }

    [Fact]
    public void Nothing_is_lost_and_nothing_is_told_twice_under_churn()
    {
        int told = 0;
        int made = 0;
        using var cache = new Cache<int, int>(new CacheOptions<int, int> { Capacity = 50, Removed = (_, _, _) => Interlocked.Increment(ref told) });
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 20_000; i++)
            {
                cache.Set(random.Next(100), i);
                Interlocked.Increment(ref made);
                if (i % 1000 == 0)
                {
                    cache.Clear();
                }

                cache.Remove(random.Next(100));
            }
        });

        Assert.Equal(made, told + cache.VerifyIntegrity().Count);
    }

    [Fact]
    public void A_callback_may_use_the_cache()
    {
        Cache<int, string>? cache = null;
        int calls = 0;
        cache = new Cache<int, string>(new CacheOptions<int, string>
        {
            Capacity = 3,
            Removed = (key, value, reason) =>
            {
                if (++calls < 10)
                {
                    cache!.TryGet(key, out string? _);
                    cache.Set(key, value + "'");
                    cache.Remove(key + 1);
                }
            },
        });
        for (int i = 0; i < 10; i++)
        {
            cache.Set(i, "x");
        }

        Assert.True(calls >= 10);
        Assert.Equal(3, cache.VerifyIntegrity().Count);
        cache.Dispose();
    }

    [Fact]
    public void A_callback_that_throws_disturbs_nobody()
    {
        using var cache = new Cache<int, string>(new CacheOptions<int, string> { Capacity = 1, Removed = (_, _, _) => throw new InvalidTimeZoneException() });
        cache.Set(1, "a");
        cache.Set(2, "b");
        Assert.True(cache.Remove(2));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void What_was_removed_is_not_kept_alive()
    {
        using var cache = new Cache<object, object>(100);
        WeakReference[] gone = [.. Removed(cache), .. Replaced(cache), .. Evicted(cache)];
        Collect();
        Assert.All(gone, one => Assert.False(one.IsAlive));

        gone = Cleared(cache);
        Collect();
        Assert.All(gone, one => Assert.False(one.IsAlive));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_cache_that_nobody_holds_is_collected_though_its_entries_are_due_some_day()
    {
        WeakReference forgotten = Forgotten();
        Collect();
        Assert.False(forgotten.IsAlive);
    }

    [Fact]
    public void A_disposed_cache_lets_go_of_its_entries()
    {
        var cache = new Cache<object, object>(100);
        WeakReference[] gone = Disposed(cache);
        Collect();
        Assert.All(gone, one => Assert.False(one.IsAlive));
        GC.KeepAlive(cache);
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Removed(Cache<object, object> cache)
    {
        object key = new();
        object value = new();
        cache.Set(key, value);
        cache.Remove(key);
        return [new(key), new(value)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Replaced(Cache<object, object> cache)
    {
        object value = new();
        cache.Set("key", value);
        cache.Set("key", new object());
        return [new(value)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Evicted(Cache<object, object> cache)
    {
        WeakReference[] all = [.. Enumerable.Range(0, 1000).Select(_ =>
        {
            object key = new();
            cache.Set(key, new object());
            return new WeakReference(key);
        })];
        foreach (WeakReference one in all)
        {
            if (one.Target is { } key)
            {
                cache.Remove(key);
            }
        }

        return all;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Cleared(Cache<object, object> cache)
    {
        object key = new();
        object value = new();
        cache.Set(key, value);
        cache.Clear();
        return [new(key), new(value)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Disposed(Cache<object, object> cache)
    {
        object value = new();
        cache.Set(new object(), value, TimeSpan.FromHours(1));
        cache.Dispose();
        return [new(value)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forgotten()
    {
        var cache = new Cache<int, object>(100);
        cache.Set(1, cache, TimeSpan.FromHours(1));
        cache.TryGet(1, out _);
        return new WeakReference(cache);
    }

    private Cache<int, string> Cache(int capacity) =>
        new(new CacheOptions<int, string> { Capacity = capacity, Removed = (key, value, reason) => _left.Add((key, value, reason)) });
}
