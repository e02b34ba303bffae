using Xunit;

namespace Larder.Tests.Issues;

/// <summary>_toTidy counts nodes of a limbo that Clear has thrown away, and never falls to 0: the timer of an empty, idle store fires every second for ever.</summary>
public sealed class ClearLeavesTheSweeperRunning
{
    [Fact]
    public void An_empty_idle_store_rests()
    {
        var clock = new CountingClock();
        using var store = new Store(new StoreOptions { TimeProvider = clock });
        for (int i = 0; i < 100; i++)
        {
            store.Set($"k{i}", "v"u8);
        }

        using (IEnumerator<Entry> scan = store.Scan().GetEnumerator())
        {
            scan.MoveNext();
            for (int i = 0; i < 100; i++)
            {
                store.Remove($"k{i}");
            }
        }

        store.Clear();
        clock.Advance(TimeSpan.FromSeconds(10));
        clock.Changes = 0;
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, clock.Changes);
    }

    /// <summary>A manual clock that counts how often a timer is set.</summary>
    private sealed class CountingClock : TimeProvider
    {
        private readonly ManualTimeProvider _inner = new();

        public int Changes { get; set; }

        public override long TimestampFrequency => _inner.TimestampFrequency;

        public void Advance(TimeSpan by) => _inner.Advance(by);

        public override long GetTimestamp() => _inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Counting(this, _inner.CreateTimer(callback, state, dueTime, period));

        private sealed class Counting(CountingClock owner, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                owner.Changes++;
                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
