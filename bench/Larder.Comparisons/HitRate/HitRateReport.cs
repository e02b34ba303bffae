using System.Globalization;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.HitRate;

/// <summary>The tables of a replay; the last line is the score and the mean hit rate.</summary>
internal static class HitRateReport
{
    public static IEnumerable<string> Lines(
        IReadOnlyList<Point> points, IReadOnlyList<SizedPoint> sized, IReadOnlyList<Policy> rivals, IReadOnlyList<HitRateGate> gates, int threads) =>
    [
        "## Hit rate %, trace by trace",
        "",
        .. Table(points, rivals, threads),
        "",
        "## Score: (policy - LRU) / (OPT - LRU), and mean hit rate %",
        "",
        .. Summary(points, rivals, threads),
        .. Sized(sized),
        "",
        .. gates.Select(g => g.Line),
        Last(points, threads),
    ];

    private static IEnumerable<string> Table(IReadOnlyList<Point> points, IReadOnlyList<Policy> rivals, int threads)
    {
        string[] header = ["Trace", "Capacity", "OPT", "LRU", "Larder", "above LRU", .. Threaded(threads), .. rivals.Select(r => r.Name)];
        IReadOnlyList<string>[] rows =
        [
            .. points.Select(p => (string[])
            [
                p.Trace.Name, p.Capacity.ToString("N0", CultureInfo.InvariantCulture), Rate(p.Opt), Rate(p.Lru), Rate(p.Larder),
                (p.Larder - p.Lru).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture),
                .. p.Threaded is { } threaded ? (string[])[Rate(threaded)] : [],
                .. p.Rivals.Select(Rate),
            ]),
        ];
        return Text.Table(header, rows, leftColumns: 1);
    }

    private static IEnumerable<string> Summary(IReadOnlyList<Point> points, IReadOnlyList<Policy> rivals, int threads)
    {
        var rows = new List<IReadOnlyList<string>> { Row("Larder", p => p.Larder) };
        if (threads > 1)
        {
            rows.Add(Row(Threaded(threads)[0], p => p.Threaded!.Value));
        }

        if (points.All(p => p.ReadBack is not null))
        {
            rows.Add(Row("Larder, inserts read back", p => p.ReadBack!.Value));
        }

        rows.AddRange(rivals.Select((r, i) => Row(r.Name, p => p.Rivals[i])));
        rows.Add(Row("LRU", p => p.Lru));
        rows.Add(Row("OPT", p => p.Opt));
        return Text.Table(["Policy", "Score", "Real traces", "Mean", "Worst trace", "Its score"], rows, leftColumns: 1);

        string[] Row(string name, Func<Point, double> rate)
        {
            (string trace, double worst) = Score.Worst(points, rate);
            return [name, Write(Score.Of(points, rate)), Write(Score.Of(points.Where(p => p.Trace.IsReal), rate)), Rate(Score.Mean(points, rate)), trace, Write(worst)];
        }
    }

    private static IEnumerable<string> Sized(IReadOnlyList<SizedPoint> points)
    {
        if (points.Count == 0)
        {
            return [];
        }

        IReadOnlyList<string>[] rows =
        [
            .. points.Select(p => (string[])
                [p.Trace.Name, p.Bytes.ToString("N0", CultureInfo.InvariantCulture), Rate(p.Lru.Objects), Rate(p.Lru.Bytes), Rate(p.Larder.Objects), Rate(p.Larder.Bytes)]),
            [
                "mean", "", Mean(p => p.Lru.Objects), Mean(p => p.Lru.Bytes), Mean(p => p.Larder.Objects), Mean(p => p.Larder.Bytes),
            ],
        ];
        string[] header = ["Trace", "Bytes", "LRU objects", "LRU bytes", "Larder objects", "Larder bytes"];
        return ["", "## Weighted by size: hit rate % of objects and of bytes", "", .. Text.Table(header, rows, leftColumns: 1)];

        string Mean(Func<SizedPoint, double> rate) => Rate(HitRateGate.SizedMean(points, rate));
    }

    private static string Last(IReadOnlyList<Point> points, int threads)
    {
        Func<Point, double> rate = threads > 1 ? p => p.Threaded!.Value : p => p.Larder;
        return string.Create(CultureInfo.InvariantCulture, $"score {Score.Of(points, rate):F3} mean {Score.Mean(points, rate):F2}");
    }

    private static string[] Threaded(int threads) => threads > 1 ? [$"Larder, {threads} threads"] : [];

    private static string Rate(double rate) => rate.ToString("F2", CultureInfo.InvariantCulture);

    private static string Write(double score) => score.ToString("F3", CultureInfo.InvariantCulture);
}
