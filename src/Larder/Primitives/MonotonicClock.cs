namespace Larder.Primitives;

/// <summary>
/// UTC as it was when the clock was made, carried on by the monotonic timestamp of the provider: setting the machine's clock neither
/// shortens nor lengthens a life.
/// </summary>
internal sealed class MonotonicClock
{
    private readonly TimeProvider _provider;
    private readonly long _startTicks;
    private readonly long _startTimestamp;

    internal MonotonicClock(TimeProvider provider)
    {
        _provider = provider;
        _startTicks = provider.GetUtcNow().UtcTicks;
        _startTimestamp = provider.GetTimestamp();
    }

    /// <summary>Now, in UTC ticks.</summary>
    internal long Now => _startTicks + _provider.GetElapsedTime(_startTimestamp).Ticks;
}
