using System.Globalization;
using Larder.Cli.Commands;
using Spectre.Console;

namespace Larder.Cli.Bench;

/// <summary>What a benchmark found: a table, a chart of latencies, or one JSON object.</summary>
internal sealed class BenchReport(BenchSettings settings, IReadOnlyList<MixResult> results)
{
    private const string Heights = " ▁▂▃▄▅▆▇█";

    private static readonly (string Name, double Share)[] _percentiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    /// <summary>The figures for <c>--json</c>.</summary>
    public object Figures() => new
    {
        settings.Records,
        settings.ValueBytes,
        settings.Threads,
        durability = DurabilityOption.NameOf(settings.Durability),
        processors = Environment.ProcessorCount,
        mixes = results.Select(result => new
        {
            mix = result.Mix.Name.ToString(),
            result.Mix.Title,
            operations = result.Latency.Count,
            seconds = result.Elapsed.TotalSeconds,
            operationsPerSecond = Math.Round(result.OperationsPerSecond),
            missed = result.Missed,
            latencyNanoseconds = _percentiles.ToDictionary(percentile => percentile.Name, percentile => result.Latency.Percentile(percentile.Share))
                .Append(new("max", result.Latency.Largest)).ToDictionary(),
        }),
    };

    /// <summary>The table and the chart.</summary>
    public void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{settings.Records:N0} records of {settings.ValueBytes:N0} bytes {Place}, {settings.Threads} threads on {Environment.ProcessorCount} processors"));
        canvas.Write(Throughput());
        canvas.WriteLine("How long operations took: a column a class of durations, the slowest in the last one; its height");
        canvas.WriteLine("tells its share of all, and each step down is about a quarter.");
        canvas.WriteLine();
        DrawLatencies(canvas);
    }

    private string Place => settings.Durability == DurabilityMode.Memory ? "in memory" : $"on disk ({DurabilityOption.NameOf(settings.Durability)})";

    private Table Throughput()
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("mix").AddColumn("").AddColumn(new TableColumn("operations/s").RightAligned());
        foreach ((string name, _) in _percentiles)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        table.AddColumn(new TableColumn("max").RightAligned());
        foreach (MixResult result in results)
        {
            table.AddRow(
            [
                result.Mix.Name.ToString(),
                result.Mix.Title,
                result.OperationsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
                .. _percentiles.Select(percentile => Duration(result.Latency.Percentile(percentile.Share))),
                Duration(result.Latency.Largest),
            ]);
        }

        return table;
    }

    /// <summary>One row a mix; the duration grows by a tenth of a power of ten from column to column.</summary>
    private void DrawLatencies(IAnsiConsole canvas)
    {
        const int ColumnsPerDecade = 10;
        int first = (int)Math.Floor(Math.Log10(Math.Max(10, results.Min(result => result.Latency.Percentile(0.0001)))));
        int last = (int)Math.Ceiling(Math.Log10(Math.Max(10, results.Max(result => result.Latency.Percentile(0.9999)))));
        last = Math.Max(last, first + 1);
        int columns = (last - first) * ColumnsPerDecade;
        long[] bounds = [.. Enumerable.Range(0, columns + 1).Select(column => (long)Math.Pow(10, first + ((double)column / ColumnsPerDecade)))];
        foreach (MixResult result in results)
        {
            string row = string.Concat(result.Latency.Between(bounds).Select(count => Heights[HeightOf(count, result.Latency.Count)]));
            canvas.MarkupLineInterpolated($"  {result.Mix.Name} [green]{row}[/]");
        }

        string ticks = string.Concat(Enumerable.Range(first, last - first).Select(decade => ("╵" + Duration((long)Math.Pow(10, decade))).PadRight(ColumnsPerDecade)));
        canvas.WriteLine($"    {ticks}╵{Duration((long)Math.Pow(10, last))}");
    }

    /// <summary>Full height from a tenth of all on; each step below is about a factor of four, so that rare delays still show.</summary>
    private static int HeightOf(long count, long all) =>
        count == 0 ? 0 : Math.Clamp(8 + (int)Math.Ceiling(Math.Log((double)count / all * 10, 4)), 1, 8);

    private static string Duration(long nanoseconds) => nanoseconds switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} ns"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:G3} µs"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:G3} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:G3} s"),
    };
}
