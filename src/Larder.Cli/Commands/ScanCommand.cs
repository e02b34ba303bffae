using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary><c>scan [PREFIX]</c> lists entries in key order; <c>--json</c> prints one object a line, in the form that <c>import</c> reads.</summary>
internal sealed class ScanCommand : StoreCommand
{
    private readonly PrefixArgument _prefix = new();
    private readonly Option<string?> _after = new("--after") { Description = "Begin behind this key: the way to read in pages", HelpName = "KEY" };
    private readonly NumberOption _limit = new("--limit", 0, int.MaxValue, int.MaxValue) { Description = "The most entries", HelpName = "N" };
    private readonly Option<bool> _reverse = new("--reverse") { Description = "From the last key to the first" };

    public ScanCommand()
        : base("scan", "List the entries whose keys start with a prefix, in key order")
    {
        Add(_prefix);
        Add(_after);
        Add(_limit);
        Add(_reverse);
    }

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        long found = 0;
        IEnumerable<Entry> entries = context.Store.Scan(
            parsed.GetRequiredValue(_prefix), parsed.GetValue(_after), (int)parsed.GetValue(_limit), parsed.GetValue(_reverse));
        foreach (Entry entry in entries)
        {
            context.Terminal.Out.WriteLine(context.Json ? JsonText.Of(JsonEntry.Of(entry)) : EntryText.Line(entry, context.Terminal));
            found++;
        }

        if (!context.Json)
        {
            context.Terminal.Out.WriteLine(context.Terminal.Dim(found == 1 ? "1 entry" : $"{found} entries"));
        }

        return ExitCode.Ok;
    }
}
