using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Larder.Cli.Bench;
using Larder.Cli.Commands;
using Larder.Cli.Files;
using Larder.Cli.Tour;

namespace Larder.Cli;

/// <summary>The door: from words to a command and from what went wrong to a sentence and an exit code.</summary>
internal static class CommandLine
{
    private const string About = """
        Larder: fast in-process storage for .NET. Start with 'larder tour'.

        Exit codes: 0 done; 1 the answer is no (absent, refused, damaged); 2 the command line is wrong; 3 the work failed.
        Every command takes --json. Errors are sentences on standard error. NO_COLOR and redirection turn colours off.
        """;

    /// <summary>Runs one command line of the process.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        Command root = StoreCommands.Tree(About, terminal, new SingleCommandSource(terminal));
        Command[] others =
        [
            new TourCommand(terminal), new WriterCommand(terminal), new ShellCommand(terminal), new BenchCommand(terminal),
            new VerifyCommand(terminal), new RepairCommand(terminal), new DumpCommand(terminal),
            new BackupCommand(terminal), new RestoreCommand(terminal), new CompactCommand(terminal),
        ];
        Array.ForEach(others, root.Add);
        root.Add(new Option<bool>("--version") { Description = "Show the version of the command", Action = new ShowVersion(terminal) });
        return arguments.Count > 0 ? Run(root, arguments, terminal) : Run(root, ["--help"], terminal) | ExitCode.Usage;
    }

    /// <summary>Runs one command line on a tree of commands: the process's, or the one of an open store.</summary>
    public static int Run(Command root, IReadOnlyList<string> arguments, Terminal terminal)
    {
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction)
        {
            return Misunderstood(parsed, terminal);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            terminal.Complain("interrupted; what was half made is removed.");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or ArithmeticException or IOException or UnauthorizedAccessException or FormatException)
        {
            terminal.Complain(Sentence(failure));
            return ExitCode.Failed;
        }
    }

    private static int Misunderstood(ParseResult parsed, Terminal terminal)
    {
        bool unknown = parsed.CommandResult.Parent is null && parsed.UnmatchedTokens.Count > 0;
        if (unknown)
        {
            terminal.Complain($"there is no command '{parsed.UnmatchedTokens[0]}'; --help lists them.");
            return ExitCode.Usage;
        }

        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
        {
            terminal.Complain(message);
        }

        terminal.Complain($"'{parsed.CommandResult.Command.Name} --help' says how it goes.");
        return ExitCode.Usage;
    }

    /// <summary>The message as somebody at a shell needs it: without the name of a parameter that the reader never wrote, and with what to do here.</summary>
    private static string Sentence(Exception failure)
    {
        if (failure is StoreInUseException && failure.Message.LastIndexOf(';') is > 0 and int advice)
        {
            return failure.Message[..advice] + "; the commands that only read, such as get, scan, stats and backup, work beside it.";
        }

        int parameter = failure.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return parameter < 0 ? failure.Message : failure.Message[..parameter];
    }

    private sealed class ShowVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine(typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            return ExitCode.Ok;
        }
    }
}
