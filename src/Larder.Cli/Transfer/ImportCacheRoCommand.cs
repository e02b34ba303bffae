using System.CommandLine;
using Larder.Cli.Commands;
using Larder.Cli.Files;

namespace Larder.Cli.Transfer;

/// <summary><c>import-cache-ro DIR</c>: what is alive in the bucket files of cache_ro, with what is left of its lifetime.</summary>
internal sealed class ImportCacheRoCommand : StoreCommand
{
    private readonly DirectoryArgument _directory = new("DIR", "The directory of cache_ro, with its cache_*.bin files; it is only read");
    private readonly Option<string> _as = new("--as")
    {
        Description = "What the values are, which the files do not say",
        HelpName = "TYPE",
        DefaultValueFactory = _ => BucketValue.Guess,
    };

    private readonly Option<string> _prefix = new("--prefix") { Description = "Only keys that start with this", HelpName = "PREFIX", DefaultValueFactory = _ => "" };
    private readonly Option<string> _under = new("--under") { Description = "Put this in front of every key", HelpName = "PREFIX", DefaultValueFactory = _ => "" };
    private readonly ThenOption _then = new();

    public ImportCacheRoCommand()
        : base("import-cache-ro", "Read the bucket files of a cache_ro directory; nothing is imported when one of them is bad")
    {
        _as.AcceptOnlyFromAmong([.. BucketValue.Types]);
        Add(_directory);
        Add(_as);
        Add(_prefix);
        Add(_under);
        Add(_then);
    }

    public override bool FillsStore => true;

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_directory);
        string prefix = parsed.GetRequiredValue(_prefix);
        var directory = BucketDirectory.Read(path, context.Terminal);
        List<BucketEntry> wanted = [.. directory.Entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))];
        DateTimeOffset now = context.Terminal.Time.GetUtcNow();
        List<BucketEntry> alive = [.. wanted.Where(entry => now < entry.Deadline).OrderBy(entry => entry.Key, StringComparer.Ordinal)];
        Portions portions = Checked(alive, parsed.GetRequiredValue(_as), parsed.GetRequiredValue(_under));
        Progress.Run(context.Terminal, "importing", alive.Count, progress => portions.WriteTo(context.Store, progress));

        int expired = wanted.Count - alive.Count;
        int leftOut = directory.Entries.Count - wanted.Count;
        long entries = context.Store.Count();
        string remarks = Remark(expired, "had expired") + Remark(directory.Superseded, "stood in an older file as well") + Remark(leftOut, "left out by --prefix");
        context.Answer(
            new { directory = path, files = directory.Files, otherFiles = directory.Others, imported = alive.Count, expired, superseded = directory.Superseded, leftOut, entries },
            $"imported {alive.Count:N0} entries from {directory.Files:N0} files{remarks}; the store holds {entries:N0}");
        return _then.Run(context, parsed);

        static string Remark(long count, string what) => count == 0 ? "" : $", {count:N0} {what}";
    }

    /// <summary>All of them decoded, so that one that cannot be is known before anything is written.</summary>
    private static Portions Checked(List<BucketEntry> entries, string type, string under)
    {
        var portions = new Portions();
        foreach (BucketEntry entry in entries)
        {
            string key = under + entry.Key;
            if (key.Length == 0)
            {
                throw new FormatException($"{entry.File} holds an entry with an empty key, which no store takes: give it a longer one with --under PREFIX.");
            }

            (byte[] value, ValueKind kind) = BucketValue.Read(entry, type);
            portions.Next(value.Length, () => $"'{EntryText.Escape(key)}'").Set(key, value, Expiry.At(entry.Deadline), kind);
        }

        return portions;
    }
}
