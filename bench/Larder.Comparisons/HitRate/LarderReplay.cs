namespace Larder.Comparisons.HitRate;

/// <summary>Larder's cache as users get it: made by its public constructor, capacity or weight its only setting, statistics on.</summary>
internal sealed class LarderReplay(CacheOptions<int, uint> options, uint[]? sizes = null) : IReplayed
{
    private readonly Cache<int, uint> _cache = new(options);

    public CacheStatistics Statistics => _cache.Statistics;

    public static LarderReplay OfCapacity(long capacity) => new(new CacheOptions<int, uint> { Capacity = (int)capacity });

    public static LarderReplay OfWeight(long bytes, uint[] sizes) =>
        new(new CacheOptions<int, uint> { MaxWeight = bytes, Weigher = static (_, size) => size }, sizes);

    public bool Access(int key)
    {
        if (_cache.TryGet(key, out uint size))
        {
            return Same(key, size);
        }

        _cache.Set(key, SizeOf(key));
        return false;
    }

    /// <summary>An access that reads back what it has put in: whatever the policy thinks of a newcomer, its caller finds it.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public bool AccessAndReadBack(int key)
    {
        if (Access(key))
        {
            return true;
        }

        return _cache.TryGet(key, out uint size)
            ? !Same(key, size)
            : throw new InvalidOperationException($"key {key} was not there right after it had been set");
    }

    public void Dispose() => _cache.Dispose();

    private uint SizeOf(int key) => sizes?[key] ?? (uint)key;

    private bool Same(int key, uint value) => value == SizeOf(key)
        ? true
        : throw new InvalidOperationException($"key {key} has the value {value} of another");
}
