namespace Larder.Comparisons.HitRate;

/// <summary>What a policy is worth over many traces, so that none with many accesses or many capacities counts for more.</summary>
internal static class Score
{
    /// <summary>Where the optimum is less than this many points above LRU, a policy has nothing to win, and the point is left out.</summary>
    public const double LeastGap = 1.0;

    /// <summary>
    /// (policy − LRU) / (OPT − LRU), the mean over the capacities of a trace, then over traces: 0 is LRU, 1 is the optimum. NaN when
    /// no point counts.
    /// </summary>
    public static double Of(IEnumerable<Point> points, Func<Point, double> rate) =>
        OverTraces(points.Where(Counts), p => (rate(p) - p.Lru) / (p.Opt - p.Lru));

    /// <summary>The hit rate, the mean over the capacities of a trace, then over traces.</summary>
    public static double Mean(IEnumerable<Point> points, Func<Point, double> rate) => OverTraces(points, rate);

    /// <summary>The trace with the lowest score, and that.</summary>
    public static (string Trace, double Score) Worst(IEnumerable<Point> points, Func<Point, double> rate) =>
        points.Where(Counts).GroupBy(p => p.Trace.Name).Select(g => (g.Key, Of(g, rate))).OrderBy(t => t.Item2).FirstOrDefault(("-", double.NaN));

    private static bool Counts(Point p) => p.Opt - p.Lru >= LeastGap;

    private static double OverTraces(IEnumerable<Point> points, Func<Point, double> figure) =>
        points.GroupBy(p => p.Trace.Name).Select(g => g.Average(figure)).DefaultIfEmpty(double.NaN).Average();
}
