using System.Diagnostics;

namespace Larder.Comparisons.Measuring;

/// <summary>
/// Waits until what a slice has set in motion has come to rest: checkpoints, compactions, collections. Otherwise the next contender
/// would pay for the one before.
/// </summary>
internal static class Calm
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _restful = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <param name="elsewhere">The processor time that peers use in other processes.</param>
    public static void Wait(Func<TimeSpan>? elsewhere = null)
    {
        using Process own = Process.GetCurrentProcess();
        TimeSpan before = Used();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < _patience;)
        {
            Task.Delay(_step).Wait();
            TimeSpan now = Used();
            if (now - before <= _restful)
            {
                return;
            }

            before = now;
        }

        TimeSpan Used()
        {
            own.Refresh();
            return own.TotalProcessorTime + (elsewhere?.Invoke() ?? TimeSpan.Zero);
        }
    }
}
