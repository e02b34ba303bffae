namespace Larder.Comparisons.Peers.Caches;

/// <summary>What a cache under test can do besides finding and setting.</summary>
[Flags]
internal enum CacheTraits
{
    None = 0,

    /// <summary>It has a bound.</summary>
    Bounded = 1,

    /// <summary>When it is full, the newcomer is kept and another goes.</summary>
    Evicts = 2,

    /// <summary>Entries live for a time.</summary>
    Lifetimes = 4,
}

/// <summary>A cache that can be measured. Larder comes first: all others are what it is compared with.</summary>
internal sealed record CachePeerKind<TKey>(string Name, CacheTraits Traits, Func<int, CachePeer<TKey>> Create)
    where TKey : notnull
{
    /// <summary>All that this program was built with.</summary>
    public static readonly CachePeerKind<TKey>[] Everybody =
    [
        Of<LarderCachePeer<TKey>>(CacheTraits.Bounded | CacheTraits.Evicts | CacheTraits.Lifetimes),
        Of<UncountedCachePeer<TKey>>(CacheTraits.Bounded),
        Of<DictionaryCachePeer<TKey>>(CacheTraits.None),
        Of<MemoryCacheCachePeer<TKey>>(CacheTraits.Bounded | CacheTraits.Lifetimes),
        Of<LockedLruPeer<TKey>>(CacheTraits.Bounded | CacheTraits.Evicts),
#if BITFASTER
        Of<FastConcurrentLruPeer<TKey>>(CacheTraits.Bounded | CacheTraits.Evicts),
        Of<ConcurrentLruPeer<TKey>>(CacheTraits.Bounded | CacheTraits.Evicts),
        Of<ConcurrentTLruPeer<TKey>>(CacheTraits.Bounded | CacheTraits.Evicts | CacheTraits.Lifetimes),
        Of<ConcurrentLfuPeer<TKey>>(CacheTraits.Bounded | CacheTraits.Evicts),
#endif
    ];

    public static IEnumerable<CachePeerKind<TKey>> With(CacheTraits traits) => Everybody.Where(k => (k.Traits & traits) == traits);

    private static CachePeerKind<TKey> Of<T>(CacheTraits traits)
        where T : struct, ICachePeer<T, TKey> =>
        new(T.Name, traits, static capacity => new CachePeer<T, TKey>(T.Create(capacity)));
}

/// <summary>The names of caches, as gates and tables use them.</summary>
internal static class CacheNames
{
    public const string Larder = "Larder";
    public const string Uncounted = "Larder, not counting";
    public const string Dictionary = "ConcurrentDictionary";
    public const string MemoryCache = "MemoryCache";
    public const string LockedLru = "locked LRU";
    public const string FastLru = "FastConcurrentLru";
    public const string Lru = "ConcurrentLru";
    public const string TLru = "ConcurrentTLru";
    public const string Lfu = "ConcurrentLfu";

    /// <summary>The columns of the tables.</summary>
    public static readonly string[] Columns = [Uncounted, Dictionary, MemoryCache, LockedLru, FastLru, Lru, TLru, Lfu];

    /// <summary>Those that have a bound.</summary>
    public static readonly string[] Bounded = [FastLru, Lru, Lfu, MemoryCache, LockedLru];

    /// <summary>BitFaster's own, when they take part.</summary>
    public static readonly string[] BitFaster = [FastLru, Lru, Lfu];

    /// <summary>Those that evict and do so for many threads.</summary>
    public static readonly string[] Evicting = [FastLru, Lru, Lfu, LockedLru];
}
