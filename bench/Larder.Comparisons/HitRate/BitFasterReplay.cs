#if BITFASTER
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;

namespace Larder.Comparisons.HitRate;

/// <summary>BitFaster's ConcurrentLru; it holds three entries at least.</summary>
internal sealed class ConcurrentLruReplay(long capacity) : IReplayed
{
    private readonly ConcurrentLru<int, int> _cache = new(1, (int)Math.Max(3, capacity), EqualityComparer<int>.Default);

    public bool Access(int key)
    {
        if (_cache.TryGet(key, out _))
        {
            return true;
        }

        _cache.AddOrUpdate(key, key);
        return false;
    }

    public void Dispose()
    {
    }
}

/// <summary>BitFaster's ConcurrentLfu, its upkeep on the calling thread, so that runs repeat.</summary>
internal sealed class ConcurrentLfuReplay(long capacity) : IReplayed
{
    private readonly ConcurrentLfu<int, int> _cache =
        new(1, (int)Math.Max(3, capacity), new ForegroundScheduler(), EqualityComparer<int>.Default);

    public bool Access(int key)
    {
        if (_cache.TryGet(key, out _))
        {
            return true;
        }

        _cache.AddOrUpdate(key, key);
        return false;
    }

    public void Dispose()
    {
    }
}
#endif
