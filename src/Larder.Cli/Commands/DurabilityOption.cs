using System.CommandLine;
using System.CommandLine.Parsing;

namespace Larder.Cli.Commands;

/// <summary><c>--durability MODE</c>: what survives of the writes that a command makes in a directory.</summary>
internal sealed class DurabilityOption : Option<DurabilityMode?>
{
    public DurabilityOption()
        : base("--durability")
    {
        Description = "What survives a crash: commit (all that was acknowledged, the default), interval (all but the newest) or snapshot (the last image)";
        HelpName = "MODE";
        CustomParser = Parse;
    }

    public static string NameOf(DurabilityMode mode) => mode switch
    {
        DurabilityMode.Snapshot => "snapshot",
        DurabilityMode.Interval => "interval",
        DurabilityMode.Commit => "commit",
        _ => "memory",
    };

    private static DurabilityMode? Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        foreach (DurabilityMode mode in new[] { DurabilityMode.Snapshot, DurabilityMode.Interval, DurabilityMode.Commit })
        {
            if (NameOf(mode) == text)
            {
                return mode;
            }
        }

        result.AddError($"--durability takes snapshot, interval or commit, not '{text}'.");
        return null;
    }
}
