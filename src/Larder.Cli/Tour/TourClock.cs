namespace Larder.Cli.Tour;

/// <summary>A clock that the tour moves, so that a day passes in a moment. One thread moves it; timers fire on that thread.</summary>
internal sealed class TourClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new(); // guards the timers; never held while one fires
    private readonly List<Timer> _timers = [];
    private long _now = start.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on to a moment, stopping at every timer on the way.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        while (NextDue(moment.UtcTicks) is { } timer)
        {
            timer.Fire();
        }

        Volatile.Write(ref _now, moment.UtcTicks);
    }

    private Timer? NextDue(long until)
    {
        lock (_gate)
        {
            Timer? next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is not null)
            {
                Volatile.Write(ref _now, Math.Max(_now, next.Due));
                next.Rearm();
            }

            return next;
        }
    }

    private sealed class Timer(TourClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; } = long.MaxValue;

        public void Fire() => callback(state);

        /// <summary>The clock's gate is held.</summary>
        public void Rearm() => Due = _period > 0 ? Due + _period : long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = Math.Max(0, period.Ticks);
                Due = dueTime < TimeSpan.Zero ? long.MaxValue : clock._now + dueTime.Ticks;
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
