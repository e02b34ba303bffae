using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>What an expiry makes of the present time and the present deadline.</summary>
public sealed class ExpiryTests
{
    private const long Now = 1_000_000;

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Each_form_gives_its_deadline()
    {
        long later = Now + _second.Ticks;
        Assert.Equal(Expiry.Never, default(Expiry).DeadlineAt(Now, existing: 5));
        Assert.Equal(5, default(Expiry).DeadlineAt(Now, existing: 5, keepByDefault: true));
        Assert.Equal(Expiry.Never, default(Expiry).DeadlineAt(Now, existing: null, keepByDefault: true));
        Assert.Equal(Expiry.Never, Expiry.None.DeadlineAt(Now, existing: 5, keepByDefault: true));
        Assert.Equal(later, Expiry.In(_second).DeadlineAt(Now, existing: 5));
        Assert.Equal(later, Expiry.At(new DateTimeOffset(later, TimeSpan.Zero)).DeadlineAt(Now, existing: 5));
        Assert.Equal(5, Expiry.Keep.DeadlineAt(Now, existing: 5));
        Assert.Equal(Expiry.Never, Expiry.Keep.DeadlineAt(Now, existing: null));
        Assert.Equal(5, Expiry.WhenNew(_second).DeadlineAt(Now, existing: 5));
        Assert.Equal(later, Expiry.WhenNew(_second).DeadlineAt(Now, existing: null));
        Assert.Equal(5, Expiry.WhenNew(Timeout.InfiniteTimeSpan).DeadlineAt(Now, existing: 5));
        Assert.Equal(Expiry.Never, Expiry.WhenNew(Timeout.InfiniteTimeSpan).DeadlineAt(Now, existing: null));
    }

    [Fact]
    public void Time_does_not_overflow()
    {
        long end = DateTimeOffset.MaxValue.UtcTicks;
        Assert.Equal(end, Expiry.In(TimeSpan.MaxValue).DeadlineAt(Now, null));
        Assert.Equal(end, Expiry.In(_second).DeadlineAt(end - 1, null));
        Assert.Equal(end, Expiry.In(_second).DeadlineAt(end, null));
        Assert.Equal(end, Expiry.WhenNew(TimeSpan.MaxValue).DeadlineAt(Now, null));
        Assert.Equal(end, Expiry.At(DateTimeOffset.MaxValue).DeadlineAt(Now, null));
        Assert.Equal(Now, Expiry.In(TimeSpan.Zero).DeadlineAt(Now, null));
    }

    [Fact]
    public void Times_convert()
    {
        Expiry span = _second;
        Expiry moment = new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.FromHours(3));
        Assert.Equal(Expiry.In(_second), span);
        Assert.Equal(Expiry.At(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), moment);
        Assert.Equal(Expiry.None, (Expiry)Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Negative_times_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => Expiry.In(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => Expiry.In(TimeSpan.MinValue));
        Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => Expiry.WhenNew(-_second));
        Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => (Expiry)(-_second));
    }

    [Fact]
    public void Equality_is_of_form_and_time()
    {
        Expiry second = _second;
        Assert.True(second == Expiry.In(_second));
        Assert.True(second != Expiry.WhenNew(_second));
        Assert.False(second.Equals((object)_second));
        Assert.True(second.Equals((object)Expiry.In(_second)));
        Assert.Equal(second.GetHashCode(), Expiry.In(_second).GetHashCode());
        Assert.NotEqual(default, Expiry.None);
    }

    [Fact]
    public void Only_what_has_a_time_asks_the_clock()
    {
        Assert.All([default, Expiry.None, Expiry.Keep, Expiry.WhenNew(Timeout.InfiniteTimeSpan)], expiry => Assert.False(expiry.NeedsClock));
        Assert.All([Expiry.In(_second), Expiry.At(DateTimeOffset.MaxValue), Expiry.WhenNew(_second)], expiry => Assert.True(expiry.NeedsClock));
    }

    [Fact]
    public void It_says_what_it_is()
    {
        Assert.Equal("in 00:00:01", Expiry.In(_second).ToString());
        Assert.Equal("at 2026-01-01T00:00:00.0000000+00:00", Expiry.At(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToString());
        Assert.Equal("in 00:00:01 when new", Expiry.WhenNew(_second).ToString());
        Assert.Equal(["none", "none", "keep", "none when new"], new[] { default, Expiry.None, Expiry.Keep, Expiry.WhenNew(Timeout.InfiniteTimeSpan) }.Select(expiry => expiry.ToString()));
    }
}
