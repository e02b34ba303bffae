using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// A look-up in a cache copied an entry, read the clock, and found the copy due. The entry had been refreshed in between, before its deadline, so the key was
/// there all the time; and yet it was reported missing.
/// </summary>
public sealed class CachedEntryRefreshedInTimeIsMissed
{
    [Fact]
    public void An_entry_that_is_refreshed_while_it_is_looked_up_is_found()
    {
        var clock = new InterruptingClock();
        using var cache = new Cache<string, int>(new CacheOptions<string, int> { Capacity = 10, TimeProvider = clock });
        cache.Set("key", 1, TimeSpan.FromSeconds(10));
        clock.AtNextReading = () =>
        {
            var other = new Thread(() => cache.Set("key", 2, TimeSpan.FromHours(1)));
            other.Start();
            other.Join();
            clock.Manual.Advance(TimeSpan.FromSeconds(20));
        };

        bool found = cache.TryGet("key", out int value);

        Assert.Equal((true, 2), (found, value));
        cache.VerifyIntegrity();
    }

    /// <summary>Lets something happen between what was done before the clock was read, and the reading.</summary>
    private sealed class InterruptingClock : TimeProvider
    {
        private Action? _next;

        public ManualTimeProvider Manual { get; } = new();

        public Action? AtNextReading
        {
            set => _next = value;
        }

        public override long TimestampFrequency => Manual.TimestampFrequency;

        public override long GetTimestamp()
        {
            Interrupt();
            return Manual.GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow()
        {
            Interrupt();
            return Manual.GetUtcNow();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Manual.CreateTimer(callback, state, dueTime, period);

        private void Interrupt() => Interlocked.Exchange(ref _next, null)?.Invoke();
    }
}
