using Larder.Entries;
using Larder.Primitives;

namespace Larder.Eviction;

/// <summary>A queue of entries, doubly linked through their nodes, with the sum of their weights. Guarded by the cache's gate.</summary>
internal sealed class EntryList(Region region, ChunkedArray<QueueNode> nodes)
{
    internal int Head { get; private set; } = QueueNode.None;

    internal int Tail { get; private set; } = QueueNode.None;

    internal int Count { get; private set; }

    internal long Weight { get; private set; }

    /// <summary>Puts an entry at the end.</summary>
    internal void Append(int entry, long weight)
    {
        ref QueueNode node = ref nodes[entry];
        node.Region = region;
        node.Next = QueueNode.None;
        node.Previous = Tail;
        if (Tail == QueueNode.None)
        {
            Head = entry;
        }
        else
        {
            nodes[Tail].Next = entry;
        }

        Tail = entry;
        Count++;
        Weight += weight;
    }

    /// <summary>Puts an entry at the head: it is the next.</summary>
    internal void Prepend(int entry, long weight)
    {
        ref QueueNode node = ref nodes[entry];
        node.Region = region;
        node.Previous = QueueNode.None;
        node.Next = Head;
        if (Head == QueueNode.None)
        {
            Tail = entry;
        }
        else
        {
            nodes[Head].Previous = entry;
        }

        Head = entry;
        Count++;
        Weight += weight;
    }

    internal void Remove(int entry, long weight)
    {
        ref QueueNode node = ref nodes[entry];
        int previous = node.Previous;
        int next = node.Next;
        if (previous == QueueNode.None)
        {
            Head = next;
        }
        else
        {
            nodes[previous].Next = next;
        }

        if (next == QueueNode.None)
        {
            Tail = previous;
        }
        else
        {
            nodes[next].Previous = previous;
        }

        node.Region = Region.Outside;
        Count--;
        Weight -= weight;
    }
}
