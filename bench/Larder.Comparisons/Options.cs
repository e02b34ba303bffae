using Larder.Comparisons.Measuring;

namespace Larder.Comparisons;

/// <summary>What the command line asks for; <c>bench.sh</c> is its friendly form.</summary>
internal sealed record Options(
    Effort Effort, bool GatesOnly, IReadOnlySet<string> Only, string? Path, string Commit, string Command, string Results)
{
    /// <summary>What is measured, as a file name says it.</summary>
    public string What
    {
        get
        {
            string kind = GatesOnly ? "gates" : "all";
            string only = Only.Count == 0 ? "" : "-" + string.Join('-', Only.Order(StringComparer.Ordinal));
            return kind + only + (Effort == Effort.Full ? "" : "-" + Effort.Name);
        }
    }

    /// <exception cref="ArgumentException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> args)
    {
        var options = new Options(Effort.Full, false, new HashSet<string>(), null, "unknown", "./bench.sh", ".");
        for (int i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "all" => options with { GatesOnly = false },
                "gates" => options with { GatesOnly = true },
                "--quick" => options with { Effort = Effort.Quick },
                "--smoke" => options with { Effort = Effort.Smoke },
                "--only" => options with { Only = Selectors(ValueOf(args, ref i)) },
                "--path" => options with { Path = ValueOf(args, ref i) },
                "--commit" => options with { Commit = ValueOf(args, ref i) },
                "--command" => options with { Command = ValueOf(args, ref i) },
                "--results" => options with { Results = ValueOf(args, ref i) },
                _ => throw new ArgumentException($"'{args[i]}' is not understood; --help tells what is"),
            };
        }

        return options;
    }

    private static string ValueOf(ReadOnlySpan<string> args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");

    private static HashSet<string> Selectors(string list)
    {
        HashSet<string> selectors = [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        string? unknown = selectors.FirstOrDefault(s => !Work.Selectors.Contains(s));
        return unknown is null && selectors.Count > 0
            ? selectors
            : throw new ArgumentException($"--only takes {string.Join(", ", Work.Selectors)}, separated by commas, not '{list}'");
    }
}
