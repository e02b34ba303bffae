using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary>A command on a store. Its one body serves the single command, the shell and <c>--then</c>.</summary>
internal abstract class StoreCommand(string name, string description) : Command(name, description)
{
    /// <summary>Whether the command has work to do on a store that is empty and new.</summary>
    public virtual bool FillsStore => false;

    /// <summary>Whether the command changes the store; one that does not can look at a store that somebody else has open.</summary>
    public virtual bool Writes => false;

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract int Run(CommandContext context, ParseResult parsed);

    /// <summary>Says where the store comes from; called once, when the tree of commands is built.</summary>
    public StoreCommand On(IStoreSource source, Terminal terminal)
    {
        source.Declare(this);
        SetAction(parsed => source.Use(this, parsed, store => Run(new CommandContext(store, terminal, parsed.GetValue<bool>(JsonOption.LongName)), parsed)));
        return this;
    }
}
