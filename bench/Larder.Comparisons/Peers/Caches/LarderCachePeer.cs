using System.Diagnostics.CodeAnalysis;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>Larder's cache as users get it: capacity is its only setting.</summary>
internal readonly struct LarderCachePeer<TKey>(Cache<TKey, Cached> cache) : ICachePeer<LarderCachePeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "Larder";

    public static LarderCachePeer<TKey> Create(int capacity) => new(new Cache<TKey, Cached>(capacity));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.Set(key, value);

    public void SetFor(TKey key, Cached value) => cache.Set(key, value, ICachePeer<LarderCachePeer<TKey>, TKey>.Lifetime);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => cache.GetOrAdd(key, make);

    public void Dispose() => cache.Dispose();
}

/// <summary>The same without statistics, like those of its peers that have none.</summary>
internal readonly struct UncountedCachePeer<TKey>(Cache<TKey, Cached> cache) : ICachePeer<UncountedCachePeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => CacheNames.Uncounted;

    public static UncountedCachePeer<TKey> Create(int capacity) =>
        new(new Cache<TKey, Cached>(new CacheOptions<TKey, Cached> { Capacity = capacity, CountLookups = false }));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.Set(key, value);

    public void SetFor(TKey key, Cached value) => cache.Set(key, value, ICachePeer<UncountedCachePeer<TKey>, TKey>.Lifetime);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => cache.GetOrAdd(key, make);

    public void Dispose() => cache.Dispose();
}
