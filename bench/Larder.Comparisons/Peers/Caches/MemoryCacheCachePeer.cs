using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>MemoryCache with a size limit. It refuses what does not fit, so it takes no part where entries must be evicted.</summary>
internal readonly struct MemoryCacheCachePeer<TKey>(MemoryCache cache) : ICachePeer<MemoryCacheCachePeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "MemoryCache";

    public static MemoryCacheCachePeer<TKey> Create(int capacity) => new(new MemoryCache(new MemoryCacheOptions { SizeLimit = capacity }));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGetValue(key, out value);

    public void Set(TKey key, Cached value)
    {
        using ICacheEntry entry = cache.CreateEntry(key);
        entry.Value = value;
        entry.Size = 1;
    }

    public void SetFor(TKey key, Cached value)
    {
        using ICacheEntry entry = cache.CreateEntry(key);
        entry.Value = value;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = ICachePeer<MemoryCacheCachePeer<TKey>, TKey>.Lifetime;
    }

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make)
    {
        if (!TryGet(key, out Cached? value))
        {
            value = make(key);
            Set(key, value);
        }

        return value;
    }

    public void Remove(TKey key) => cache.Remove(key);

    public void Dispose() => cache.Dispose();
}
