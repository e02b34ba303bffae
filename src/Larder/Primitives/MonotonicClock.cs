namespace Larder.Primitives;

/// <summary>
/// UTC as it was when the clock was made, carried on by the monotonic timestamp of the provider: setting the machine's clock neither
/// shortens nor lengthens a life. <see cref="NotBefore"/> is for whoever sets the clock up; from then on it may be read by anybody.
/// </summary>
internal sealed class MonotonicClock
{
    private readonly TimeProvider _provider;
    private long _startTicks;
    private readonly long _startTimestamp;

    internal MonotonicClock(TimeProvider provider)
    {
        _provider = provider;
        _startTicks = provider.GetUtcNow().UtcTicks;
        _startTimestamp = provider.GetTimestamp();
    }

    /// <summary>Now, in UTC ticks.</summary>
    internal long Now => _startTicks + _provider.GetElapsedTime(_startTimestamp).Ticks;

    /// <summary>
    /// Sets the clock forward so that it shows at least this, because somebody has seen that time before: what was due then stays due, though
    /// the machine's clock was set back meanwhile.
    /// </summary>
    internal void NotBefore(long utcTicks) => _startTicks += Math.Max(0, utcTicks - Now);
}
