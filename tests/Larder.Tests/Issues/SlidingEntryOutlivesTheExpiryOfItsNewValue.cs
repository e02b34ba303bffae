using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// A value was replaced in a cache with a sliding expiry at the very moment it had been set. The new one would end at the same time if nobody asked for it, so its
/// times were taken for unchanged, and with every hit it slid past its own absolute expiry.
/// </summary>
public sealed class SlidingEntryOutlivesTheExpiryOfItsNewValue
{
    [Fact]
    public void A_new_value_ends_by_its_own_expiry_however_often_it_is_found()
    {
        var clock = new ManualTimeProvider();
        using var cache = new Cache<string, int>(new CacheOptions<string, int> { Capacity = 4, SlidingExpiry = TimeSpan.FromSeconds(2), TimeProvider = clock });
        cache.Set("key", 1);
        cache.Set("key", 2, TimeSpan.FromSeconds(3));

        clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.True(cache.TryGet("key", out _));
        clock.Advance(TimeSpan.FromSeconds(1.6));

        Assert.False(cache.TryGet("key", out _));
    }
}
