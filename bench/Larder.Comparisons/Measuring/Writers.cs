using System.Diagnostics;

namespace Larder.Comparisons.Measuring;

/// <summary>
/// Writers at work together until the time is up, each waiting for its own write before the next. Slices of a fixed time, not of a
/// fixed number of writes: a device that stalls makes a slice poorer, not longer.
/// </summary>
internal static class Writers
{
    /// <param name="writers">How many threads.</param>
    /// <param name="time">How long.</param>
    /// <param name="first">The number of the first write.</param>
    /// <param name="write">Does one write; gets the number of the writer and that of the write, which no other writer gets.</param>
    public static WritePace Run(int writers, TimeSpan time, int first, Action<int, int> write)
    {
        var logs = new Log[writers];
        Exception? failure = null;
        using var line = new Barrier(writers);
        Thread[] threads =
        [
            .. Enumerable.Range(0, writers).Select(writer => new Thread(() =>
            {
                try
                {
                    line.SignalAndWait();
                    var log = new Log(time);
                    for (int i = first + writer; log.HasTime; i += writers)
                    {
                        write(writer, i);
                        log.Wrote();
                    }

                    logs[writer] = log;
                }
                catch (Exception e)
                {
                    failure = e;
                }
            })),
        ];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return failure is null ? Of(logs) : throw new InvalidOperationException($"a writer failed: {failure.Message}", failure);
    }

    /// <summary>The same with tasks that await their writes in place of threads that wait for them.</summary>
    public static WritePace RunAsync(int writers, TimeSpan time, int first, Func<int, Task> write)
    {
        Task<Log>[] tasks = [.. Enumerable.Range(0, writers).Select(WriteAsync)];
        return Of(Task.WhenAll(tasks).GetAwaiter().GetResult());

        async Task<Log> WriteAsync(int writer)
        {
            await Task.Yield();
            var log = new Log(time);
            for (int i = first + writer; log.HasTime; i += writers)
            {
                await write(i);
                log.Wrote();
            }

            return log;
        }
    }

    private static WritePace Of(Log[] logs)
    {
        long[] waits = [.. logs.SelectMany(l => l.Waits).Order()];
        long wall = logs.Max(l => l.End) - logs.Min(l => l.Start);
        double each = Timing.Nanoseconds(wall) / waits.Length;
        return new WritePace(each, Timing.Nanoseconds(waits[(int)(waits.Length * 0.99)]), logs.Length * logs.Max(l => l.Waits.Count));
    }

    /// <summary>What one writer has done, and how long it waited each time.</summary>
    private sealed class Log
    {
        private readonly long _deadline;

        public Log(TimeSpan time)
        {
            Start = End = Stopwatch.GetTimestamp();
            _deadline = Start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        }

        public long Start { get; }

        public long End { get; private set; }

        public List<long> Waits { get; } = new(1 << 10);

        /// <summary>Everybody writes once at least.</summary>
        public bool HasTime => End < _deadline || Waits.Count == 0;

        public void Wrote()
        {
            long now = Stopwatch.GetTimestamp();
            Waits.Add(now - End);
            End = now;
        }
    }
}

/// <summary>
/// Nanoseconds a write by the wall clock over all writers, the wait that one write in a hundred exceeds, and how many numbers were
/// used up.
/// </summary>
internal readonly record struct WritePace(double Each, double Rare, int Numbers);
