using System.Runtime.InteropServices;
using Larder.Entries;

namespace Larder.Engine;

/// <summary>
/// What a cache has counted since it was made, in a cache line of its own: beside it, look-ups on other cores would wait for every insertion. Guarded by the cache's gate.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal sealed class CacheTally
{
    [FieldOffset(56)]
    internal long Insertions;

    [FieldOffset(64)]
    internal long Evictions;

    [FieldOffset(72)]
    internal long Expirations;
}

/// <summary>How much a cache's contents are, and which slots are free; in a cache line of its own for the same reason. Guarded by the cache's gate.</summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal sealed class CacheRoom
{
    [FieldOffset(56)]
    internal int Count;

    /// <summary>Slots that were ever handed out.</summary>
    [FieldOffset(60)]
    internal int Used;

    [FieldOffset(64)]
    internal long Weight;

    /// <summary>The first of those that are free again.</summary>
    [FieldOffset(72)]
    internal int Free = QueueNode.None;
}
