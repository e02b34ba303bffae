using Xunit;

namespace Larder.Tests.Concurrency.Caches;

public sealed class CollidingKeyTests
{
    private const int Keys = 3_000;

    [Fact]
    public void Keys_of_one_hash_code_never_exceed_the_bound_and_the_newcomer_is_found()
    {
        int evicted = 0;
        using var cache = new Cache<string, int>(new CacheOptions<string, int>
        {
            Capacity = 1_000,
            Comparer = new OneHashCode(),
            Removed = (_, _, reason) => evicted += reason == RemovalReason.Evicted ? 1 : 0,
        });

        for (int i = 0; i < Keys; i++)
        {
            cache.Set($"key {i}", i);
            Assert.True(cache.TryGet($"key {i}", out int value) && value == i);
            Assert.InRange(cache.Count, 1, 1_000);
        }

        Assert.Equal(Keys, cache.Count + evicted);
        Assert.Equal(cache.Count, Enumerable.Range(0, Keys).Count(i => cache.TryGet($"key {i}", out int value) && value == i));
        Assert.All(Enumerable.Range(0, Keys), i => cache.Remove($"key {i}"));
        Assert.Equal(0, cache.Count);
        cache.VerifyIntegrity();
    }

    [Fact]
    public void Keys_of_one_hash_code_do_not_disturb_the_others()
    {
        using var cache = new Cache<string, int>(new CacheOptions<string, int> { Capacity = 20_000, Comparer = new OneHashCode() });
        for (int i = 0; i < 5_000; i++)
        {
            cache.Set($"other {i}", i);
        }

        for (int i = 0; i < Keys; i++)
        {
            cache.Set($"key {i}", i);
        }

        int others = Enumerable.Range(0, 5_000).Count(i => cache.TryGet($"other {i}", out int value) && value == i);
        Assert.InRange(others, 4_900, 5_000);
        cache.VerifyIntegrity();
    }

    [Fact]
    public void Regular_numbers_are_all_kept_when_there_is_room()
    {
        foreach (int shift in (int[])[0, 8, 16, 24, 32, 40, 48])
        {
            using var cache = new Cache<long, int>(Keys);
            for (int i = 0; i < Keys; i++)
            {
                cache.Set((long)i << shift, i);
            }

            Assert.All(Enumerable.Range(0, Keys), i => Assert.True(cache.TryGet((long)i << shift, out int value) && value == i, $"{i} << {shift} is missing"));
        }
    }

    /// <summary>"Aa" and "BB" collide in the hash that many languages use, and so does everything made of them.</summary>
    [Fact]
    public void Strings_that_are_chosen_to_collide_elsewhere_are_all_kept_when_there_is_room()
    {
        string[] keys = [.. Enumerable.Range(0, 4_096).Select(i => string.Concat(Enumerable.Range(0, 12).Select(bit => (i >> bit & 1) == 0 ? "Aa" : "BB")))];
        using var cache = new Cache<string, string>(keys.Length);
        foreach (string key in keys)
        {
            cache.Set(key, key);
        }

        Assert.All(keys, key => Assert.True(cache.TryGet(key, out string? value) && value == key));
    }

    [Fact]
    public void A_default_hash_of_a_type_that_gives_one_code_only_still_works()
    {
        using var cache = new Cache<Dull, int>(10);
        for (int i = 0; i < 200; i++)
        {
            cache.Set(new Dull(i), i);
            Assert.True(cache.TryGet(new Dull(i), out int value) && value == i);
        }

        Assert.InRange(cache.Count, 1, 10);
    }

    private sealed class OneHashCode : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x == y;

        public int GetHashCode(string key) => key.StartsWith("key", StringComparison.Ordinal) ? 7 : key.GetHashCode(StringComparison.Ordinal);
    }

    private readonly record struct Dull(int Number)
    {
        public override int GetHashCode() => 1;
    }
}
