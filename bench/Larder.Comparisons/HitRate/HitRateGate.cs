using System.Globalization;

namespace Larder.Comparisons.HitRate;

/// <summary>One thing that has to hold, as found: the figure, its limit, and whether it holds.</summary>
internal sealed record HitRateGate(string Name, double Figure, double Limit, bool Holds, string Where = "")
{
    /// <summary>The score and the mean are those of this many traces, all of them and whole; the sized figures of this many with sizes.</summary>
    private const int AllTraces = 25;
    private const int AllSized = 6;

    private const double LeastScore = 0.40;
    private const double LeastMean = 49.8;
    private const double LargestLoss = 3.5;
    private const double LargestLossOfThreads = 0.3;
    private const double LeastByteRate = 31.3;

    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"gate {Name} {Figure:F3} limit {Limit:F2} {(Holds ? "ok" : "short")}{(Where.Length > 0 ? $" ({Where})" : "")}");

    public static IReadOnlyList<HitRateGate> Judge(IReadOnlyList<Point> points, IReadOnlyList<SizedPoint> sized, int threads)
    {
        var gates = new List<HitRateGate>();
        if (points.Select(p => p.Trace.Name).Distinct().Count() >= AllTraces)
        {
            gates.Add(AtLeast("score", Score.Of(points, p => p.Larder), LeastScore));
            gates.Add(AtLeast("mean hit rate %", Score.Mean(points, p => p.Larder), LeastMean));
        }

        var real = points.Where(p => p.Trace.IsReal).GroupBy(p => p.Trace.Name)
            .Select(g => (g.Key, Above: Score.Mean(g, p => p.Larder - p.Lru))).OrderBy(g => g.Above).ToList();
        if (real.Count > 0)
        {
            // A trace where LRU is the optimum can only be equalled; a hair below by the rounding of a mean is equal.
            gates.Add(AtLeast("real trace above LRU, points", Math.Round(real[0].Above, 3), 0) with { Where = real[0].Key });
        }

        Point? worst = points.MinBy(p => p.Larder - p.Lru);
        if (worst is not null)
        {
            gates.Add(AtLeast("point above LRU, points", worst.Larder - worst.Lru, -LargestLoss) with { Where = $"{worst.Trace.Name} at {worst.Capacity}" });
        }

        if (threads > 1 && points.Count > 0)
        {
            double loss = Score.Mean(points, p => p.Larder - p.Threaded!.Value);
            gates.Add(new("lost by threads, points", loss, LargestLossOfThreads, loss <= LargestLossOfThreads, $"{threads} threads"));
        }

        if (sized.Select(p => p.Trace.Name).Distinct().Count() >= AllSized)
        {
            gates.Add(AtLeast("byte hit rate %", SizedMean(sized, p => p.Larder.Bytes), LeastByteRate));
        }

        return gates;
    }

    public static double SizedMean(IEnumerable<SizedPoint> points, Func<SizedPoint, double> rate) =>
        points.GroupBy(p => p.Trace.Name).Select(g => g.Average(rate)).DefaultIfEmpty(double.NaN).Average();

    private static HitRateGate AtLeast(string name, double figure, double limit) => new(name, figure, limit, figure >= limit);
}
