using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary>The options of a command that makes a store in memory.</summary>
internal sealed class MemoryStoreSettings
{
    /// <summary>More than a program keeps by default: who types commands wants to see what <c>history</c> shows.</summary>
    private const int DefaultVersions = 10;

    private readonly Option<long> _versions = new NumberOption("--versions", 1, 1024, DefaultVersions) { Description = "Versions kept of each key, the present one included", HelpName = "N" };
    private readonly Option<long> _maxEntries = new NumberOption("--max-entries", 1) { Description = "The most entries held", HelpName = "N" };
    private readonly Option<long> _maxBytes = new NumberOption("--max-bytes", 1) { Description = "The most bytes held: key + value + 64 for every kept version", HelpName = "N" };
    private readonly Option<bool> _evict = new("--evict") { Description = "Evict others when full, instead of refusing the write" };

    public void AddTo(Command command)
    {
        command.Add(_versions);
        command.Add(_maxEntries);
        command.Add(_maxBytes);
        command.Add(_evict);
    }

    public StoreOptions Read(ParseResult parsed, TimeProvider time) => new()
    {
        VersionsToKeep = (int)parsed.GetValue(_versions),
        MaxEntries = Given(parsed, _maxEntries),
        MaxBytes = Given(parsed, _maxBytes),
        WhenFull = parsed.GetValue(_evict) ? WhenFull.Evict : WhenFull.Refuse,
        TimeProvider = time,
    };

    private static long? Given(ParseResult parsed, Option<long> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
}
