using System.Text.Json;
using Larder.Cli;
using Larder.Cli.Commands;

namespace Larder.Tests.Cli;

/// <summary>What one run of the command left behind.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public override string ToString() => $"{ExitCode}\n{Out}\n{Error}";
}

/// <summary>Runs the larder command within the test, on a clock that the test moves.</summary>
internal sealed class LarderCommand
{
    public ManualTimeProvider Time { get; } = new();

    public bool Styled { get; init; }

    public bool Interactive { get; init; }

    /// <summary>One command line.</summary>
    public Outcome Run(params string[] arguments) => RunWith("", arguments);

    /// <summary>Lines redirected into the shell.</summary>
    public Outcome Shell(params string[] lines) => RunWith(string.Join('\n', lines), "shell");

    public Outcome RunWith(string input, params string[] arguments) => Capture(input, terminal => CommandLine.Run(arguments, terminal));

    /// <summary>Lines on a store of the test's own.</summary>
    public Outcome On(Store store, params string[] lines) =>
        Capture("", terminal => lines.Max(line => new Interpreter(new OpenStore(store), terminal, json: false).Run(line)));

    private Outcome Capture(string input, Func<Terminal, int> run)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode = run(new Terminal(new StringReader(input), output, error, Time) { Styled = Styled, Interactive = Interactive, OutputIsTerminal = Interactive });
        return new Outcome(exitCode, output.ToString(), error.ToString());
    }
}
