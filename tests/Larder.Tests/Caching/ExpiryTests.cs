using Xunit;

namespace Larder.Tests.Caching;

/// <summary>When entries of a cache stop being there. The clock is a manual one, so that expiry is exact.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void An_entry_is_there_until_its_time_is_over_to_the_tick()
    {
        using Cache<string, int> cache = Cache();
        cache.Set("a", 1, _minute);

        _time.Advance(_minute - _tick);
        Assert.True(cache.TryGet("a", out _));
        _time.Advance(_tick);
        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void What_is_due_leaves_by_itself()
    {
        List<(string, int, RemovalReason)> left = [];
        using Cache<string, int> cache = Cache(options => options.Removed = (key, value, reason) => left.Add((key, value, reason)));
        cache.Set("a", 1, _minute);
        cache.Set("b", 2, TimeSpan.FromDays(400));
        cache.Set("c", 3);

        _time.Advance(_minute + TimeSpan.FromSeconds(1));
        Assert.Equal([("a", 1, RemovalReason.Expired)], left);
        Assert.Equal(2, cache.VerifyIntegrity().Count);
        Assert.Equal(1, cache.Statistics.Expirations);

        _time.Advance(TimeSpan.FromDays(401));
        Assert.Equal(("b", 2, RemovalReason.Expired), left[^1]);
        Assert.Equal(1, cache.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(90)]
    [InlineData(3600)]
    [InlineData(86_400)]
    [InlineData(40_000_000)]
    public void Many_deadlines_are_each_kept(int spreadSeconds)
    {
        using Cache<int, DateTimeOffset> cache = new(new CacheOptions<int, DateTimeOffset> { Capacity = 2000, TimeProvider = _time });
        var random = new Random(spreadSeconds);
        for (int i = 0; i < 1000; i++)
        {
            DateTimeOffset at = _time.GetUtcNow() + (TimeSpan.FromSeconds(spreadSeconds) * random.NextDouble()) + _tick;
            cache.Set(i, at, at);
        }

        for (int step = 0; step < 40; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(spreadSeconds) / 38);
            int alive = Enumerable.Range(0, 1000).Count(i => cache.TryGet(i, out DateTimeOffset at) && at > _time.GetUtcNow());
            int found = Enumerable.Range(0, 1000).Count(i => cache.TryGet(i, out _));
            Assert.Equal(alive, found);
            cache.VerifyIntegrity();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_default_expiry_holds_for_entries_without_their_own()
    {
        using Cache<string, int> cache = Cache(options => options.Expiry = _minute);
        cache.Set("default", 1);
        cache.Set("own", 1, _minute * 2);
        cache.Set("never", 1, Expiry.None);
        cache.GetOrAdd("made", _ => 1);

        _time.Advance(_minute);
        Assert.False(cache.TryGet("default", out _));
        Assert.False(cache.TryGet("made", out _));
        Assert.True(cache.TryGet("own", out _));
        Assert.True(cache.TryGet("never", out _));
    }

    [Fact]
    public void The_expiry_can_be_made_from_key_and_value()
    {
        using Cache<string, int> cache = Cache(options => (options.Expiry, options.ExpiryOf) = (Expiry.None, (_, value) => TimeSpan.FromSeconds(value)));
        cache.Set("short", 1);
        cache.Set("long", 10);
        cache.Set("own", 1, _minute);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(cache.TryGet("short", out _));
        Assert.True(cache.TryGet("long", out _));
        Assert.True(cache.TryGet("own", out _));
    }

    [Fact]
    public void A_sliding_expiry_is_prolonged_by_every_hit()
    {
        using Cache<string, int> cache = Cache(options => options.SlidingExpiry = _minute);
        cache.Set("a", 1);
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(_minute - _tick);
            Assert.True(cache.TryGet("a", out _));
        }

        _time.Advance(_minute);
        Assert.False(cache.TryGet("a", out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_sliding_expiry_ends_at_the_absolute_one()
    {
        using Cache<string, int> cache = Cache(options => options.SlidingExpiry = _minute);
        cache.Set("a", 1, _minute * 2.5);
        _time.Advance(_minute * 0.9);
        Assert.True(cache.TryGet("a", out _));
        _time.Advance(_minute * 0.9);
        Assert.True(cache.TryGet("a", out _));
        _time.Advance(_minute * 0.7);
        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void A_write_gives_a_new_life_longer_or_shorter()
    {
        using Cache<string, int> cache = Cache();
        cache.Set("a", 1, _minute);
        cache.Set("a", 2, _minute * 3);
        _time.Advance(_minute * 2);
        Assert.True(cache.TryGet("a", out _));

        cache.Set("a", 3, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryGet("a", out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, cache.Count);

        cache.Set("b", 1, _minute);
        cache.Set("b", 2);
        _time.Advance(_minute * 10);
        Assert.True(cache.TryGet("b", out _));
        cache.Set("b", 3, _minute);
        _time.Advance(_minute * 2);
        Assert.Equal(0, cache.Count);
        cache.VerifyIntegrity();
    }

    [Fact]
    public void Keep_and_when_new_look_at_the_life_that_is_there()
    {
        using Cache<string, int> cache = Cache();
        cache.Set("a", 1, _minute);
        _time.Advance(_minute / 2);
        cache.Set("a", 2, Expiry.Keep);
        cache.Set("a", 3, Expiry.WhenNew(_minute * 5));
        cache.Set("new", 1, Expiry.WhenNew(_minute));
        cache.Set("kept", 1, Expiry.Keep);

        _time.Advance(_minute / 2);
        Assert.False(cache.TryGet("a", out _));
        Assert.True(cache.TryGet("new", out _));
        _time.Advance(_minute * 10);
        Assert.False(cache.TryGet("new", out _));
        Assert.True(cache.TryGet("kept", out _));
    }

    [Fact]
    public void An_expiry_that_has_passed_removes()
    {
        using Cache<string, int> cache = Cache();
        cache.Set("a", 1);
        cache.Set("a", 2, TimeSpan.Zero);
        Assert.False(cache.TryGet("a", out _));
        cache.Set("b", 1, _time.GetUtcNow() - _minute);
        Assert.False(cache.TryGet("b", out _));
        Assert.Equal(0, cache.Count);
        cache.Set("c", 1, Timeout.InfiniteTimeSpan);
        cache.Set("d", 1, TimeSpan.MaxValue);
        _time.Advance(TimeSpan.FromDays(36_500));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void What_is_due_can_be_added_anew_and_is_not_removed()
    {
        List<(string, int, RemovalReason)> left = [];
        using Cache<string, int> cache = Cache(options => options.Removed = (key, value, reason) => left.Add((key, value, reason)));
        cache.Set("a", 1, TimeSpan.FromMilliseconds(1));
        cache.Set("b", 1, TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(2));   // before the sweeper wakes

        Assert.Equal(2, cache.Count);
        Assert.True(cache.TryAdd("a", 2));
        Assert.False(cache.Remove("b"));
        Assert.Equal([("a", 1, RemovalReason.Expired), ("b", 1, RemovalReason.Expired)], left);
        Assert.Equal(2, cache.Statistics.Expirations);
        _time.Advance(_minute);
        Assert.True(cache.TryGet("a", out int value));
        Assert.Equal(2, value);
    }

    [Fact]
    public void What_is_due_makes_room_before_anybody_is_evicted()
    {
        using Cache<string, int> cache = Cache(options => options.Capacity = 3);
        cache.Set("a", 1, TimeSpan.FromMilliseconds(1));
        cache.Set("b", 1);
        cache.Set("c", 1);
        _time.Advance(TimeSpan.FromMilliseconds(90));

        cache.Set("d", 1);
        Assert.True(cache.TryGet("b", out _) && cache.TryGet("c", out _) && cache.TryGet("d", out _));
        Assert.Equal((0, 1), (cache.Statistics.Evictions, cache.Statistics.Expirations));
    }

    [Fact]
    public void Random_lives_agree_with_a_model()
    {
        using Cache<string, int> cache = Cache(options => options.Capacity = 100);
        Dictionary<string, (int Value, DateTimeOffset At)> model = [];
        var random = new Random(11);
        for (int i = 0; i < 50_000; i++)
        {
            string key = $"{random.Next(60)}";
            switch (random.Next(8))
            {
                case 0 or 1:
                    TimeSpan life = TimeSpan.FromTicks(random.NextInt64(1, TimeSpan.FromSeconds(Math.Pow(10, random.Next(-1, 6))).Ticks));
                    cache.Set(key, i, life);
                    model[key] = (i, _time.GetUtcNow() + life);
                    break;
                case 2:
                    cache.Set(key, i);
                    model[key] = (i, DateTimeOffset.MaxValue);
                    break;
                case 3:
                    Assert.Equal(model.Remove(key, out (int, DateTimeOffset At) had) && had.At > _time.GetUtcNow(), cache.Remove(key));
                    break;
                case 4:
                    _time.Advance(TimeSpan.FromTicks(random.NextInt64(TimeSpan.FromSeconds(Math.Pow(10, random.Next(-3, 4))).Ticks)));
                    break;
                default:
                    bool isAlive = model.TryGetValue(key, out (int Value, DateTimeOffset At) entry) && entry.At > _time.GetUtcNow();
                    Assert.Equal(isAlive, cache.TryGet(key, out int value));
                    Assert.Equal(isAlive ? entry.Value : 0, value);
                    break;
            }
        }

        cache.VerifyIntegrity();
    }

    [Fact]
    public void With_the_systems_clock_entries_leave_too()
    {
        using var left = new CountdownEvent(1000);
        using var cache = new Cache<int, int>(new CacheOptions<int, int> { Capacity = 2000, Removed = (_, _, reason) => Assert.True(reason == RemovalReason.Expired && left.Signal() | true) });
        for (int i = 0; i < 1000; i++)
        {
            cache.Set(i, i, TimeSpan.FromMilliseconds(20 + (i % 50)));
            cache.TryGet(i, out _);
        }

        Assert.True(left.Wait(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, cache.Count);
        Assert.False(cache.TryGet(1, out _));
    }

    private Cache<string, int> Cache(Action<CacheOptions<string, int>>? change = null)
    {
        var options = new CacheOptions<string, int> { Capacity = 1000, TimeProvider = _time };
        change?.Invoke(options);
        return new Cache<string, int>(options);
    }
}
