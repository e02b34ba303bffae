using System.Diagnostics.CodeAnalysis;

namespace Larder;

/// <summary>
/// How a store is set up. A store copies what it needs when it is created; later changes have no effect. Impossible values are
/// refused all at once, by one <see cref="ArgumentException"/> that lists every one of them.
/// </summary>
public sealed class StoreOptions
{
    internal const int MostVersions = 1024;
    internal const int KeyBytes = 32;

    /// <summary>
    /// The directory that keeps the store; null for a store in memory. It is created when it does not exist, and holds one store.
    /// <see cref="Store.Open(StoreOptions)"/> needs one, <see cref="Store(StoreOptions)"/> refuses one.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// Opens what is there without changing anything, also beside a running owner: the newest image and what its owner has handed to the
    /// operating system by then. Every write is refused. Default: false.
    /// </summary>
    public bool ReadOnly { get; set; }

    /// <summary>What survives. Default: <see cref="DurabilityMode.Commit"/> when there is a path, <see cref="DurabilityMode.Memory"/> when there is none.</summary>
    public DurabilityMode? Durability { get; set; }

    /// <summary>
    /// How often <see cref="DurabilityMode.Interval"/> flushes (default 100 ms) and <see cref="DurabilityMode.Snapshot"/> writes an image
    /// (default 1 minute). From 1 ms to 24 hours.
    /// </summary>
    public TimeSpan? FlushInterval { get; set; }

    /// <summary>
    /// Encrypts every file with AES-256-GCM under keys derived from these 32 bytes; null leaves them readable. The store copies it, and
    /// forgets its copy when it is closed. A store is encrypted from its first opening or not at all.
    /// </summary>
    [SuppressMessage("Performance", "CA1819", Justification = "Key material, as the platform's own cryptography takes it.")]
    public byte[]? EncryptionKey { get; set; }

    /// <summary>The most entries held at any moment; null for no bound. At least 1.</summary>
    public long? MaxEntries { get; set; }

    /// <summary>The most bytes held at any moment, counted as key + value + 64 for every kept version; null for no bound. At least 1.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>What happens to a write that would exceed a bound. Default: it is refused.</summary>
    public WhenFull WhenFull { get; set; } = WhenFull.Refuse;

    /// <summary>How many versions of a key are kept, the present one included. Default 1: no history. At most 1,024.</summary>
    public int VersionsToKeep { get; set; } = 1;

    /// <summary>The longest key, in UTF-8 bytes. Default 1 KiB; at most 64 KiB.</summary>
    public int MaxKeyBytes { get; set; } = 1024;

    /// <summary>The largest value, in bytes. Default 16 MiB; at most 1 GiB.</summary>
    public int MaxValueBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The codec of typed values. Default: System.Text.Json.</summary>
    public IValueSerializer Serializer { get; set; } = JsonValueSerializer.Default;

    /// <summary>The clock. Expiry is measured on its monotonic timestamp. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Called with what the store has to tell, outside every gate, on whichever thread it happens; what it throws is ignored.</summary>
    public Action<StoreLogEvent>? Log { get; set; }

    /// <summary>Events below this level are not made. Default: <see cref="StoreLogLevel.Error"/>.</summary>
    public StoreLogLevel LogLevel { get; set; } = StoreLogLevel.Error;

    /// <summary>The same options for a directory.</summary>
    internal StoreOptions At(string path)
    {
        var options = (StoreOptions)MemberwiseClone();
        options.Path = path;
        return Path is null || Path == path ? options : throw new ArgumentException($"the path is '{path}', but by its options the store is in '{Path}'.", nameof(path));
    }

    /// <summary>Tells the hook, if it wants to know; whatever it throws stays there.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A hook that fails must not fail the store.")]
    internal void Tell(StoreLogLevel level, string name, string message)
    {
        if (Log is null || level < LogLevel)
        {
            return;
        }

        try
        {
            Log(new StoreLogEvent(level, name, message));
        }
        catch (Exception)
        {
        }
    }

    internal StoreOptions Validated() => Validate() is { Count: > 0 } problems
        ? throw new ArgumentException($"the store options are not valid: {string.Join("; ", problems)}.")
        : (StoreOptions)MemberwiseClone();

    /// <summary>
    /// What is impossible about these options, one sentence each without a full stop, which begins with the name of the option; empty when they are
    /// valid. Opening a store asks for itself; this is for whoever sets options up and wants to know earlier.
    /// </summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(MaxEntries is null or >= 1, $"MaxEntries must be at least 1, but is {MaxEntries}");
        Check(MaxBytes is null or >= 1, $"MaxBytes must be at least 1, but is {MaxBytes}");
        Check(Enum.IsDefined(WhenFull), $"WhenFull has no value {(int)WhenFull}");
        Check(VersionsToKeep is >= 1 and <= MostVersions, $"VersionsToKeep must be from 1 to {MostVersions}, but is {VersionsToKeep}");
        Check(MaxKeyBytes is >= 1 and <= 64 * 1024, $"MaxKeyBytes must be from 1 to 65536, but is {MaxKeyBytes}");
        Check(MaxValueBytes is >= 0 and <= 1024 * 1024 * 1024, $"MaxValueBytes must be from 0 to 1073741824, but is {MaxValueBytes}");
        Check(Serializer is not null, "Serializer must not be null");
        Check(TimeProvider is not null, "TimeProvider must not be null");
        Check(Enum.IsDefined(LogLevel), $"LogLevel has no value {(int)LogLevel}");
        CheckDurability();
        return problems;

        void CheckDurability()
        {
            Check(Path is null || !string.IsNullOrWhiteSpace(Path), "Path must not be empty");
            Check(Path?.Contains('\0', StringComparison.Ordinal) != true, "Path must not contain NUL");
            Check(Durability is null || Enum.IsDefined(Durability.Value), $"Durability has no value {(int?)Durability}");
            Check(Path is null || Durability != DurabilityMode.Memory, "Durability is Memory, which keeps nothing, but there is a Path");
            Check(Path is not null || Durability is null or DurabilityMode.Memory, $"Durability is {Durability}, but there is no Path");
            Check(Path is not null || !ReadOnly, "ReadOnly needs a Path");
            Check(Path is not null || EncryptionKey is null, "EncryptionKey needs a Path");
            Check(EncryptionKey is null or { Length: KeyBytes }, $"EncryptionKey must have {KeyBytes} bytes, but has {EncryptionKey?.Length}");
            Check(
                FlushInterval is null || (FlushInterval >= TimeSpan.FromMilliseconds(1) && FlushInterval <= TimeSpan.FromHours(24)),
                $"FlushInterval must be from 1 ms to 24 hours, but is {FlushInterval}");
        }

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
