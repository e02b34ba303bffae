using Xunit;

namespace Larder.Tests.Issues;

/// <summary>The sweeper expires slice by slice; a write into a full store expired all that was due, however much, in one hold of the gate.</summary>
public sealed class ExpiringTogetherHoldsTheGate
{
    [Fact]
    public void A_write_into_a_full_store_expires_no_more_than_a_slice()
    {
        const int most = 10_000;
        var clock = new ClockWithoutTimers();
        using var store = new Store(new StoreOptions { MaxEntries = most, TimeProvider = clock });
        for (int i = 0; i < most; i++)
        {
            store.Set($"p:{i}", "v"u8, TimeSpan.FromSeconds(1));
        }

        clock.Ticks += TimeSpan.TicksPerSecond;
        store.Set("new", "v"u8);

        Assert.InRange(store.Statistics.Expirations, 1, 256);
        Assert.Equal(1, store.Count());
        store.VerifyIntegrity();
    }

    private sealed class ClockWithoutTimers : TimeProvider
    {
        public long Ticks { get; set; } = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
