using System.Buffers.Binary;
using System.Collections.Concurrent;
using Larder.Entries;

namespace Larder.Indexing;

/// <summary>
/// Keys in order, for scans, kept lazily: a writer only notes which node came or went; the notes are sorted and merged into an immutable
/// tree when a scan needs them, or in the background once there are many.
/// </summary>
/// <remarks>
/// <para><b>Protocol.</b> Notes are taken and handed over under the store's gate. Merging is guarded by the merge gate, which is taken after
/// the store's gate or without it, never before it. A scan, under the store's gate, fixes its point in time and hands over the notes; then,
/// under the merge gate only, it merges all that was handed over and takes the root. That root holds every node its point in time needs:
/// those linked before it were noted before it, and the engine unlinks none while the scan is registered.</para>
/// <para>Merging asks each node whether it is linked at that moment, so the order in which batches of notes arrive does not matter.</para>
/// </remarks>
internal sealed class OrderedIndex
{
    private const int FewNotes = 4096;

    private readonly Lock _mergeGate = new();
    private readonly ConcurrentQueue<ArraySegment<Node>> _handedOver = new();
    private Node[] _notes = [];   // guarded by the store's gate
    private int _noteCount;       // guarded by the store's gate
    private Page? _root;          // guarded by the merge gate
    private volatile int _size;   // nodes in the tree

    /// <summary>Whether so many notes wait that they should be merged before a scan asks. The store's gate is held.</summary>
    internal bool IsBehind => _noteCount >= Math.Max(FewNotes, _size / 8);

    /// <summary>Notes that a node came or went. The store's gate is held.</summary>
    internal void Note(Node node)
    {
        Reserve(1);
        _notes[_noteCount++] = node;
    }

    /// <summary>Makes room, so that the next <paramref name="more"/> notes allocate nothing. The store's gate is held.</summary>
    internal void Reserve(int more)
    {
        if (_noteCount + more > _notes.Length)
        {
            Array.Resize(ref _notes, Math.Max(16, Math.Max(_noteCount + more, _notes.Length * 2)));
        }
    }

    /// <summary>Hands the notes over to whoever merges next. The store's gate is held.</summary>
    internal void HandOver()
    {
        if (_noteCount > 0)
        {
            _handedOver.Enqueue(new ArraySegment<Node>(_notes, 0, _noteCount));
            _notes = [];
            _noteCount = 0;
        }
    }

    /// <summary>Merges all that was handed over and returns the tree.</summary>
    internal Page? Merge()
    {
        lock (_mergeGate)
        {
            while (_handedOver.TryDequeue(out ArraySegment<Node> notes))
            {
                _root = Page.Merge(_root, Sorted(notes));
                _size = _root?.Count ?? 0;
            }

            return _root;
        }
    }

    /// <summary>Notes in key order, one a key: of several nodes of one key the one that is linked, if any is.</summary>
    private static ReadOnlySpan<Node> Sorted(ArraySegment<Node> notes)
    {
        Span<Node> nodes = notes;
        Sort(nodes);
        int kept = 0;
        foreach (Node node in nodes)
        {
            if (kept > 0 && nodes[kept - 1].Key.AsSpan().SequenceEqual(node.Key))
            {
                nodes[kept - 1] = node.IsLinked ? node : nodes[kept - 1];
            }
            else
            {
                nodes[kept++] = node;
            }
        }

        return nodes[..kept];
    }

    /// <summary>Sorts by the eight bytes after what all keys begin with, which decides most comparisons without touching the keys.</summary>
    private static void Sort(Span<Node> nodes)
    {
        if (nodes.Length < 2)
        {
            return;
        }

        int common = nodes[0].Key.Length;
        foreach (Node node in nodes)
        {
            common = node.Key.AsSpan().CommonPrefixLength(nodes[0].Key.AsSpan(0, common));
        }

        var heads = new ulong[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            heads[i] = Head(nodes[i].Key.AsSpan(common));
        }

        heads.AsSpan().Sort(nodes);
        for (int from = 0, to; from < nodes.Length; from = to)
        {
            for (to = from + 1; to < nodes.Length && heads[to] == heads[from];)
            {
                to++;
            }

            if (to - from > 1)
            {
                nodes[from..to].Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
            }
        }
    }

    private static ulong Head(ReadOnlySpan<byte> key)
    {
        if (key.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        ulong head = 0;
        for (int i = 0; i < key.Length; i++)
        {
            head |= (ulong)key[i] << (56 - (8 * i));
        }

        return head;
    }
}
