using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary><c>get KEY</c> prints the value and nothing else, so that a script can use it.</summary>
internal sealed class GetCommand : StoreCommand
{
    private readonly KeyArgument _key = new();

    public GetCommand()
        : base("get", "Print the value of a key") => Add(_key);

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        if (!context.Store.TryGet(key, out Entry entry))
        {
            return context.NotFound(key);
        }

        string text = EntryText.Whole(entry);
        return context.Answer(JsonEntry.Of(entry), context.Terminal.OutputIsTerminal ? EntryText.Harmless(text) : text);
    }
}

/// <summary><c>exists KEY</c> answers yes or no, by word and by exit code.</summary>
internal sealed class ExistsCommand : StoreCommand
{
    private readonly KeyArgument _key = new();

    public ExistsCommand()
        : base("exists", "Say whether a key is there") => Add(_key);

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        bool exists = context.Store.Exists(key);
        context.Answer(new { key, exists }, exists ? "yes" : "no");
        return exists ? ExitCode.Ok : ExitCode.No;
    }
}

/// <summary><c>history KEY</c> lists the kept versions, newest first.</summary>
internal sealed class HistoryCommand : StoreCommand
{
    private readonly KeyArgument _key = new();

    public HistoryCommand()
        : base("history", "List the kept versions of a key, newest first") => Add(_key);

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        IReadOnlyList<Entry> versions = context.Store.History(key);
        foreach (Entry version in versions)
        {
            context.Answer(JsonEntry.Of(version), EntryText.VersionLine(version, context.Terminal));
        }

        return versions.Count > 0 ? ExitCode.Ok : context.NotFound(key);
    }
}

/// <summary><c>count [PREFIX]</c>.</summary>
internal sealed class CountCommand : StoreCommand
{
    private readonly PrefixArgument _prefix = new();

    public CountCommand()
        : base("count", "Count the keys that start with a prefix") => Add(_prefix);

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string prefix = parsed.GetRequiredValue(_prefix);
        long count = context.Store.Count(prefix);
        return context.Answer(new { prefix, count }, $"{count}");
    }
}
