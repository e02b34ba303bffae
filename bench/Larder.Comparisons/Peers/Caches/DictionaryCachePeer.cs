using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>ConcurrentDictionary: no bound, no expiry. The floor of .NET.</summary>
internal readonly struct DictionaryCachePeer<TKey>(ConcurrentDictionary<TKey, Cached> map) : ICachePeer<DictionaryCachePeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "ConcurrentDictionary";

    public static DictionaryCachePeer<TKey> Create(int capacity) => new(new ConcurrentDictionary<TKey, Cached>(Environment.ProcessorCount, capacity));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => map.TryGetValue(key, out value);

    public void Set(TKey key, Cached value) => map[key] = value;

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make) => map.GetOrAdd(key, make);

    /// <summary>Nothing is evicted here, so whoever needs room removes by hand.</summary>
    public void Remove(TKey key) => map.TryRemove(key, out _);

    public void Dispose() => map.Clear();
}
