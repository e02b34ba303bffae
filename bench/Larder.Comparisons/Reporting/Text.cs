using System.Globalization;
using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Reporting;

/// <summary>How figures are written.</summary>
internal static class Text
{
    /// <summary>4,096 is 4 K, 1,000,000 is 1 M.</summary>
    public static string Count(int entries) => entries switch
    {
        >= 1_000_000 => Write($"{entries / 1_000_000} M"),
        >= 1_000 => Write($"{entries / 1_000} K"),
        _ => Write($"{entries}"),
    };

    public static string Threads(int threads) => threads == 1 ? "1 thread" : Write($"{threads} threads");

    public static string Figure(double figure, Unit unit) => (unit, figure) switch
    {
        (Unit.BytesPerEntry, _) => Write($"{figure:F0} B"),
        (Unit.Percent, _) => Write($"{figure:F1} %"),
        (_, < 100) => Write($"{figure:F1} ns"),
        (_, < 1e3) => Write($"{figure:F0} ns"),
        (_, < 1e5) => Write($"{figure / 1e3:F1} us"),
        (_, < 1e6) => Write($"{figure / 1e3:F0} us"),
        _ => Write($"{figure / 1e6:F1} ms"),
    };

    public static string Ratio(double ratio) => ratio switch
    {
        >= 0.1 => Write($"{ratio:F2}"),
        >= 0.01 => Write($"{ratio:F3}"),
        _ => Write($"{ratio:F5}"),
    };

    /// <summary>A markdown table whose columns also line up on a terminal.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int leftColumns)
    {
        int[] widths = [.. header.Select((title, column) => rows.Select(r => r[column].Length).Append(title.Length).Append(3).Max())];
        yield return Line(header);
        yield return $"|{string.Join('|', widths.Select(Rule))}|";
        foreach (IReadOnlyList<string> row in rows)
        {
            yield return Line(row);
        }

        string Line(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells.Select(Pad))} |";

        string Pad(string cell, int column) => column < leftColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]);

        string Rule(int width, int column) => column < leftColumns ? new string('-', width + 2) : new string('-', width + 1) + ":";
    }

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
