using Larder.Expiration;

namespace Larder.Engine;

/// <summary>
/// The timer by which expired entries leave a cache: made with the first deadline, armed only while something is due some day. It knows the cache weakly, so that
/// one that nobody holds is collected.
/// </summary>
internal sealed class CacheSweeper(TimeProvider time, Action sweep) : IDisposable
{
    /// <summary>Deadlines closer together than this are swept together.</summary>
    private static readonly TimeSpan _soonest = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _latest = TimeSpan.FromDays(49);

    private readonly Action _sweep = sweep;   // held here, so that it lives as long as the cache
    private ITimer? _timer;
    private long _wakesAt = Expiry.Never;

    /// <summary>Makes the timer fire at a moment, or a little later, unless it fires before. The cache's gate is held.</summary>
    internal void WakeLocked(long at, CoarseClock clock)
    {
        if (at >= _wakesAt)
        {
            return;
        }

        _timer ??= NewTimer();
        long now = clock.Exact;
        _wakesAt = Math.Max(at, now + _soonest.Ticks);
        _timer.Change(TimeSpan.FromTicks(Math.Min(_wakesAt - now, _latest.Ticks)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The timer has fired. The cache's gate is held.</summary>
    internal void RestLocked() => _wakesAt = Expiry.Never;

    public void Dispose() => _timer?.Dispose();

    private ITimer NewTimer()
    {
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            return time.CreateTimer(Tick, new WeakReference<Action>(_sweep), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private static void Tick(object? sweep)
    {
        if (((WeakReference<Action>)sweep!).TryGetTarget(out Action? target))
        {
            target();
        }
    }
}
