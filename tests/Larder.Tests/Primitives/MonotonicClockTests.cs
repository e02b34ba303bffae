using Larder.Primitives;
using Xunit;

namespace Larder.Tests.Primitives;

public sealed class MonotonicClockTests
{
    [Fact]
    public void The_clock_goes_on_as_the_timestamp_does_whatever_the_machine_says_the_time_is()
    {
        var machine = new Machine { Utc = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var clock = new MonotonicClock(machine);
        long start = clock.Now;

        machine.Utc -= TimeSpan.FromDays(365);
        machine.Timestamp += 3;

        Assert.Equal(TimeSpan.FromSeconds(1.5).Ticks, clock.Now - start);
    }

    [Fact]
    public void The_clock_is_set_forward_to_a_time_that_was_seen_before_and_never_back()
    {
        var machine = new Machine { Utc = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var clock = new MonotonicClock(machine);
        long start = clock.Now;

        clock.NotBefore(start - 1);
        Assert.Equal(start, clock.Now);

        machine.Timestamp += 2;
        clock.NotBefore(start + TimeSpan.TicksPerHour);
        Assert.Equal(start + TimeSpan.TicksPerHour, clock.Now);

        machine.Timestamp += 2;
        Assert.Equal(start + TimeSpan.TicksPerHour + TimeSpan.TicksPerSecond, clock.Now);
    }

    private sealed class Machine : TimeProvider
    {
        public DateTimeOffset Utc { get; set; }

        public long Timestamp { get; set; }

        public override long TimestampFrequency => 2;

        public override DateTimeOffset GetUtcNow() => Utc;

        public override long GetTimestamp() => Timestamp;
    }
}
