using Xunit;

namespace Larder.Tests.Engine;

public sealed class ExpiryRaceTests
{
    /// <summary>
    /// A writer looks at the clock, finds the entry alive, and only then publishes. Whoever reads in between, at a later clock, must not
    /// report the entry gone, or it would rise again.
    /// </summary>
    [Fact]
    public void What_a_reader_found_expired_no_writer_finds_alive()
    {
        var clock = new InterruptedClock();
        using var store = new Store(new StoreOptions { TimeProvider = clock });
        store.Set("a", "v"u8, TimeSpan.FromSeconds(1));

        bool found = false;
        var reader = new Thread(() => found = store.TryGet("a", out _)) { IsBackground = true };
        clock.AtNextReading = () =>
        {
            clock.Time += TimeSpan.FromSeconds(2);
            reader.Start();
            reader.Join(TimeSpan.FromMilliseconds(200));   // it has read, or waits for the gate until this commit is over
        };
        bool touched = store.Touch("a", Expiry.None);
        reader.Join();

        Assert.Equal(touched, found);
    }

    /// <summary>A clock that lets something happen between the moment it was read and the moment its reader learns the time.</summary>
    private sealed class InterruptedClock : TimeProvider
    {
        public Action? AtNextReading { get; set; }

        public TimeSpan Time { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            long now = Time.Ticks;
            Action? interruption = AtNextReading;
            AtNextReading = null;
            interruption?.Invoke();
            return now;
        }

        public override DateTimeOffset GetUtcNow() => new(Time.Ticks, TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new ManualTimeProvider().CreateTimer(callback, state, dueTime, period);
    }
}
