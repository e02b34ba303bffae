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
    int Use(StoreCommand command, ParseResult parsed, Func<Store, int> body);
}

/// <summary>A store that somebody else opened and will close.</summary>
internal sealed class OpenStoreSource(Store store) : IStoreSource
{
    public void Declare(StoreCommand command)
    {
    }

    public int Use(StoreCommand command, ParseResult parsed, Func<Store, int> body) => body(store);
}

/// <summary>
/// The store of a command that stands alone. A command that fills a store begins with an empty one in memory; for the others there
/// is nothing to read yet. An option that names a directory belongs here, once stores can live in one.
/// </summary>
internal sealed class SingleCommandSource(Terminal terminal) : IStoreSource
{
    private readonly MemoryStoreSettings _settings = new();

    public void Declare(StoreCommand command)
    {
        if (command.FillsStore)
        {
            _settings.AddTo(command);
        }
    }

    public int Use(StoreCommand command, ParseResult parsed, Func<Store, int> body)
    {
        if (!command.FillsStore)
        {
            terminal.Complain(
                $"'{command.Name}' has no store to work on, because stores live in memory only so far: "
                + $"use it in 'larder shell' or as 'larder import FILE --then \"{command.Name} ...\"', or see 'larder tour'.");
            return ExitCode.Failed;
        }

        using var store = new Store(_settings.Read(parsed, terminal.Time));
        return body(store);
    }
}
