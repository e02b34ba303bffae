namespace Larder.Primitives;

/// <summary>Timers refuse more than 49.7 days; whoever waits longer than that waits for ever.</summary>
internal static class Waits
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(49);

    /// <exception cref="ArgumentOutOfRangeException">The wait is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    internal static void Check(TimeSpan wait)
    {
        if (wait != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        }
    }

    internal static TimeSpan Capped(TimeSpan wait) => wait > _longest ? Timeout.InfiniteTimeSpan : wait;
}
