namespace Larder.Comparisons.Inputs;

/// <summary>The system's clock, which can be set forward at a moment: what is due by then is due at once, timers too.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<JumpingTimer> _timers = [];
    private long _ahead;   // ticks

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Volatile.Read(ref _ahead);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

    public void Jump(TimeSpan by)
    {
        Interlocked.Add(ref _ahead, by.Ticks);
        JumpingTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
        }

        foreach (JumpingTimer timer in timers)
        {
            timer.Rearm();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new JumpingTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class JumpingTimer(JumpingClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ITimer _timer = System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        private readonly Lock _gate = new();
        private TimeSpan _period;
        private long _dueAt = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _period = period;
                _dueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
                return _timer.Change(dueTime, period);
            }
        }

        /// <summary>A timer with a period goes on by itself; its next beat only comes sooner.</summary>
        public void Rearm()
        {
            lock (_gate)
            {
                if (_dueAt != long.MaxValue)
                {
                    _timer.Change(TimeSpan.FromTicks(Math.Max(0, _dueAt - clock.GetTimestamp())), _period);
                }
            }
        }

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();
    }
}
