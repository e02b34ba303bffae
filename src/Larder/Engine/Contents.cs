using Larder.Entries;
using Larder.Eviction;
using Larder.Expiration;
using Larder.Indexing;

namespace Larder.Engine;

/// <summary>Everything that a store holds, in one object, so that clearing it is one exchange and nobody late can spoil what is new.</summary>
internal sealed class Contents(bool evicts)
{
    internal readonly KeyTable Table = new();
    internal readonly OrderedIndex Index = new();
    internal readonly DeadlineHeap Deadlines = new();
    internal readonly EvictionQueue? Queue = evicts ? new() : null;

    /// <summary>Nodes with versions, or a tombstone, that only a scan still needs.</summary>
    internal readonly Queue<Node> Limbo = new();

    /// <summary>How many nodes in limbo are worth another look since a scan ended.</summary>
    internal int ToTidy;

    /// <summary>How many entries and bytes a store was opened with: more than its bounds allow, perhaps, and then never more than that.</summary>
    internal (long Entries, long Bytes) Restored;

    // Written inside the store's gate, read by statistics without it.
    private long _entries;
    private long _bytes;

    internal long Entries => Volatile.Read(ref _entries);

    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The nodes under a prefix. The store's gate is held.</summary>
    internal IEnumerable<Node> NodesUnder(byte[] prefix)
    {
        Index.HandOver();
        KeyRange range = KeyRange.Under(prefix);
        var cursor = new IndexCursor(Index.View(range, out _), range, reverse: false);
        while (cursor.Next() is { } node)
        {
            yield return node;
        }
    }

    internal void Count(long entries, long bytes)
    {
        Volatile.Write(ref _entries, _entries + entries);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }
}
