using System.Diagnostics.CodeAnalysis;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>A dictionary and a list behind one lock: least recently used, exact, as it is written by hand everywhere.</summary>
internal sealed class LockedLru<TKey>(int capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, Cached>>> _map = new(capacity);
    private readonly LinkedList<KeyValuePair<TKey, Cached>> _byUse = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value)
    {
        lock (_gate)
        {
            if (!_map.TryGetValue(key, out LinkedListNode<KeyValuePair<TKey, Cached>>? node))
            {
                value = null;
                return false;
            }

            Use(node);
            value = node.Value.Value;
            return true;
        }
    }

    public void Set(TKey key, Cached value)
    {
        lock (_gate)
        {
            if (_map.TryGetValue(key, out LinkedListNode<KeyValuePair<TKey, Cached>>? node))
            {
                node.Value = new(key, value);
                Use(node);
                return;
            }

            if (_map.Count >= capacity)
            {
                _map.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }

            _map[key] = _byUse.AddFirst(new KeyValuePair<TKey, Cached>(key, value));
        }
    }

    private void Use(LinkedListNode<KeyValuePair<TKey, Cached>> node)
    {
        if (node != _byUse.First)
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }
    }
}

/// <summary><see cref="LockedLru{TKey}"/> under test.</summary>
internal readonly struct LockedLruPeer<TKey>(LockedLru<TKey> cache) : ICachePeer<LockedLruPeer<TKey>, TKey>
    where TKey : notnull
{
    public static string Name => "locked LRU";

    public static LockedLruPeer<TKey> Create(int capacity) => new(new LockedLru<TKey>(capacity));

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value) => cache.TryGet(key, out value);

    public void Set(TKey key, Cached value) => cache.Set(key, value);

    public Cached GetOrAdd(TKey key, Func<TKey, Cached> make)
    {
        if (!cache.TryGet(key, out Cached? value))
        {
            value = make(key);
            cache.Set(key, value);
        }

        return value;
    }

    public void Dispose()
    {
    }
}
