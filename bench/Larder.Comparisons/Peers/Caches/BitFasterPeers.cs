#if BITFASTER
using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>BitFaster's ConcurrentLru, which counts hits and raises events.</summary>
internal readonly struct ConcurrentLruPeer<TKey>(ConcurrentLru<TKey, Cached> cache) : ICachePeer<ConcurrentLruPeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "ConcurrentLru";

    public static ConcurrentLruPeer<TKey> Create(int capacity) => new(new ConcurrentLru<TKey, Cached>(capacity));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.AddOrUpdate(key, value);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => cache.GetOrAdd(key, make);

    public void Dispose() => cache.Clear();
}

/// <summary>BitFaster's ConcurrentLru without counters and events.</summary>
internal readonly struct FastConcurrentLruPeer<TKey>(FastConcurrentLru<TKey, Cached> cache) : ICachePeer<FastConcurrentLruPeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "FastConcurrentLru";

    public static FastConcurrentLruPeer<TKey> Create(int capacity) => new(new FastConcurrentLru<TKey, Cached>(capacity));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.AddOrUpdate(key, value);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => cache.GetOrAdd(key, make);

    public void Dispose() => cache.Clear();
}

/// <summary>BitFaster's ConcurrentTLru: one lifetime for all entries of a cache.</summary>
internal readonly struct ConcurrentTLruPeer<TKey>(FastConcurrentTLru<TKey, Cached> cache) : ICachePeer<ConcurrentTLruPeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "ConcurrentTLru";

    public static ConcurrentTLruPeer<TKey> Create(int capacity) =>
        new(new FastConcurrentTLru<TKey, Cached>(capacity, ICachePeer<ConcurrentTLruPeer<TKey>, TKey>.Lifetime));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.AddOrUpdate(key, value);

    public void SetFor(TKey key, Cached value) => cache.AddOrUpdate(key, value);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => cache.GetOrAdd(key, make);

    public void Dispose() => cache.Clear();
}

/// <summary>BitFaster's ConcurrentLfu, a W-TinyLFU; its upkeep runs on the thread pool, its default.</summary>
internal readonly struct ConcurrentLfuPeer<TKey>(ConcurrentLfu<TKey, Cached> cache) : ICachePeer<ConcurrentLfuPeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "ConcurrentLfu";

    public static ConcurrentLfuPeer<TKey> Create(int capacity) => new(new ConcurrentLfu<TKey, Cached>(capacity));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.AddOrUpdate(key, value);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => cache.GetOrAdd(key, make);

    public void Dispose() => cache.Clear();
}
#endif
