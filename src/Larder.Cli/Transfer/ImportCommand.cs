using System.CommandLine;
using System.Text;
using Larder.Cli.Commands;

namespace Larder.Cli.Transfer;

/// <summary><c>import FILE [--then COMMAND]…</c>: entries from JSON Lines, then commands on the store that holds them.</summary>
internal sealed class ImportCommand : StoreCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "JSON Lines, one entry a line; - for standard input" };
    private readonly ThenOption _then = new();

    public ImportCommand()
        : base("import", "Read entries from a file of JSON Lines; nothing is imported when a line is bad")
    {
        Add(_file);
        Add(_then);
    }

    public override bool FillsStore => true;

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(_file);
        ImportFile file = Read(name, context);
        Progress.Run(context.Terminal, "importing", file.Entries, progress => file.WriteTo(context.Store, progress));
        string expired = file.Expired == 0 ? "" : $", of which {file.Expired:N0} had expired and are not kept";
        context.Answer(
            new { file = name, imported = file.Entries - file.Expired, expired = file.Expired, entries = context.Store.Count() },
            $"imported {file.Entries:N0} entries{expired}; the store holds {context.Store.Count():N0}");
        return _then.Run(context, parsed);
    }

    private static ImportFile Read(string name, CommandContext context)
    {
        DateTimeOffset now = context.Terminal.Time.GetUtcNow();
        if (name == "-")
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(context.Terminal.In.ReadToEnd()));
            return ImportFile.Read(text, now, _ => { });
        }

        using FileStream stream = File.OpenRead(name);
        ImportFile? file = null;
        Progress.Run(context.Terminal, "reading", stream.Length, progress => file = ImportFile.Read(stream, now, progress));
        return file!;
    }
}
