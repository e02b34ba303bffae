using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary>Runs lines of commands on an open store: those of the shell, and those of <c>--then</c>.</summary>
internal sealed class Interpreter(OpenStore store, Terminal terminal, bool json)
{
    private const string About = """
        Commands on the store of this shell. Quote with "…" (knows \n, \t, \\, \") or '…' (nothing special); # begins a comment.
        'help COMMAND' says more, 'exit' closes the store and ends the shell.
        """;

    private readonly Command _tree = StoreCommands.Tree(About, terminal, new OpenStoreSource(store));

    /// <summary>Runs one line; an empty one does nothing.</summary>
    public int Run(string line)
    {
        string[] words;
        try
        {
            words = LineSplitter.Split(line);
        }
        catch (FormatException unclear)
        {
            terminal.Complain(unclear.Message);
            return ExitCode.Usage;
        }

        return words switch
        {
            [] => ExitCode.Ok,
            ["help", .. var about] => CommandLine.Run(_tree, [.. about, "--help"], terminal),
            _ => CommandLine.Run(_tree, json ? [words[0], JsonOption.LongName, .. words.Skip(1)] : words, terminal),
        };
    }
}
