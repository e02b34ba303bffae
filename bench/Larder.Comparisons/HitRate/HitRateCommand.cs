using System.Globalization;

namespace Larder.Comparisons.HitRate;

/// <summary>
/// Replays traces through the real cache, beside LRU, the optimum and rivals. The last line is the score and the mean hit rate;
/// the exit code is 1 when a gate is short, 2 for arguments, 5 when LRU or the optimum are not what others have found.
/// </summary>
internal static class HitRateCommand
{
    /// <summary>The word that asks for it on the command line.</summary>
    public const string Word = "hitrate";

    private const int Ok = 0;
    private const int GateShort = 1;
    private const int Usage = 2;
    private const int NotTheSame = 5;

    public static int Run(ReadOnlySpan<string> args)
    {
        try
        {
            return Run(HitRateOptions.Parse(args));
        }
        catch (ArgumentException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return Usage;
        }
        catch (KnownRateException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return NotTheSame;
        }
    }

    private static int Run(HitRateOptions options)
    {
        IReadOnlyList<Policy> rivals = options.Alone ? [] : Policy.Rivals;
        var points = new List<Point>();
        var sized = new List<SizedPoint>();
        foreach (TraceFile file in options.Chosen())
        {
            Measuring.Run.Progress(string.Create(CultureInfo.InvariantCulture, $"{file.Name}, {file.Accesses:N0} accesses"));
            Trace trace = file.Read(options.Traces);
            KnownRateException.CheckPublished(file, trace);
            points.AddRange(Points(file, trace, rivals, options));
            sized.AddRange(SizedPoints(file, trace, options));
        }

        IReadOnlyList<HitRateGate> gates = HitRateGate.Judge(points, sized, options.Threads);
        string[] report = [.. HitRateReport.Lines(points, sized, rivals, gates, options.Threads)];
        foreach (string line in report)
        {
            Console.WriteLine(line);
        }

        if (options.Out is not null)
        {
            File.WriteAllLines(options.Out, report);
        }

        return gates.All(g => g.Holds) ? Ok : GateShort;
    }

    private static Point[] Points(TraceFile file, Trace trace, IReadOnlyList<Policy> rivals, HitRateOptions options)
    {
        var points = new Point[file.Capacities.Length];
        _ = trace.NextUse; // made once, before anyone shares it
        Each(points.Length, options.Jobs, i =>
        {
            long capacity = file.Capacities[i];
            double opt = 100.0 * Optimum.Hits(trace, capacity) / trace.Keys.Length;
            double lru = Replay.Of(new Lru(capacity, trace.Unique), trace);
            KnownRateException.Check(file, i, lru, opt);
            points[i] = new Point(
                file,
                capacity,
                opt,
                lru,
                Replay.OfLarder(LarderReplay.OfCapacity(capacity), trace),
                options.Quick ? null : Replay.OfLarderReadingBack(LarderReplay.OfCapacity(capacity), trace),
                options.Threads > 1 ? Replay.FromThreads(LarderReplay.OfCapacity(capacity), trace, options.Threads) : null,
                [.. rivals.Select(r => Replay.Of(r.Create(capacity), trace))]);
        });
        return points;
    }

    private static SizedPoint[] SizedPoints(TraceFile file, Trace trace, HitRateOptions options)
    {
        if (trace.Sizes is not { } sizes || file.ByteCapacities is not { } capacities)
        {
            return [];
        }

        var points = new SizedPoint[capacities.Length];
        Each(points.Length, options.Jobs, i =>
        {
            long bytes = capacities[i];
            points[i] = new SizedPoint(
                file,
                bytes,
                Replay.Sized(new Lru(bytes, trace.Unique, sizes), trace),
                Replay.Sized(LarderReplay.OfWeight(bytes, sizes), trace));
        });
        return points;
    }

    private static void Each(int count, int jobs, Action<int> work) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = jobs }, work);
}
