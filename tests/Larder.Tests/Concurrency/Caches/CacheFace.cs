namespace Larder.Tests.Concurrency.Caches;

/// <summary>The members of a cache, to be overridden by planted faults.</summary>
internal class CacheFace(Cache<string, Item> cache)
{
    protected Cache<string, Item> Inner => cache;

    public virtual bool TryGet(string key, out Item? item) => cache.TryGet(key, out item);

    public virtual void Set(string key, Item item, Expiry expiry) => cache.Set(key, item, expiry);

    public virtual bool TryAdd(string key, Item item, Expiry expiry) => cache.TryAdd(key, item, expiry);

    public virtual bool Remove(string key) => cache.Remove(key);

    public virtual bool TryRemove(string key, out Item? item) => cache.TryRemove(key, out item);

    public virtual Item GetOrAdd(string key, Func<Item> make) => Perturbation.Next(3) switch
    {
        0 => cache.GetOrAdd(key, _ => make()),
        1 => cache.GetOrAdd(key, static (_, make) => make(), make),
        _ => cache.GetOrAddAsync(key, (_, _) => new ValueTask<Item>(make())).AsTask().GetAwaiter().GetResult(),
    };

    public virtual void Clear() => cache.Clear();

    public bool GetMany(string key, out Item? item)
    {
        Item?[] items = new Item?[1];
        bool[] found = new bool[1];
        int count = cache.GetMany([key], items, found);
        item = items[0];
        return count == 1 && found[0];
    }
}
