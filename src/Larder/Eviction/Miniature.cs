using Larder.Entries;
using Larder.Primitives;

namespace Larder.Eviction;

/// <summary>A cache of hashes without values, which plays one arm with a sample of the keys.</summary>
internal sealed class Miniature
{
    private readonly ChunkedArray<QueueNode> _nodes;
    private readonly Counters _hits;
    private readonly AdmissionPolicy _policy;
    private readonly Dictionary<uint, int> _entries;
    private readonly int _capacity;

    internal Miniature(int capacity, Arm arm)
    {
        _capacity = capacity;
        _nodes = new ChunkedArray<QueueNode>(capacity);
        _hits = new Counters(capacity);
        _nodes.MakeRoomFor(capacity - 1);
        _entries = new Dictionary<uint, int>(capacity);
        _policy = new AdmissionPolicy(_nodes, _hits, null, capacity);
        _policy.UseArm(arm);
    }

    /// <summary>Looks a key up and adds it when it is missing; whether it was there.</summary>
    internal bool Access(uint hash)
    {
        if (_entries.TryGetValue(hash, out int entry))
        {
            IHitCounters.Raise(ref _hits[entry]);
            return true;
        }

        Region region = _policy.Arrive(hash);
        entry = _entries.Count;
        if (entry == _capacity)
        {
            entry = _policy.Victim(1, region);
            _entries.Remove(_nodes[entry].Hash);
        }

        _entries.Add(hash, entry);
        _policy.Add(entry, hash, 1, region);
        return false;
    }

    private sealed class Counters(int capacity) : IHitCounters
    {
        private readonly byte[] _hits = new byte[capacity];

        public ref byte this[int entry] => ref _hits[entry];
    }
}
