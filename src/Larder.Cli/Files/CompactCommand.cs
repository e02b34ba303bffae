using System.CommandLine;
using Larder.Cli.Commands;
using Larder.Cli.Transfer;

namespace Larder.Cli.Files;

/// <summary><c>compact DIR</c>: writes a new checkpoint and removes what the one before it has made superfluous. Opens the store as its owner.</summary>
internal sealed class CompactCommand : FilesCommand
{
    private readonly DirectoryArgument _directory = new("DIR", "The directory of the store, which nobody may have open");

    public CompactCommand(Terminal terminal)
        : base("compact", "Write a new checkpoint of a store, and remove the files that it makes superfluous", terminal) => Add(_directory);

    protected override int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken)
    {
        string path = parsed.GetRequiredValue(_directory);
        ExpectStore(path);
        StoreOptions options = StoreSettings.EverythingIn(path);
        options.EncryptionKey = key;
        options.TimeProvider = Terminal.Time;
        long before = BytesIn(path);
        (long entries, long lastSequence) = Progress.Run(Terminal, "compacting", () =>
        {
            using Store store = Store.Open(options);
            store.CompactAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
            return (store.Statistics.Entries, store.Statistics.LastSequence);
        });
        long after = BytesIn(path);
        Answer(
            parsed,
            new { path, entries, lastSequence, bytesBefore = before, bytesAfter = after },
            output => output.WriteLine($"compacted {entries:N0} entries: {ReportPicture.Size(before)} on disk before, {ReportPicture.Size(after)} after; the generation before is kept"));
        return ExitCode.Ok;
    }

    /// <summary>Opening a directory that holds no store would begin one there.</summary>
    private static void ExpectStore(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"there is no directory '{path}'.");
        }

        if (!Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new IOException($"'{path}' holds no store.");
        }
    }

    private static long BytesIn(string path) => new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length);
}
