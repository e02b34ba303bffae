using System.Globalization;

namespace Larder.Comparisons.HitRate;

/// <summary>What <c>./bench.sh hitrate</c> is asked for.</summary>
internal sealed record HitRateOptions(string Traces, int Threads, int Jobs, bool Alone, bool Quick, IReadOnlyList<string> Only, string? Out)
{
    /// <exception cref="ArgumentException">The arguments make no sense; the message says why.</exception>
    public static HitRateOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new HitRateOptions("", 1, 1, false, false, [], null);
        for (int i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--traces" => options with { Traces = ValueOf(args, ref i) },
                "--threads" => options with { Threads = CountOf(args, ref i) },
                "--jobs" => options with { Jobs = CountOf(args, ref i) },
                "--alone" => options with { Alone = true },
                "--quick" => options with { Quick = true, Alone = true },
                "--only" => options with { Only = ValueOf(args, ref i).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
                "--out" => options with { Out = ValueOf(args, ref i) },
                _ => throw new ArgumentException($"'{args[i]}' is not understood by hitrate; --help tells what is"),
            };
        }

        return options.Traces.Length > 0 ? options : throw new ArgumentException("hitrate needs --traces, a folder with a manifest.json");
    }

    /// <summary>The traces that are asked for.</summary>
    public IReadOnlyList<TraceFile> Chosen()
    {
        IReadOnlyList<TraceFile> all = TraceFile.In(Traces);
        TraceFile[] chosen = [.. all.Where(t => Only.Count == 0 || Only.Any(o => t.Name.Contains(o, StringComparison.Ordinal)))];
        return chosen.Length > 0 ? chosen : throw new ArgumentException($"no trace has a name that contains one of: {string.Join(", ", Only)}");
    }

    private static string ValueOf(ReadOnlySpan<string> args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");

    private static int CountOf(ReadOnlySpan<string> args, ref int i)
    {
        string option = args[i];
        return int.TryParse(ValueOf(args, ref i), CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 256
            ? count
            : throw new ArgumentException($"{option} takes a number from 1 to 256");
    }
}
