namespace Larder.Engine;

/// <summary>
/// The timer behind the maintenance of a store: armed only while something is due some day, or a scan may have to be forgotten. It knows the
/// engine weakly, so that a store that nobody holds is collected.
/// </summary>
internal sealed class Sweeper : IDisposable
{
    /// <summary>Deadlines closer together than this are swept together: late enough to be cheap, early enough to free memory within a second.</summary>
    private static readonly TimeSpan _soonest = TimeSpan.FromMilliseconds(250);

    /// <summary>Timers refuse more than 49.7 days.</summary>
    private static readonly TimeSpan _latest = TimeSpan.FromDays(49);

    private readonly ITimer _timer;

    internal Sweeper(TimeProvider time, MemoryEngine engine)
    {
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(Tick, new WeakReference<MemoryEngine>(engine), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>When the timer will fire, in ticks of the store's clock; <see cref="Expiry.Never"/> while it rests. Guarded by the store's gate.</summary>
    internal long WakesAt { get; private set; } = Expiry.Never;

    /// <summary>Makes the timer fire at a moment, or a little later, unless it fires before. The store's gate is held.</summary>
    internal void WakeLocked(long at, long now)
    {
        at = Math.Max(at, now + _soonest.Ticks);
        if (at < WakesAt)
        {
            WakesAt = at;
            long wait = Math.Min(at - now, _latest.Ticks);
            _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The timer has fired. The store's gate is held.</summary>
    internal void RestLocked() => WakesAt = Expiry.Never;

    public void Dispose() => _timer.Dispose();

    private static void Tick(object? engine)
    {
        if (((WeakReference<MemoryEngine>)engine!).TryGetTarget(out MemoryEngine? target))
        {
            target.Maintain();
        }
    }
}
