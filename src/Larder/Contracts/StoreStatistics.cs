namespace Larder;

/// <summary>Figures of a store at one moment. Each is exact; together they are not one point in time.</summary>
public sealed record StoreStatistics
{
    /// <summary>Entries held, those that are due but not yet swept included.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes charged against <see cref="StoreOptions.MaxBytes"/>: key, value and 64 for every kept version.</summary>
    public required long Bytes { get; init; }

    /// <summary>Reads that found their key, since the store was opened.</summary>
    public required long Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    public required long Misses { get; init; }

    /// <summary>Entries that the bound drove out.</summary>
    public required long Evictions { get; init; }

    /// <summary>Entries whose time ran out.</summary>
    public required long Expirations { get; init; }

    /// <summary>The sequence of the last commit: how many commits there were.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Scans that are under way and hold their point in time.</summary>
    public required int Scans { get; init; }

    /// <summary>Watchers that are subscribed.</summary>
    public required int Watchers { get; init; }

    /// <summary>Keys that are locked or waited for.</summary>
    public required int Locks { get; init; }

    /// <summary>Everything up to this commit survives what the store's mode promises to survive; 0 in memory.</summary>
    public required long DurableSequence { get; init; }

    /// <summary>Bytes that the store's files take on disk, what is allocated ahead included; 0 in memory.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Why the store is read-only until it is opened again; null while it is in good health.</summary>
    public required string? Fault { get; init; }
}
