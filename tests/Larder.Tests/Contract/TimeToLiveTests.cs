using Xunit;

namespace Larder.Tests.Contract;

/// <summary>How long a key still has is told by the clock of its store.</summary>
public sealed class TimeToLiveTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Store _store;

    public TimeToLiveTests() => _store = new Store(new StoreOptions { TimeProvider = _clock });

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task It_shrinks_with_the_time_and_ends_with_the_entry()
    {
        _store.Set("k", "v"u8, TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromMinutes(1), _store.GetTimeToLive("k"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), await _store.GetTimeToLiveAsync("k"));
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), _store.GetTimeToLive("k"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_store.GetTimeToLive("k"));
        Assert.Null(await _store.GetTimeToLiveAsync("k"));
    }

    [Fact]
    public async Task An_absent_key_has_none_and_one_that_never_expires_has_no_end()
    {
        _store.Set("k", "v"u8);

        Assert.Null(_store.GetTimeToLive("absent"));
        Assert.Null(await _store.GetTimeToLiveAsync("absent"));
        Assert.Equal(Timeout.InfiniteTimeSpan, _store.GetTimeToLive("k"));
        Assert.Equal(Timeout.InfiniteTimeSpan, await _store.GetTimeToLiveAsync("k"));
    }

    [Fact]
    public void A_touch_changes_it()
    {
        _store.Set("k", "v"u8, TimeSpan.FromMinutes(1));
        _store.Touch("k", TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), _store.GetTimeToLive("k"));
    }

    [Fact]
    public void A_store_that_tells_no_clock_is_taken_to_have_the_systems()
    {
        using var store = new Store();
        using IStore other = new AsyncTwins(store);
        store.Set("k", "v"u8, TimeSpan.FromHours(1));

        Assert.InRange(other.GetTimeToLive("k")!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Bad_input_is_refused_as_everywhere()
    {
        Assert.Throws<ArgumentNullException>("store", () => ((IStore)null!).GetTimeToLive("k"));
        Assert.Throws<ArgumentException>("key", () => _store.GetTimeToLive(""));
        _store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _store.GetTimeToLive("k"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.GetTimeToLiveAsync("k"));
    }
}
