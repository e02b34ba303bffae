using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Larder.Comparisons.HitRate;

/// <summary>
/// MemoryCache with a size limit. When it is full it refuses an entry and throws 5 % out in the background; that is waited for, and
/// its clock counts accesses, so that runs repeat and its order of use is exact.
/// </summary>
internal sealed class MemoryCacheReplay : IReplayed
{
    private const double KeptByCompaction = 0.95;
    private static readonly TimeSpan _never = TimeSpan.FromDays(3_650);
    private static readonly object _value = new();

    private readonly AccessClock _clock = new();
    private readonly MemoryCache _cache;
    private readonly long _capacity;

    public MemoryCacheReplay(long capacity)
    {
        _capacity = capacity;
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = capacity, Clock = _clock, ExpirationScanFrequency = _never });
    }

    public bool Access(int key)
    {
        _clock.Accesses++;
        if (_cache.TryGetValue(key, out _))
        {
            return true;
        }

        using (ICacheEntry entry = _cache.CreateEntry(key))
        {
            entry.Value = _value;
            entry.Size = 1;
        }

        if (!_cache.TryGetValue(key, out _))
        {
            SpinWait.SpinUntil(() => _cache.Count <= (_capacity * KeptByCompaction) + 1, TimeSpan.FromSeconds(2));
        }

        return false;
    }

    public void Dispose() => _cache.Dispose();

    private sealed class AccessClock : ISystemClock
    {
        public long Accesses { get; set; }

        public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch.AddTicks(Accesses);
    }
}
