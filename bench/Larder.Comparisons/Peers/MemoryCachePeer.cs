using Microsoft.Extensions.Caching.Memory;

namespace Larder.Comparisons.Peers;

/// <summary>MemoryCache with its default options: expiry, but no order and no atomic counter.</summary>
internal readonly struct MemoryCachePeer(MemoryCache cache) : IPeer<MemoryCachePeer>
{
    public static string Name => "MemoryCache";

    public static MemoryCachePeer Create(int entries) => new(new MemoryCache(new MemoryCacheOptions()));

    public MemoryCachePeer ForThread(int thread) => this;

    public bool TryGet(string key, ref long sum)
    {
        if (!cache.TryGetValue(key, out byte[]? value))
        {
            return false;
        }

        sum += value!.Length + value[0];
        return true;
    }

    public void Set(string key, byte[] value) => cache.Set(key, value.AsSpan().ToArray());

    public void Dispose() => cache.Dispose();
}
