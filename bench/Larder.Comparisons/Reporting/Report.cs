using System.Globalization;
using Larder.Comparisons.Cases.Caches;
using Larder.Comparisons.Cases.Durable;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;
using Larder.Comparisons.Peers.Caches;
using Larder.Comparisons.Peers.Durable;

namespace Larder.Comparisons.Reporting;

/// <summary>The tables of a run, the same on the terminal and in the file.</summary>
internal static class Report
{
    private static readonly string[] _inMemory =
    [
        PeerKind.ConcurrentDictionary.Name, PeerKind.MemoryCache.Name, PeerKind.LockedDictionary.Name, PeerKind.Faster.Name, LmdbPeer.Name,
    ];

    private static readonly string[] _flushing =
    [
        FlushedCases.Raw, SqlitePeer.Full, RocksDbPeer.Title, LmdbPeer.Name, RedisPeer.Flushing, FasterLogPeer.Title,
    ];

    public static IEnumerable<string> Document(Run run, Options options)
    {
        yield return $"# Larder measured: {options.What}, {Today()}";
        yield return "";
        foreach ((string what, string value) in Machine.Describe().Concat(run.Facts))
        {
            yield return $"- {what}: {value}";
        }

        yield return $"- commit: {options.Commit}";
        yield return $"- again: `{options.Command}`";
        yield return $"- effort: {run.Effort.Name}, medians of {run.Effort.Rounds} interleaved rounds";
        foreach (string line in Tables(run))
        {
            yield return line;
        }
    }

    public static IEnumerable<string> Tables(Run run) =>
    [
        .. Gated(run),
        .. Peers(run, "Against peers", _inMemory),
        .. Peers(run, "The cache, against peers", CacheNames.Columns),
        .. Peers(run, "Flushed, against peers", _flushing),
        .. Others(run),
        .. Losses(run),
        .. Notes(run),
    ];

    public static string Today() => TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Gated(Run run)
    {
        Gate[] gates = [.. Gates.Of(run.Effort).Where(g => g.Judge(run) != Verdict.NotMeasured)];
        if (gates.Length == 0)
        {
            return [];
        }

        IReadOnlyList<string>[] rows =
        [
            .. from g in gates
               let ratio = g.Ratio(run) is { } r ? Text.Ratio(r) : "-"
               let goal = (g.Below ? "< " : "") + Text.Ratio(g.Goal)
               select (string[])[g.Number, g.Name(run), ratio, goal, Text.Ratio(g.Stretch), Gate.Word(g.Judge(run))],
        ];
        return ["", "## Gates", "", .. Text.Table(["No", "Gate", "Ratio", "Gate at", "Stretch", "Verdict"], rows, leftColumns: 2)];
    }

    /// <summary>The peers that have a column each in the table of this work; all others are listed.</summary>
    private static string[] Columns(Work work) =>
        work.Selector == Work.Flushed.Selector ? _flushing
        : work.Selector is CacheWork.Selector or CacheWork.PausesSelector ? CacheNames.Columns
        : Work.OnDisk.Contains(work.Selector) ? [] : _inMemory;

    private static IEnumerable<string> Peers(Run run, string title, string[] peers)
    {
        Measurement[] measurements = [.. run.Measurements.Where(m => Columns(m.Work) == peers && m.Figures.Skip(1).Any(f => peers.Contains(f.Name)))];
        string[] columns = [.. peers.Where(c => measurements.Any(m => m.RatioTo(c) is not null))];
        if (columns.Length == 0)
        {
            return [];
        }

        IReadOnlyList<string>[] rows = [.. measurements.Select(m => (string[])[.. What(m), .. columns.Select(c => Cell(m, c)), Spread(m)])];
        return
        [
            "",
            $"## {title}",
            "",
            "Larder's figure, then its ratio to each peer (below 1: Larder needs less) and the peer's figure. Spread: how far the rounds of the",
            "least steady of them lie apart, as a share of its median; a ratio within it is no difference.",
            "",
            .. Text.Table(["Work", "Entries", "Threads", "Larder", .. columns, "Spread"], rows, leftColumns: 1),
        ];
    }

    private static IEnumerable<string> Others(Run run)
    {
        IReadOnlyList<string>[] rows =
        [
            .. from m in run.Measurements
               from f in m.Figures.Skip(1)
               where !Columns(m.Work).Contains(f.Name)
               select (string[])[.. What(m), Text.Ratio(m.Ours.Median / f.Median), Text.Figure(f.Median, m.Work.Unit), Spread(m), f.Name],
        ];
        string[] header = ["Work", "Entries", "Threads", "Larder", "Ratio", "Figure", "Spread", "Against"];
        return rows.Length == 0 ? [] : ["", "## Against something else", "", .. Text.Table(header, rows, leftColumns: 1)];
    }

    private static IEnumerable<string> Losses(Run run)
    {
        var ratios = (from m in run.Measurements
                      from f in m.Figures.Skip(1)
                      where f.Name != CacheNames.Uncounted   // the same cache, which does less
                      select (Measurement: m, Figure: f, Ratio: m.Ours.Median / f.Median)).ToList();
        string[] losses =
        [
            .. from r in ratios
               where Math.Round(r.Ratio, 2) > 1
               orderby r.Ratio descending
               let m = r.Measurement
               select $"- {Text.Ratio(r.Ratio)} x {r.Figure.Name}: {m.Work.Name}, {Text.Count(m.Entries)}, {Text.Threads(m.Threads)}",
        ];
        string title = $"## Where Larder needs more ({losses.Length} of {ratios.Count} comparisons)";
        return ["", title, "", .. losses.Length == 0 ? ["Nowhere in this run."] : losses];
    }

    private static IEnumerable<string> Notes(Run run) =>
        run.Notes.Count == 0 ? [] : ["", "## Notes", "", .. run.Notes.Select(n => $"- {n}")];

    private static string[] What(Measurement m) =>
        [m.Work.Name, Text.Count(m.Entries), m.Threads.ToString(CultureInfo.InvariantCulture), Text.Figure(m.Ours.Median, m.Work.Unit)];

    private static string Spread(Measurement m) =>
        m.Figures.Max(f => (f.Greatest - f.Least) / f.Median).ToString("P0", CultureInfo.InvariantCulture);

    private static string Cell(Measurement m, string peer) =>
        m.Figures.Skip(1).FirstOrDefault(f => f.Name == peer) is { } figure
            ? $"{Text.Ratio(m.Ours.Median / figure.Median)} ({Text.Figure(figure.Median, m.Work.Unit)})"
            : "-";
}
