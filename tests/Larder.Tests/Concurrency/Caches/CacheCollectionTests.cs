using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>What has left the cache is not kept alive by it: neither key nor value.</summary>
[Collection(nameof(Concurrency))]
public sealed class CacheCollectionTests
{
    public static TheoryData<string> Ways => ["removed", "taken", "replaced", "evicted", "expired", "cleared", "shrunk", "not kept", "disposed"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_was_is_let_go(string way)
    {
        var clock = new ManualTimeProvider();
        using var cache = new Cache<object, object>(new CacheOptions<object, object> { Capacity = 16, TimeProvider = clock });

        (WeakReference key, WeakReference value) = Leave(cache, clock, way);

        AssertCollected(value, $"the value that was {way}");
        if (way != "replaced")
        {
            AssertCollected(key, $"the key that was {way}");
        }

        GC.KeepAlive(cache);
    }

    [Fact]
    public void A_cache_that_was_forgotten_is_collected_timers_and_all()
    {
        WeakReference cache = Forget();

        AssertCollected(cache, "the cache that nobody knows of");
    }

    [Fact]
    public void A_load_keeps_nothing_when_it_is_over()
    {
        using var cache = new Cache<string, object>(4);

        WeakReference state = Load(cache);

        AssertCollected(state, "what the factory was given");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Key, WeakReference Value) Leave(Cache<object, object> cache, ManualTimeProvider clock, string way)
    {
        object key = new();
        object value = new();
        if (way != "not kept")
        {
            cache.Set(key, value, way == "expired" ? TimeSpan.FromSeconds(10) : default(Expiry));
            Assert.True(cache.TryGet(key, out object? found) && found == value);
        }

        switch (way)
        {
            case "removed":
                Assert.True(cache.Remove(key));
                break;
            case "taken":
                Assert.True(cache.TryRemove(key, out _));
                break;
            case "replaced":
                cache.Set(key, new object());
                break;
            case "evicted":
                for (int i = 0; i < 2_000; i++)
                {
                    cache.Set(new object(), new object());
                }

                break;
            case "expired":
                clock.Advance(TimeSpan.FromMinutes(1));
                break;
            case "cleared":
                cache.Clear();
                break;
            case "shrunk":
                cache.Set("another", "value");
                for (int i = 0; i < 50; i++)
                {
                    cache.TryGet("another", out _);
                    cache.Set(new object(), new object());
                }

                cache.Capacity = 1;
                cache.Set("the only one", "value");
                break;
            case "not kept":
                Assert.Throws<InvalidOperationException>(() => cache.GetOrAdd(key, (_, made) => throw new InvalidOperationException(), value));
                break;
            default:
                cache.Dispose();
                break;
        }

        return (new WeakReference(key), new WeakReference(value));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Load(Cache<string, object> cache)
    {
        object state = new();
        Assert.Equal("made", cache.GetOrAdd("key", static (_, _) => "made", state));
        return new WeakReference(state);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget()
    {
        var cache = new Cache<int, int>(10);
        for (int i = 0; i < 100; i++)
        {
            cache.Set(i, i, TimeSpan.FromSeconds(30));
        }

        return new WeakReference(cache);
    }

    private static void AssertCollected(WeakReference reference, string what)
    {
        for (int i = 0; i < 5 && reference.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reference.IsAlive, $"{what} is kept");
    }
}
