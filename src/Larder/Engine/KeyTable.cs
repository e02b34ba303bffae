using Larder.Entries;

namespace Larder.Engine;

/// <summary>
/// Finds the node of a key: an extendible hash table (Fagin et al., 1979) for one writer and any number of readers.
/// </summary>
/// <remarks>
/// <para>A directory, indexed by the top bits of the hash, points to segments: small open-addressing tables, probed linearly. A full
/// segment is rebuilt or split in two, one at a time, so that growth never stops anybody for longer than one segment takes.</para>
/// <para><b>Protocol.</b> Writers hold the store's gate. Readers hold nothing: they load the directory, a segment and its slots in that
/// order with acquire semantics. A slot's hash is written before its node is released; a slot is never emptied, only buried, so a probe
/// never ends early. A segment that was replaced is left as it is: a reader still in it sees every node that was there when its search
/// began, and a node says itself, by a tombstone, that it was removed since. Hence a miss is always true of some moment during the
/// search.</para>
/// </remarks>
internal sealed class KeyTable
{
    private const int FirstSlots = 16;
    private const int MostSlots = 4096;

    /// <summary>Stands in a slot whose node was removed.</summary>
    private static readonly Node _buried = new([], 0);

    private volatile Directory _directory = new([new Segment(FirstSlots, depth: 0)], depth: 0);

    /// <summary>Finds the node of a key; null when there is none. Needs no gate.</summary>
    internal Node? Find(ReadOnlySpan<byte> key, uint hash)
    {
        Directory directory = _directory;
        Slot[] slots = Volatile.Read(ref directory.Segments[directory.IndexOf(hash)]).Slots;
        int mask = slots.Length - 1;
        for (int i = (int)(hash & (uint)mask); ; i = (i + 1) & mask)
        {
            Node? node = Volatile.Read(ref slots[i].Node);
            if (node is null)
            {
                return null;
            }

            if (slots[i].Tag == hash && key.SequenceEqual(node.Key))
            {
                return node;
            }
        }
    }

    /// <summary>Makes room, so that the next <see cref="Add"/> of this hash allocates nothing.</summary>
    internal void Reserve(uint hash)
    {
        while (true)
        {
            Directory directory = _directory;
            Segment segment = directory.Segments[directory.IndexOf(hash)];
            if (segment.HasRoom)
            {
                return;
            }

            if (segment.Live * 2 < segment.Slots.Length)
            {
                Replace(directory, hash, segment.Depth, [segment.Rebuilt(segment.Slots.Length)]);
            }
            else if (segment.Slots.Length < MostSlots)
            {
                Replace(directory, hash, segment.Depth, [segment.Rebuilt(segment.Slots.Length * 2)]);
            }
            else
            {
                if (segment.Depth == directory.Depth)
                {
                    _directory = directory = directory.Doubled();
                }

                Replace(directory, hash, segment.Depth, segment.Split());
            }
        }
    }

    /// <summary>Makes an empty table so large that so many nodes, evenly spread as hashes are, fill it without a rebuild.</summary>
    internal void Presize(int nodes)
    {
        int depth = 0;
        while (nodes >> depth > MostSlots / 8 * 5)
        {
            depth++;
        }

        int slots = FirstSlots;
        while (slots / 8 * 5 < nodes >> depth)
        {
            slots *= 2;
        }

        var segments = new Segment[1 << depth];
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] = new Segment(slots, depth);
        }

        _directory = new Directory(segments, depth);
    }

    internal void Add(Node node)
    {
        Reserve(node.Hash);
        Directory directory = _directory;
        directory.Segments[directory.IndexOf(node.Hash)].Add(node);
        node.IsLinked = true;
    }

    internal void Remove(Node node)
    {
        Directory directory = _directory;
        directory.Segments[directory.IndexOf(node.Hash)].Bury(node);
        node.IsLinked = false;
    }

    /// <summary>Every node, in no order. The gate is held.</summary>
    internal IEnumerable<Node> Nodes()
    {
        foreach (Segment segment in _directory.Segments.Distinct())
        {
            foreach (Slot slot in segment.Slots)
            {
                if (slot.Node is { } node && node != _buried)
                {
                    yield return node;
                }
            }
        }
    }

    /// <summary>Puts one or two parts in place of the segment of this hash. The entries that point to it are neighbours.</summary>
    private static void Replace(Directory directory, uint hash, int depth, Segment[] parts)
    {
        int span = 1 << (directory.Depth - depth);
        int first = directory.IndexOf(hash) & ~(span - 1);
        for (int i = 0; i < span; i++)
        {
            Volatile.Write(ref directory.Segments[first + i], parts[i * parts.Length / span]);
        }
    }

    private struct Slot
    {
        internal Node? Node;
        internal uint Tag;
    }

    private sealed class Directory(Segment[] segments, int depth)
    {
        internal readonly Segment[] Segments = segments;
        internal readonly int Depth = depth;

        internal int IndexOf(uint hash) => Depth == 0 ? 0 : (int)(hash >> (32 - Depth));

        internal Directory Doubled()
        {
            var doubled = new Segment[Segments.Length * 2];
            for (int i = 0; i < doubled.Length; i++)
            {
                doubled[i] = Segments[i / 2];
            }

            return new Directory(doubled, Depth + 1);
        }
    }

    /// <summary>Keys whose hashes share their top <see cref="Depth"/> bits; the low bits say where in the segment.</summary>
    private sealed class Segment(int slots, int depth)
    {
        internal readonly Slot[] Slots = new Slot[slots];
        internal readonly int Depth = depth;
        private int _used;

        /// <summary>Nodes held; slots used besides are buried.</summary>
        internal int Live { get; private set; }

        /// <summary>At most three quarters are used, so that probes stay short and always end.</summary>
        internal bool HasRoom => _used < Slots.Length - (Slots.Length / 4);

        internal void Add(Node node)
        {
            int mask = Slots.Length - 1;
            int i = (int)(node.Hash & (uint)mask);
            while (Slots[i].Node is { } present && present != _buried)
            {
                i = (i + 1) & mask;
            }

            _used += Slots[i].Node is null ? 1 : 0;
            Live++;
            Slots[i].Tag = node.Hash;
            Volatile.Write(ref Slots[i].Node, node);
        }

        internal void Bury(Node node)
        {
            int mask = Slots.Length - 1;
            int i = (int)(node.Hash & (uint)mask);
            while (Slots[i].Node != node)
            {
                i = (i + 1) & mask;
            }

            Live--;
            Volatile.Write(ref Slots[i].Node, _buried);
        }

        internal Segment Rebuilt(int size)
        {
            var rebuilt = new Segment(size, Depth);
            CopyTo(rebuilt, rebuilt);
            return rebuilt;
        }

        internal Segment[] Split()
        {
            Segment[] halves = [new(Slots.Length, Depth + 1), new(Slots.Length, Depth + 1)];
            CopyTo(halves[0], halves[1]);
            return halves;
        }

        private void CopyTo(Segment low, Segment high)
        {
            foreach (Slot slot in Slots)
            {
                if (slot.Node is { } node && node != _buried)
                {
                    bool upper = low != high && ((node.Hash >> (31 - Depth)) & 1) == 1;
                    (upper ? high : low).Add(node);
                }
            }
        }
    }
}
