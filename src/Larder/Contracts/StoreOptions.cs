using System.Diagnostics.CodeAnalysis;

namespace Larder;

/// <summary>
/// How a store is set up. A store copies what it needs when it is created; later changes have no effect. Impossible values are
/// refused all at once, by one <see cref="ArgumentException"/> that lists every one of them.
/// </summary>
public sealed class StoreOptions
{
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

    internal StoreOptions Validated()
    {
        var problems = new List<string>();
        Check(MaxEntries is null or >= 1, $"MaxEntries must be at least 1, but is {MaxEntries}");
        Check(MaxBytes is null or >= 1, $"MaxBytes must be at least 1, but is {MaxBytes}");
        Check(Enum.IsDefined(WhenFull), $"WhenFull has no value {(int)WhenFull}");
        Check(VersionsToKeep is >= 1 and <= 1024, $"VersionsToKeep must be from 1 to 1024, but is {VersionsToKeep}");
        Check(MaxKeyBytes is >= 1 and <= 64 * 1024, $"MaxKeyBytes must be from 1 to 65536, but is {MaxKeyBytes}");
        Check(MaxValueBytes is >= 0 and <= 1024 * 1024 * 1024, $"MaxValueBytes must be from 0 to 1073741824, but is {MaxValueBytes}");
        Check(Serializer is not null, "Serializer must not be null");
        Check(TimeProvider is not null, "TimeProvider must not be null");
        Check(Enum.IsDefined(LogLevel), $"LogLevel has no value {(int)LogLevel}");
        return problems.Count == 0
            ? (StoreOptions)MemberwiseClone()
            : throw new ArgumentException($"the store options are not valid: {string.Join("; ", problems)}.");

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
