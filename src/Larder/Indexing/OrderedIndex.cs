using System.Buffers.Binary;
using Larder.Entries;

namespace Larder.Indexing;

/// <summary>
/// Keys in order, for scans, kept lazily: a writer only notes which node came or went; the notes are sorted and merged into an immutable
/// tree in the background. A scan that comes before that merges, for itself, the few that concern its range.
/// </summary>
/// <remarks>
/// <para><b>Protocol.</b> Notes are taken and handed over under the store's gate. The state, a tree and the notes that it lacks, is immutable
/// and exchanged under the state gate, which is held for a few instructions and taken last. One merge runs at a time, under the merge gate,
/// which is taken after the store's gate or without it, and which no scan waits for while many notes are outstanding.</para>
/// <para>A scan, under the store's gate, fixes its point in time and hands the notes over; the state it reads afterwards names every node that its
/// point in time needs: those linked before it were noted before it, and the engine unlinks none while the scan is registered. Merging
/// asks each node whether it is linked at that moment, so the order in which notes arrive does not matter.</para>
/// </remarks>
internal sealed class OrderedIndex
{
    /// <summary>So many notes, or an eighth of the keys, and the background merges them though nobody scans.</summary>
    private const int ManyNotes = 4096;

    /// <summary>So many notes are sifted by every scan before it asks for a merge: some tens of microseconds.</summary>
    private const int SiftedNotes = 2048;

    /// <summary>So few notes are merged by the scan that meets them: some tens of microseconds, for good.</summary>
    private const int FewNotes = 64;

    private readonly Lock _mergeGate = new();
    private readonly Lock _stateGate = new();
    private volatile State _state = new(null, 0, [], 0);
    private Node[] _notes = [];   // guarded by the store's gate
    private int _noteCount;       // guarded by the store's gate

    /// <summary>Whether so many notes wait that they should be merged before a scan asks. The store's gate is held.</summary>
    internal bool IsBehind
    {
        get
        {
            State state = _state;
            return _noteCount + state.Unmerged >= Math.Max(ManyNotes, state.Size / 8);
        }
    }

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

    /// <summary>Hands the notes over to whoever reads or merges next. The store's gate is held.</summary>
    internal void HandOver()
    {
        if (_noteCount > 0)
        {
            var batch = new ArraySegment<Node>(_notes, 0, _noteCount);
            lock (_stateGate)
            {
                State state = _state;
                _state = new State(state.Root, state.Size, [.. state.Batches, batch], state.Unmerged + batch.Count);
            }

            _notes = [];
            _noteCount = 0;
        }
    }

    /// <summary>
    /// A tree that is complete for a range. <paramref name="isCostly"/> says that many notes had to be sifted for it, and
    /// that merging them would spare the next scan that.
    /// </summary>
    internal Page? View(KeyRange range, out bool isCostly)
    {
        State state = _state;
        isCostly = state.Unmerged > SiftedNotes;
        if (state.Unmerged <= FewNotes)
        {
            return state.Unmerged == 0 ? state.Root : Merge();
        }

        var inRange = new List<Node>();
        foreach (ArraySegment<Node> batch in state.Batches)
        {
            foreach (Node node in batch)
            {
                if (range.Contains(node.Key))
                {
                    inRange.Add(node);
                }
            }
        }

        int size = state.Size;
        return inRange.Count == 0 ? state.Root : Page.Merge(state.Root, Sorted([.. inRange]), ref size);
    }

    /// <summary>Merges all that was handed over and returns the tree.</summary>
    internal Page? Merge()
    {
        lock (_mergeGate)
        {
            State state = _state;
            if (state.Unmerged == 0)
            {
                return state.Root;
            }

            int size = state.Size;
            Page? root = Page.Merge(state.Root, Sorted([.. state.Batches.SelectMany(static batch => batch)]), ref size);
            lock (_stateGate)
            {
                // What was handed over meanwhile stands behind what was merged.
                _state = new State(root, size, _state.Batches[state.Batches.Length..], _state.Unmerged - state.Unmerged);
            }

            return root;
        }
    }

    /// <summary>Notes in key order, one a key: of several nodes of one key the one that is linked, if any is.</summary>
    private static ReadOnlySpan<Node> Sorted(Span<Node> nodes)
    {
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

    /// <summary>A tree and the notes that are not in it yet.</summary>
    private sealed record State(Page? Root, int Size, ArraySegment<Node>[] Batches, int Unmerged);
}
