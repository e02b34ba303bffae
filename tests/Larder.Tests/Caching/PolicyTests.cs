using Xunit;

namespace Larder.Tests.Caching;

/// <summary>What the cache keeps, through its public face, with default settings.</summary>
public sealed class PolicyTests
{
    [Fact]
    public void A_loop_a_little_longer_than_the_cache_is_mostly_held()
    {
        // Of a cache in order of last use nothing would ever be found.
        double found = HitRate(new Cache<int, int>(915), Enumerable.Range(0, 1011 * 300).Select(i => i % 1011));

        Figures.Print($"cache: loop of 1,011 keys in 915 places, {found:P1} found");
        Assert.True(found > 0.4);
    }

    [Fact]
    public void What_is_asked_for_often_survives_a_scan()
    {
        using var cache = new Cache<int, int>(1000);
        var random = new Random(1);
        HitRate(cache, Enumerable.Range(0, 100_000).Select(_ => random.Next(800)));
        HitRate(cache, Enumerable.Range(1_000_000, 5000));

        Assert.True(HitRate(cache, Enumerable.Range(0, 800)) > 0.6);
    }

    [Fact]
    public void Traffic_that_drifts_is_followed()
    {
        var random = new Random(2);
        double found = HitRate(new Cache<int, int>(1000), Enumerable.Range(0, 300_000).Select(i => (i / 100) + random.Next(800)));

        Assert.True(found > 0.85);
    }

    private static double HitRate(Cache<int, int> cache, IEnumerable<int> keys)
    {
        (int hits, int all) = (0, 0);
        foreach (int key in keys)
        {
            all++;
            if (cache.TryGet(key, out _))
            {
                hits++;
            }
            else
            {
                cache.Set(key, key);
            }
        }

        cache.VerifyIntegrity();
        return (double)hits / all;
    }
}
