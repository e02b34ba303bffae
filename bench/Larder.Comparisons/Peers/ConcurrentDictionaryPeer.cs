using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Larder.Comparisons.Peers;

/// <summary>The floor of .NET: no expiry, no version, no order, no bound. A counter is eight bytes replaced by compare-and-set.</summary>
internal readonly struct ConcurrentDictionaryPeer(ConcurrentDictionary<string, byte[]> map) : IPeer<ConcurrentDictionaryPeer>
{
    public static string Name => "ConcurrentDictionary";

    public static ConcurrentDictionaryPeer Create(int entries) => new(new ConcurrentDictionary<string, byte[]>());

    public ConcurrentDictionaryPeer ForThread(int thread) => this;

    public bool TryGet(string key, ref long sum)
    {
        if (!map.TryGetValue(key, out byte[]? value))
        {
            return false;
        }

        sum += value.Length + value[0];
        return true;
    }

    public void Set(string key, byte[] value) => map[key] = value.AsSpan().ToArray();

    public void SetCounter(string key) => map[key] = new byte[sizeof(long)];

    public long Increment(string key)
    {
        while (true)
        {
            byte[] present = map[key];
            long next = BinaryPrimitives.ReadInt64LittleEndian(present) + 1;
            var replacement = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(replacement, next);
            if (map.TryUpdate(key, replacement, present))
            {
                return next;
            }
        }
    }

    public void Dispose()
    {
    }
}
