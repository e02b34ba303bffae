using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary>
/// Where a store command finds its store. The bodies of the commands do not know: the shell and <c>--then</c> hand them the store
/// that is open, a single command has to open one first.
/// </summary>
internal interface IStoreSource
{
    /// <summary>Adds the options that say which store, before the command is parsed.</summary>
    void Declare(StoreCommand command);

    /// <summary>Runs <paramref name="body"/> with the store, or says why there is none and returns the exit code for that.</summary>
    int Use(StoreCommand command, ParseResult parsed, Func<OpenStore, int> body);
}

/// <summary>A store that somebody else opened and will close.</summary>
internal sealed class OpenStoreSource(OpenStore store) : IStoreSource
{
    public void Declare(StoreCommand command)
    {
    }

    public int Use(StoreCommand command, ParseResult parsed, Func<OpenStore, int> body) => body(store);
}

/// <summary>
/// The store of a command that stands alone: the one in the directory that <c>--path</c> names, opened beside its owner by a command that only reads.
/// Without a directory, a command that fills a store begins with an empty one in memory; for the others there is nothing to work on.
/// </summary>
internal sealed class SingleCommandSource(Terminal terminal) : IStoreSource
{
    private readonly StoreSettings _settings = new();

    public void Declare(StoreCommand command)
    {
        _settings.AddPlaceTo(command);
        if (command.FillsStore)
        {
            _settings.AddBoundsTo(command);
        }
    }

    public int Use(StoreCommand command, ParseResult parsed, Func<OpenStore, int> body)
    {
        if (_settings.PathOf(parsed) is null && !command.FillsStore)
        {
            terminal.Complain(
                $"'{command.Name}' has no store to work on: name its directory with --path DIR, use it in 'larder shell' "
                + $"or as 'larder import FILE --then \"{command.Name} ...\"', or see 'larder tour'.");
            return ExitCode.Failed;
        }

        using OpenStore store = _settings.Open(parsed, terminal.Time, readOnly: !command.Writes);
        return body(store);
    }
}
