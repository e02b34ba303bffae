using Larder.Changes;
using Larder.Entries;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// Fills a store from changes, before it is used: what a commit would do, without what only a store in use needs (conditions, room, the log,
/// readers). Used by one thread. Nothing is seen of it before the end.
/// </summary>
/// <remarks>
/// Sets that come in key order, as those of an image do, need not be looked for: as long as nothing else came they only line up, and enter the
/// table together. Filled meanwhile it would be most of the work, because the collector follows every slot written since it last came.
/// </remarks>
internal sealed class Restoration(MemoryEngine engine, StoreOptions options, bool evicts, MonotonicClock clock) : IChangeTarget
{
    /// <summary>So many notes of the index, and twice as many as there are entries, are merged on the way, so that they do not outgrow what is restored.</summary>
    private const int FewestNotes = 64 * 1024;

    private readonly Snapshots _noScans = new();
    private Contents _contents = new(evicts);
    private long _entries;
    private long _bytes;
    private long _notes;
    private List<Node>? _line = [];   // keys in order, not in the table yet; null once another came

    public void Begin()
    {
        Reset();
        engine.Adopt(new Contents(evicts), 0);
    }

    public void Apply(in Change change)
    {
        ReadOnlySpan<byte> key = change.Utf8Key.Span;
        switch (change.Kind)
        {
            case ChangeKind.Set:
                Set(key, change);
                break;
            case ChangeKind.Remove or ChangeKind.Expire or ChangeKind.Evict:
                Settle();
                if (_contents.Table.Find(key, engine.HashOf(key)) is { } node)
                {
                    Remove(node);
                }

                break;
            case ChangeKind.Clear:
                Clear(key);
                break;
        }
    }

    public void End(long sequence)
    {
        Settle();

        // Not told to the log: whoever reads it again drops the same, for its clock is never earlier.
        for (long now = clock.Now; _contents.Deadlines.Due(now) is { } due;)
        {
            Remove(due);
        }

        FillQueue();
        _contents.Count(_entries, _bytes);
        _contents.Restored = (_entries, _bytes);
        engine.Adopt(_contents, sequence);
        Reset();
    }

    private void Reset()
    {
        _contents = new Contents(evicts);
        (_entries, _bytes, _notes) = (0, 0, 0);
        _line = [];
    }

    private void Set(ReadOnlySpan<byte> key, in Change change)
    {
        uint hash = engine.HashOf(key);
        Node? node = Find(key, hash);
        if (node is null && change.IsTouch)
        {
            return;   // it was due when the image was made, and is gone for good
        }

        Record version = change.IsTouch ? node!.Head.Copy() : Record.Of(change.Value.Span, change.ValueKind);   // a log does not repeat the value
        version.Stamp(change.Version, change.Deadline);
        if (node is null)
        {
            node = new Node(key.ToArray(), hash) { IsPresent = true };
            Add(node);
        }
        else if (options.VersionsToKeep > 1)
        {
            Replace(node, change);
        }

        long charged = Chain.Charge(node, version);
        if (node.Older is { } older)
        {
            charged += Chain.Supersede(node, older, options.VersionsToKeep - 1, change.Version);
            Chain.Trim(node, _noScans);
        }

        _bytes += charged - node.Charged;
        node.Charged = charged;
        node.Head = version;
        if (change.Deadline != Expiry.Never || node.DeadlineAt >= 0)
        {
            _contents.Deadlines.Set(node, change.Deadline);
        }
    }

    private Node? Find(ReadOnlySpan<byte> key, uint hash)
    {
        if (_line is { } line)
        {
            int order = line.Count == 0 ? 1 : key.SequenceCompareTo(line[^1].Key);
            if (order >= 0)
            {
                return order > 0 ? null : line[^1];
            }

            Settle();
        }

        return _contents.Table.Find(key, hash);
    }

    private void Add(Node node)
    {
        _entries++;
        if (_line is { } line)
        {
            line.Add(node);
        }
        else
        {
            _contents.Table.Add(node);
            Note(node);
        }
    }

    /// <summary>Lets those in line into the table.</summary>
    private void Settle()
    {
        if (_line is { } line)
        {
            _line = null;
            _contents.Table.Presize(line.Count);
            _contents.Index.Reserve(line.Count);
            foreach (Node node in line)
            {
                _contents.Table.Add(node);
                Note(node);
            }
        }
    }

    /// <summary>Moves the version that is there into the history, unless the next is the same under another deadline, or begins a history of its own.</summary>
    private static void Replace(Node node, in Change change)
    {
        if (change.EndsHistory)
        {
            node.Older = null;
        }
        else if (!change.IsTouch)
        {
            node.Older = new Older(node.Head, node.Older);
        }
    }

    private void Remove(Node node)
    {
        _contents.Table.Remove(node);
        _contents.Deadlines.Remove(node);
        Note(node);
        node.IsPresent = false;
        _entries--;
        _bytes -= node.Charged;
    }

    private void Clear(ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty)
        {
            Reset();
            return;
        }

        Settle();
        Merge();
        foreach (Node node in _contents.NodesUnder(prefix.ToArray()))
        {
            if (node.IsLinked && node.Key.Length > prefix.Length)
            {
                Remove(node);
            }
        }
    }

    private void Note(Node node)
    {
        _contents.Index.Note(node);
        if (++_notes > FewestNotes + (2 * _entries))
        {
            Merge();
        }
    }

    private void Merge()
    {
        _contents.Index.HandOver();
        _contents.Index.Merge();
        _notes = 0;
    }

    /// <summary>Queues what may be evicted in the order in which it was last written.</summary>
    private void FillQueue()
    {
        if (_contents.Queue is not { } queue)
        {
            return;
        }

        Node[] nodes = [.. _contents.Table.Nodes()];
        long[] versions = Array.ConvertAll(nodes, static node => node.Head.Version);
        Array.Sort(versions, nodes);
        foreach (Node node in nodes)
        {
            queue.Add(node);
        }
    }
}
