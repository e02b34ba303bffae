namespace Larder.Tests;

/// <summary>A clock that moves only when told to. Timers fire on the thread that advances it, in the order in which they are due.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks;

    public ManualTimeProvider(DateTimeOffset? start = null) =>
        _ticks = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves the clock forward, stopping at every timer that is due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        long target = Volatile.Read(ref _ticks) + by.Ticks;
        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
                Volatile.Write(ref _ticks, Math.Max(_ticks, next?.DueAt ?? target));
                next?.Rearm(target);
            }

            if (next is null)
            {
                return;
            }

            next.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private const int MostBeats = 1000;

        private TimeSpan _period;

        public long DueAt { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : owner._ticks + dueTime.Ticks;
                owner._timers.Remove(this);
                if (DueAt != long.MaxValue)
                {
                    owner._timers.Add(this);
                }

                return true;
            }
        }

        /// <summary>The owner's gate is held. A timer that a long leap leaves far behind skips most of its beats, as the system's would.</summary>
        public void Rearm(long target)
        {
            if (_period > TimeSpan.Zero)
            {
                long behind = (target - DueAt) / _period.Ticks;
                DueAt += _period.Ticks * (behind > MostBeats ? behind : 1);
            }
            else
            {
                DueAt = long.MaxValue;
                owner._timers.Remove(this);
            }
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
