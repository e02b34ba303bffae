using System.CommandLine;
using Larder.Cli.Commands;

namespace Larder.Cli.Transfer;

/// <summary><c>--then COMMAND</c>: store commands to run on what was imported.</summary>
internal sealed class ThenOption : Option<string[]>
{
    public ThenOption()
        : base("--then")
    {
        Description = "A store command to run afterwards; may be given several times";
        HelpName = "COMMAND";
    }

    /// <summary>Runs all of them and returns the highest exit code.</summary>
    public int Run(CommandContext context, ParseResult parsed)
    {
        var interpreter = new Interpreter(context.Open, context.Terminal, context.Json);
        return (parsed.GetValue(this) ?? []).Aggregate(ExitCode.Ok, (worst, command) => Math.Max(worst, interpreter.Run(command)));
    }
}
