using System.Globalization;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Charts made of letters.</summary>
internal static class Bars
{
    private const int MostWidth = 44;
    private const string Parts = " ▏▎▍▌▋▊▉";
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>One bar a row; the longest value fills the width, unless a larger scale is given.</summary>
    public static void Draw(IAnsiConsole canvas, IReadOnlyCollection<(string Label, double Value, string Text)> rows, double? scale = null)
    {
        double full = scale ?? rows.Max(row => row.Value);
        int labels = rows.Max(row => row.Label.Length);
        int width = Math.Clamp(canvas.Profile.Width - labels - rows.Max(row => row.Text.Length) - 5, 10, MostWidth);
        foreach ((string label, double value, string text) in rows)
        {
            canvas.MarkupLineInterpolated($"  {label.PadLeft(labels)}  [green]{Bar(value / full, width)}[/] {text}");
        }
    }

    /// <summary>One column a value, in one line; the lowest column stands for <paramref name="floor"/>, the highest for the largest value.</summary>
    public static string Line(IReadOnlyCollection<double> values, double floor = 0)
    {
        double range = Math.Max(values.Max() - floor, 1e-9);
        return string.Concat(values.Select(value => Heights[(int)Math.Round((value - floor) / range * (Heights.Length - 1))]));
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");

    public static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:N0} ms");

    private static string Bar(double share, int width)
    {
        int eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * width * 8);
        string bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? Parts[eighths % 8] : "");
        return bar.PadRight(width);
    }
}
