using System.CommandLine;
using Larder.Cli.Commands;

namespace Larder.Cli.Files;

/// <summary><c>dump DIR</c>: every change that the files still hold, one a line, the newest checkpoint first; works beside the owner.</summary>
internal sealed class DumpCommand : FilesCommand
{
    private readonly DirectoryArgument _directory = new("DIR", "The directory of the store");

    public DumpCommand(Terminal terminal)
        : base("dump", "Print every change that the files of a store still hold, one a line; works beside the owner", terminal) => Add(_directory);

    protected override int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue<bool>(JsonOption.LongName);
        foreach (Change change in StoreFiles.Dump(parsed.GetRequiredValue(_directory), key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Terminal.Out.WriteLine(isJson ? JsonText.Of(JsonChange.Of(change)) : LineOf(change));
        }

        return ExitCode.Ok;
    }

    private string LineOf(in Change change)
    {
        string line = $"{change.Sequence,10}  {JsonChange.NameOf(change.Kind),-6}  ";
        return change.Kind == ChangeKind.Set
            ? line + EntryText.Line(new Entry(change.Utf8Key, change.Value, change.Version, change.ExpiresAt, change.ValueKind), Terminal)
            : line + Terminal.Strong(EntryText.Escape(change.Key));
    }
}
