using System.CommandLine;
using System.Security.Cryptography;

namespace Larder.Cli.Commands;

/// <summary>The options that say which store a command works on: the one that a directory keeps, or a new one in memory.</summary>
internal sealed class StoreSettings
{
    /// <summary>In memory, more than a program keeps by default: who types commands wants to see what <c>history</c> shows.</summary>
    private const int VersionsInMemory = 10;

    /// <summary>
    /// In a directory, as many as there can be, and limits as wide as they go: how many the program keeps whose store it is, and how large its entries are,
    /// nobody knows here, and a command must not cut short what it finds.
    /// </summary>
    private const int VersionsInDirectory = 1024;
    private const int MaxKeyBytes = 64 * 1024;
    private const int MaxValueBytes = 1024 * 1024 * 1024;

    private readonly Option<string?> _path = new("--path") { Description = "The directory of the store", HelpName = "DIR" };
    private readonly DurabilityOption _durability = new();
    private readonly KeyFileOption _keyFile = new();
    private readonly NumberOption _versions = new("--versions", 1, VersionsInDirectory) { Description = $"Versions kept of each key, the present one included: {VersionsInMemory} in memory, all in a directory, unless given", HelpName = "N" };
    private readonly NumberOption _maxEntries = new("--max-entries", 1) { Description = "The most entries held", HelpName = "N" };
    private readonly NumberOption _maxBytes = new("--max-bytes", 1) { Description = "The most bytes held: key + value + 64 for every kept version", HelpName = "N" };
    private readonly Option<bool> _evict = new("--evict") { Description = "Evict others when full, instead of refusing the write" };

    /// <summary>The options that name a directory.</summary>
    public void AddPlaceTo(Command command)
    {
        command.Add(_path);
        command.Add(_durability);
        command.Add(_keyFile);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_path) is { } path)
            {
                if (string.IsNullOrWhiteSpace(path.GetValueOrDefault<string?>()))
                {
                    result.AddError("--path takes a directory.");
                }

                return;
            }

            foreach (Option option in new Option[] { _durability, _keyFile })
            {
                if (result.GetResult(option) is not null)
                {
                    result.AddError($"{option.Name} is about a store in a directory: it needs --path DIR.");
                }
            }
        });
    }

    /// <summary>The options of a store that the command itself begins, or works on as its owner for a while.</summary>
    public void AddBoundsTo(Command command)
    {
        command.Add(_versions);
        command.Add(_maxEntries);
        command.Add(_maxBytes);
        command.Add(_evict);
    }

    /// <summary>The directory; null for a store in memory.</summary>
    public string? PathOf(ParseResult parsed) => parsed.GetValue(_path);

    /// <summary>The mode of a store in the directory.</summary>
    public DurabilityMode DurabilityOf(ParseResult parsed) =>
        PathOf(parsed) is null ? DurabilityMode.Memory : parsed.GetValue(_durability) ?? DurabilityMode.Commit;

    /// <summary>Opens the store. One that is only read can be opened beside its owner.</summary>
    public OpenStore Open(ParseResult parsed, TimeProvider time, bool readOnly = false)
    {
        StoreOptions options = PathOf(parsed) is null ? new() { VersionsToKeep = VersionsInMemory } : EverythingIn(PathOf(parsed)!);
        options.VersionsToKeep = (int?)Given(parsed, _versions) ?? options.VersionsToKeep;
        options.MaxEntries = Given(parsed, _maxEntries);
        options.MaxBytes = Given(parsed, _maxBytes);
        options.WhenFull = parsed.GetValue(_evict) ? WhenFull.Evict : WhenFull.Refuse;
        options.TimeProvider = time;
        options.ReadOnly = readOnly;
        return Open(parsed, options);
    }

    /// <summary>Opens a store with options of the caller's own, which may name another directory, and with the mode and the key that were given.</summary>
    public OpenStore Open(ParseResult parsed, StoreOptions options)
    {
        if (options.Path is null)
        {
            return new OpenStore(new Store(options));
        }

        options.Durability = DurabilityOf(parsed);
        options.EncryptionKey = _keyFile.Read(parsed);
        try
        {
            return new OpenStore(Store.Open(options), DurabilityOf(parsed), options.ReadOnly);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(options.EncryptionKey);
        }
    }

    /// <summary>Options that take whatever a directory holds, and shorten nothing of it.</summary>
    public static StoreOptions EverythingIn(string path) => new()
    {
        Path = path,
        VersionsToKeep = VersionsInDirectory,
        MaxKeyBytes = MaxKeyBytes,
        MaxValueBytes = MaxValueBytes,
    };

    private static long? Given(ParseResult parsed, Option<long> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
}
