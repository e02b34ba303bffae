namespace Larder;

/// <summary>Figures of a cache at one moment. Each is exact once the callers it counts have returned; together they are not one point in time.</summary>
public sealed record CacheStatistics
{
    /// <summary>Entries held, those that are due but not yet swept included.</summary>
    public required long Entries { get; init; }

    /// <summary>The sum of the entries' weights; equal to <see cref="Entries"/> when the cache is not weighted.</summary>
    public required long Weight { get; init; }

    /// <summary>Look-ups that found their key, by whichever member.</summary>
    public required long Hits { get; init; }

    /// <summary>Look-ups that did not.</summary>
    public required long Misses { get; init; }

    /// <summary>Entries that the bound drove out.</summary>
    public required long Evictions { get; init; }

    /// <summary>Entries whose time ran out and that have left.</summary>
    public required long Expirations { get; init; }

    /// <summary>Hits as a share of all look-ups, from 0 to 1; 0 when there were none.</summary>
    public double HitRate => Hits + Misses == 0 ? 0 : (double)Hits / (Hits + Misses);
}
