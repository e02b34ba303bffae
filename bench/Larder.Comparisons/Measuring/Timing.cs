using System.Diagnostics;

namespace Larder.Comparisons.Measuring;

/// <summary>A share of work: the operations from one index up to another, done by one of the threads.</summary>
internal delegate void Share(int thread, int from, int to);

/// <summary>Nanoseconds an operation, by the wall clock from the first start to the last end.</summary>
internal static class Timing
{
    public static double NanosecondsEach(int operations, int threads, Share share)
    {
        long ticks = threads == 1 ? Alone(operations, share) : Together(operations, threads, share);
        return Nanoseconds(ticks) / operations;
    }

    public static double Nanoseconds(long ticks) => ticks * 1e9 / Stopwatch.Frequency;

    private static long Alone(int operations, Share share)
    {
        long start = Stopwatch.GetTimestamp();
        share(0, 0, operations);
        return Stopwatch.GetTimestamp() - start;
    }

    private static long Together(int operations, int threads, Share share)
    {
        var workers = new Thread[threads];
        var starts = new long[threads];
        var ends = new long[threads];
        Exception? failure = null;
        using var line = new Barrier(threads);
        for (int i = 0; i < threads; i++)
        {
            int thread = i;
            int from = (int)((long)operations * thread / threads);
            int to = (int)((long)operations * (thread + 1) / threads);
            workers[thread] = new Thread(() =>
            {
                try
                {
                    line.SignalAndWait();
                    starts[thread] = Stopwatch.GetTimestamp();
                    share(thread, from, to);
                    ends[thread] = Stopwatch.GetTimestamp();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            });
        }

        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return failure is null
            ? ends.Max() - starts.Min()
            : throw new InvalidOperationException($"a measured thread failed: {failure.Message}", failure);
    }
}
