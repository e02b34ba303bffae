using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Larder.Comparisons.Peers;

/// <summary>The floor of counting: a box in a ConcurrentDictionary, changed in place. No version, nothing a scan could read at one moment.</summary>
internal readonly struct InterlockedPeer(ConcurrentDictionary<string, StrongBox<long>> map) : IPeer<InterlockedPeer>
{
    public static string Name => "Interlocked in a ConcurrentDictionary";

    public static InterlockedPeer Create(int entries) => new(new ConcurrentDictionary<string, StrongBox<long>>());

    public InterlockedPeer ForThread(int thread) => this;

    public bool TryGet(string key, ref long sum) => throw new NotSupportedException();

    public void Set(string key, byte[] value) => throw new NotSupportedException();

    public void SetCounter(string key) => map[key] = new StrongBox<long>();

    public long Increment(string key) => Interlocked.Increment(ref map[key].Value);

    public void Dispose()
    {
    }
}
