namespace Larder.Comparisons.HitRate;

/// <summary>A cache that is replayed beside Larder's, at the same capacities.</summary>
internal sealed record Policy(string Name, Func<long, IReplayed> Create)
{
    /// <summary>All that this program was built with.</summary>
    public static IReadOnlyList<Policy> Rivals { get; } =
    [
        new("MemoryCache", capacity => new MemoryCacheReplay(capacity)),
#if BITFASTER
        new("BitFaster LRU", capacity => new ConcurrentLruReplay(capacity)),
        new("BitFaster LFU", capacity => new ConcurrentLfuReplay(capacity)),
#endif
    ];
}
