using Xunit;

namespace Larder.Tests.Caching;

/// <summary>A cache bounded by the weight of its entries.</summary>
public sealed class WeightTests
{
    [Fact]
    public void The_sum_of_the_weights_never_exceeds_the_bound()
    {
        using Cache<int, long> cache = Cache(1000);
        var random = new Random(3);
        for (int i = 0; i < 30_000; i++)
        {
            int key = random.Next(300);
            long weight = random.Next(0, random.Next(1, 400));
            cache.Set(key, weight);
            Assert.True(cache.TryGet(key, out long found) && found == weight);
            Assert.True(cache.Statistics.Weight <= 1000);
            cache.TryGet(random.Next(300), out _);
            if (i % 100 == 0)
            {
                cache.Remove(random.Next(300));
                Assert.Equal(cache.Statistics.Weight, cache.VerifyIntegrity().Weight);
            }
        }
    }

    [Fact]
    public void An_entry_heavier_than_everything_is_not_kept_and_says_so()
    {
        List<(int, long, RemovalReason)> left = [];
        using Cache<int, long> cache = Cache(100, options => options.Removed = (key, value, reason) => left.Add((key, value, reason)));
        cache.Set(1, 50);
        cache.Set(1, 101);

        Assert.False(cache.TryGet(1, out _));
        Assert.Equal([(1, 50, RemovalReason.Replaced), (1, 101, RemovalReason.Evicted)], left);
        Assert.Equal((0, 0), cache.VerifyIntegrity());
        cache.Set(2, 100);
        Assert.True(cache.TryGet(2, out _));
    }

    [Fact]
    public void An_entry_that_grows_drives_others_out_and_stays_itself()
    {
        using Cache<int, long> cache = Cache(100);
        for (int i = 0; i < 10; i++)
        {
            cache.Set(i, 10);
        }

        cache.Set(5, 60);
        Assert.True(cache.TryGet(5, out long value) && value == 60);
        Assert.Equal((5, 100), cache.VerifyIntegrity());
        cache.Set(5, 1);
        Assert.Equal((5, 41), cache.VerifyIntegrity());
    }

    [Fact]
    public void The_bound_can_be_changed()
    {
        using Cache<int, long> cache = Cache(1000);
        for (int i = 0; i < 100; i++)
        {
            cache.Set(i, 10);
        }

        cache.MaxWeight = 95;
        Assert.Equal(95, cache.MaxWeight);
        Assert.Equal((9, 90), cache.VerifyIntegrity());
        Assert.Equal(int.MaxValue, cache.Capacity);
        Assert.Throws<InvalidOperationException>(() => cache.Capacity = 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.MaxWeight = 0);
    }

    [Fact]
    public void A_negative_weight_is_refused_and_changes_nothing()
    {
        using Cache<int, long> cache = Cache(1000);
        cache.Set(1, 5);
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => cache.Set(1, -1));
        Assert.Contains("-1", refusal.Message, StringComparison.Ordinal);
        Assert.True(cache.TryGet(1, out long value) && value == 5);
    }

    [Fact]
    public void A_heavy_newcomer_must_be_worth_more_than_all_it_displaces()
    {
        using Cache<int, long> cache = Cache(1000);
        for (int round = 0; round < 20; round++)
        {
            for (int key = 0; key < 80; key++)
            {
                if (!cache.TryGet(key, out _))
                {
                    cache.Set(key, 10);
                }
            }
        }

        for (int heavy = 1000; heavy < 1050; heavy++)   // each asked for once
        {
            cache.Set(heavy, 90);
        }

        Assert.True(Enumerable.Range(0, 80).Count(key => cache.TryGet(key, out _)) > 60);
    }

    [Fact]
    public void Weights_and_lives_together_keep_the_books_in_order()
    {
        var time = new ManualTimeProvider();
        using Cache<int, long> cache = Cache(500, options => options.TimeProvider = time);
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            cache.Set(random.Next(100), random.Next(40), random.Next(3) == 0 ? default(Expiry) : TimeSpan.FromMilliseconds(random.Next(1, 5000)));
            if (i % 50 == 0)
            {
                time.Advance(TimeSpan.FromMilliseconds(random.Next(1000)));
                cache.VerifyIntegrity();
            }
        }
    }

    private static Cache<int, long> Cache(long most, Action<CacheOptions<int, long>>? change = null)
    {
        var options = new CacheOptions<int, long> { MaxWeight = most, Weigher = (_, value) => value };
        change?.Invoke(options);
        return new Cache<int, long>(options);
    }
}
