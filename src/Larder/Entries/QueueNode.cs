namespace Larder.Entries;

/// <summary>The place of one cache entry in a queue of the eviction policy, and its hash: 12 bytes. Guarded by the cache's gate.</summary>
internal struct QueueNode
{
    internal const int None = -1;

    private const int RegionBits = 2;

    /// <summary>The next in the queue, or in the list of free slots.</summary>
    internal int Next;

    internal uint Hash;

    private int _previousAndRegion;   // the neighbour's number, plus one, above two bits of region: up to half a billion entries

    internal int Previous
    {
        readonly get => (_previousAndRegion >> RegionBits) - 1;
        set => _previousAndRegion = ((value + 1) << RegionBits) | (_previousAndRegion & 3);
    }

    internal Region Region
    {
        readonly get => (Region)(_previousAndRegion & 3);
        set => _previousAndRegion = (_previousAndRegion & ~3) | (int)value;
    }
}

/// <summary>In which queue an entry waits.</summary>
internal enum Region
{
    /// <summary>In none.</summary>
    Outside,

    /// <summary>The window that newcomers pass through.</summary>
    Window,

    /// <summary>The main queue.</summary>
    Main,
}
