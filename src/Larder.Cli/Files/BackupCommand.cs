using System.CommandLine;
using Larder.Cli.Commands;
using Larder.Cli.Transfer;

namespace Larder.Cli.Files;

/// <summary><c>backup DIR TARGET</c>: one point in time of a store in a directory of its own. Opens the store read-only, so its owner goes on meanwhile.</summary>
internal sealed class BackupCommand : FilesCommand
{
    private readonly DirectoryArgument _directory = new("DIR", "The directory of the store, which may be in use");
    private readonly DirectoryArgument _target = new("TARGET", "The new directory, which must not exist or be empty");

    public BackupCommand(Terminal terminal)
        : base("backup", "Write everything a store holds into a new directory, which is a store of its own; works beside the owner", terminal)
    {
        Add(_directory);
        Add(_target);
    }

    protected override int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken)
    {
        string path = parsed.GetRequiredValue(_directory);
        string target = parsed.GetRequiredValue(_target);
        StoreOptions options = StoreSettings.EverythingIn(path);
        options.ReadOnly = true;
        options.EncryptionKey = key;
        options.TimeProvider = Terminal.Time;
        (long lastSequence, long entries) = Progress.Run(Terminal, "backing up", () =>
        {
            using Store store = Store.Open(options);
            long last = store.BackupAsync(target, cancellationToken).AsTask().GetAwaiter().GetResult();
            return (last, store.Statistics.Entries);
        });
        Answer(
            parsed,
            new { path, target, lastSequence, entries },
            output => output.WriteLine($"backed up {entries:N0} entries, everything up to sequence {lastSequence:N0}, into {target}"));
        return ExitCode.Ok;
    }
}
