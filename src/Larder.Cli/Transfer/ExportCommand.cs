using System.CommandLine;
using System.Text;
using Larder.Cli.Commands;

namespace Larder.Cli.Transfer;

/// <summary><c>export FILE [--prefix P]</c>: one point in time as JSON Lines, from which import makes the same entries again.</summary>
internal sealed class ExportCommand : StoreCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The file to write; - for standard output" };
    private readonly Option<string> _prefix = new("--prefix") { Description = "Only keys that start with this", HelpName = "PREFIX", DefaultValueFactory = _ => "" };

    public ExportCommand()
        : base("export", "Write the entries to a file of JSON Lines")
    {
        Add(_file);
        Add(_prefix);
    }

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(_file);
        string prefix = parsed.GetRequiredValue(_prefix);
        if (name == "-")
        {
            Write(context.Store, prefix, context.Terminal.Out, _ => { });
            return ExitCode.Ok;
        }

        long exported = 0;
        Progress.Run(context.Terminal, "exporting", context.Store.Count(prefix), progress => exported = Replace(name, context.Store, prefix, progress));
        return context.Answer(new { file = name, exported }, $"exported {exported:N0} entries to {name}");
    }

    /// <summary>Writes beside the file and takes its place at the end, so that an export that fails leaves the earlier one.</summary>
    private static long Replace(string name, Store store, string prefix, Action<long> progress)
    {
        string unfinished = name + ".unfinished";
        try
        {
            long exported;
            using (var writer = new StreamWriter(unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
            {
                exported = Write(store, prefix, writer, progress);
            }

            File.Move(unfinished, name, overwrite: true);
            return exported;
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static long Write(Store store, string prefix, TextWriter writer, Action<long> progress)
    {
        long written = 0;
        foreach (Entry entry in store.Scan(prefix))
        {
            writer.WriteLine(JsonText.Of(JsonEntry.ForFile(entry)));
            progress(++written);
        }

        return written;
    }
}
