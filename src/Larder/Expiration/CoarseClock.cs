using System.Runtime.CompilerServices;
using Larder.Primitives;

namespace Larder.Expiration;

/// <summary>
/// A clock that costs a reader one load. With the system's provider a timer refreshes it while it is asked; with any other it is exact, and asks
/// the provider every time.
/// </summary>
/// <remarks>
/// While the time is unknown every deadline looks passed; then the exact clock is asked, and the timer started. It stops by itself after a second, to be started by
/// the next who asks: so nobody wakes an idle machine, and readers write nothing.
/// </remarks>
internal sealed class CoarseClock : IDisposable
{
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private const long Unknown = long.MaxValue;
    private const int Beats = 20;

    private readonly MonotonicClock _clock;
    private readonly ITimer? _timer;
    private long _now = Unknown;
    private int _beats;

    internal CoarseClock(TimeProvider provider)
    {
        _clock = new MonotonicClock(provider);
        if (provider == TimeProvider.System)
        {
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                _timer = provider.CreateTimer(static clock => ((CoarseClock)clock!).Beat(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Now, in UTC ticks, exactly.</summary>
    internal long Exact => _clock.Now;

    /// <summary>Now, in UTC ticks, at most a period late.</summary>
    internal long Now => Volatile.Read(ref _now) is long now && now != Unknown ? now : AskAndStart();

    /// <summary>Whether a deadline has passed, by this clock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasPassed(long deadline) => deadline <= Volatile.Read(ref _now) && deadline <= AskAndStart();

    public void Dispose() => _timer?.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long AskAndStart()
    {
        long now = Exact;
        if (_timer is not null && Interlocked.CompareExchange(ref _now, now, Unknown) == Unknown)
        {
            Volatile.Write(ref _beats, Beats);
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }

        return now;
    }

    private void Beat()
    {
        if (--_beats > 0)
        {
            Volatile.Write(ref _now, Exact);
            _timer!.Change(Period, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Volatile.Write(ref _now, Unknown);
        }
    }
}
