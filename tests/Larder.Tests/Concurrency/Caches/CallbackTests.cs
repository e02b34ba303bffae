using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>Code of the caller runs outside every gate: it may call the cache again, and wait for threads that do.</summary>
[Collection(nameof(Concurrency))]
public sealed class CallbackTests
{
    private const int CallsEach = 5_000;

    [Fact]
    public void A_callback_may_call_every_member_of_the_cache()
    {
        var depth = new ThreadLocal<int>();
        long calls = 0;
        Cache<int, int>? cache = null;
        cache = new Cache<int, int>(new CacheOptions<int, int>
        {
            Capacity = 30,
            Removed = (key, value, _) =>
            {
                Interlocked.Increment(ref calls);
                if (depth.Value < 3)
                {
                    depth.Value++;
                    CallSomething(cache!, key, value);
                    depth.Value--;
                }
            },
        });

        Together.Run(4, _ =>
        {
            for (int i = 0; i < CallsEach; i++)
            {
                cache.Set(Perturbation.Next(100), i);
            }
        });

        Assert.InRange(calls, CallsEach, long.MaxValue);
        Assert.InRange(cache.Count, 1, 30);
        cache.VerifyIntegrity();
        cache.Dispose();
        depth.Dispose();
    }

    [Fact]
    public void A_callback_may_wait_for_another_thread_that_calls_the_cache()
    {
        Cache<int, int>? cache = null;
        int waited = 0;
        cache = new Cache<int, int>(new CacheOptions<int, int>
        {
            Capacity = 2,
            Removed = (key, _, _) =>
            {
                if (waited < 20)
                {
                    waited++;
                    Together.Run(() => cache!.TryGet(key, out int _), () => cache!.Set(key + 1_000, 1), () => cache!.Remove(key));
                }
            },
        });

        for (int i = 0; i < 100; i++)
        {
            cache.Set(i, i);
        }

        Assert.Equal(20, waited);
        cache.VerifyIntegrity();
        cache.Dispose();
    }

    [Fact]
    public void Weigher_expiry_and_factory_may_call_the_cache_as_well()
    {
        Cache<int, int>? cache = null;
        cache = new Cache<int, int>(new CacheOptions<int, int>
        {
            MaxWeight = 100,
            Weigher = (key, _) => cache!.TryGet(key + 1, out int neighbour) ? neighbour % 7 : 3,
            ExpiryOf = (key, _) => cache!.Remove(key + 2) ? Expiry.None : TimeSpan.FromMinutes(1),
        });

        Together.Run(4, _ =>
        {
            for (int i = 0; i < CallsEach; i++)
            {
                int key = Perturbation.Next(60);
                Assert.InRange(cache.GetOrAdd(key, asked => cache.GetOrAdd(asked + 100, inner => inner) - 100), 0, 1_000_000);
                cache.Set(key, i);
            }
        });

        Assert.InRange(cache.Statistics.Weight, 0, 100);
        cache.VerifyIntegrity();
        cache.Dispose();
    }

    [Fact]
    public void What_a_callback_throws_harms_nobody()
    {
        using var cache = new Cache<int, int>(new CacheOptions<int, int> { Capacity = 3, Removed = (_, _, _) => throw new InvalidOperationException("a careless callback") });

        for (int i = 0; i < 1_000; i++)
        {
            cache.Set(i, i);
            Assert.True(cache.TryGet(i, out int value) && value == i);
        }

        cache.Clear();
        Assert.Equal(0, cache.Count);
        cache.VerifyIntegrity();
    }

    private static void CallSomething(Cache<int, int> cache, int key, int value)
    {
        switch (Perturbation.Next(8))
        {
            case 0:
                cache.Set(key, value);
                break;
            case 1:
                cache.TryAdd(key, value);
                break;
            case 2:
                cache.Remove(key + 1);
                break;
            case 3:
                cache.GetOrAdd(key, static key => key);
                break;
            case 4 when Perturbation.Next(50) == 0:
                cache.Clear();
                break;
            case 5:
                cache.Capacity = 20 + Perturbation.Next(10);
                break;
            case 6:
                cache.GetOrAddAsync(key, static (key, _) => new ValueTask<int>(key)).AsTask().GetAwaiter().GetResult();
                break;
            default:
                cache.TryGet(key, out _);
                break;
        }
    }
}
