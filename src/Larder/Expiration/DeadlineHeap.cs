using Larder.Entries;

namespace Larder.Expiration;

/// <summary>
/// What is due: a 4-ary heap of the entries that have a deadline, earliest first. Each node knows its position, so a changed deadline
/// moves it instead of leaving a stale copy behind. Advises, never removes. Guarded by the store's gate.
/// </summary>
internal sealed class DeadlineHeap
{
    private const int Arity = 4;

    private (long Deadline, Node Node)[] _heap = [];

    internal int Count { get; private set; }

    /// <summary>The earliest deadline; <see cref="Expiry.Never"/> when there is none.</summary>
    internal long Earliest => Count == 0 ? Expiry.Never : _heap[0].Deadline;

    /// <summary>The entry that is due first at <paramref name="now"/>; null when none is due.</summary>
    internal Node? Due(long now) => Earliest <= now ? _heap[0].Node : null;

    /// <summary>How many entries are due, found in steps proportional to that number.</summary>
    internal long CountDue(long now) => CountDue(0, now);

    /// <summary>Makes room, so that the next <paramref name="more"/> calls of <see cref="Set"/> allocate nothing.</summary>
    internal void Reserve(int more)
    {
        if (Count + more > _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(16, Math.Max(Count + more, _heap.Length * 2)));
        }
    }

    /// <summary>Notes the deadline of a node, or that it has none any more.</summary>
    internal void Set(Node node, long deadline)
    {
        if (deadline == Expiry.Never)
        {
            Remove(node);
            return;
        }

        if (node.DeadlineAt < 0)
        {
            Reserve(1);
            node.DeadlineAt = Count++;
        }

        SiftUp(node.DeadlineAt, (deadline, node));
        SiftDown(node.DeadlineAt, (deadline, node));
    }

    internal void Remove(Node node)
    {
        int at = node.DeadlineAt;
        if (at < 0)
        {
            return;
        }

        node.DeadlineAt = -1;
        (long Deadline, Node Node) last = _heap[--Count];
        _heap[Count] = default;
        if (at < Count)
        {
            SiftUp(at, last);
            SiftDown(last.Node.DeadlineAt, last);
        }
    }

    /// <summary>Whether every child is due no earlier than its parent and every node knows where it is.</summary>
    internal bool IsConsistent()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_heap[i].Node.DeadlineAt != i || _heap[i].Deadline != _heap[i].Node.Head.ExpiresAt || (i > 0 && _heap[(i - 1) / Arity].Deadline > _heap[i].Deadline))
            {
                return false;
            }
        }

        return true;
    }

    private long CountDue(int at, long now)
    {
        if (at >= Count || _heap[at].Deadline > now)
        {
            return 0;
        }

        long due = 1;
        for (int child = (at * Arity) + 1; child <= (at * Arity) + Arity; child++)
        {
            due += CountDue(child, now);
        }

        return due;
    }

    private void SiftUp(int at, (long Deadline, Node Node) item)
    {
        while (at > 0 && _heap[(at - 1) / Arity].Deadline > item.Deadline)
        {
            Place(at, _heap[(at - 1) / Arity]);
            at = (at - 1) / Arity;
        }

        Place(at, item);
    }

    private void SiftDown(int at, (long Deadline, Node Node) item)
    {
        while (true)
        {
            int first = (at * Arity) + 1;
            int least = first;
            for (int child = first + 1; child < Math.Min(first + Arity, Count); child++)
            {
                least = _heap[child].Deadline < _heap[least].Deadline ? child : least;
            }

            if (least >= Count || _heap[least].Deadline >= item.Deadline)
            {
                Place(at, item);
                return;
            }

            Place(at, _heap[least]);
            at = least;
        }
    }

    private void Place(int at, (long Deadline, Node Node) item)
    {
        _heap[at] = item;
        item.Node.DeadlineAt = at;
    }
}
