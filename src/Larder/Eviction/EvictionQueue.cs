using Larder.Entries;

namespace Larder.Eviction;

/// <summary>
/// Who should go: S3-FIFO (Yang et al., SOSP 2023). A newcomer waits in a small first-in-first-out queue; read twice there, it moves to
/// the main queue, which is worked as a clock with two-bit counters; otherwise it goes and leaves a fingerprint in the ghost, which takes it
/// straight to the main queue should it come back soon. A hit raises a counter and nothing else. Advises, never removes. Guarded by the
/// store's gate.
/// </summary>
internal sealed class EvictionQueue
{
    private const byte Small = 1;
    private const byte Main = 2;
    private const byte MostFrequent = 3;
    private const int PromoteAt = 2;
    private const int SmallShare = 10;   // one in ten entries waits in the small queue

    private readonly Queue<(Node Node, int Place)> _small = new();
    private readonly Queue<(Node Node, int Place)> _main = new();
    private readonly Queue<uint> _ghostOrder = new();
    private readonly Dictionary<uint, int> _ghost = [];
    private int _places;   // given out so far; wraps around, which does no harm
    private int _inSmall;
    private int _inMain;

    internal int Count => _inSmall + _inMain;

    /// <summary>Places in the queues, those left over included.</summary>
    internal int Places => _small.Count + _main.Count;

    /// <summary>Notes a use. Needs no gate: a lost update costs nothing but a little advice.</summary>
    internal static void Hit(Node node)
    {
        if (node.Frequency < MostFrequent)
        {
            node.Frequency++;
        }
    }

    /// <summary>Notes a newcomer.</summary>
    internal void Add(Node node)
    {
        node.Frequency = 0;
        if (_ghost.ContainsKey(node.Hash))
        {
            Enqueue(node, Main);
        }
        else
        {
            Enqueue(node, Small);
        }
    }

    /// <summary>Notes that a node is gone. Its place in the queue is dropped when it comes up, or when such places outnumber the rest.</summary>
    internal void Remove(Node node)
    {
        if (node.Queue == Small)
        {
            _inSmall--;
        }
        else if (node.Queue == Main)
        {
            _inMain--;
        }

        node.Queue = 0;
        if (Places > (2 * Count) + 64)
        {
            Compact(_small, Small);
            Compact(_main, Main);
        }
    }

    /// <summary>The node that should go next, already taken out of the queues; null when every one left is part of the commit under way.</summary>
    internal Node? Victim()
    {
        List<(Node Node, byte Queue)>? busy = null;
        Node? victim = Next(ref busy);
        foreach ((Node node, byte queue) in busy ?? [])
        {
            Enqueue(node, queue);
        }

        return victim;
    }

    private Node? Next(ref List<(Node Node, byte Queue)>? busy)
    {
        // Ends: every turn takes a node out, or a step off its counter.
        while (true)
        {
            byte name = _inSmall > Count / SmallShare || _inMain == 0 ? Small : Main;
            if (!(name == Small ? _small : _main).TryDequeue(out (Node Node, int Place) queued))
            {
                return null;
            }

            Node node = queued.Node;
            if (node.Queue != name || node.Place != queued.Place)
            {
                continue;   // removed, or queued anew, since
            }

            Remove(node);
            if (node.IsBusy)
            {
                (busy ??= []).Add((node, name));
            }
            else if (name == Small && node.Frequency >= PromoteAt)
            {
                node.Frequency = 0;
                Enqueue(node, Main);
            }
            else if (name == Main && node.Frequency > 0)
            {
                node.Frequency--;
                Enqueue(node, Main);
            }
            else
            {
                Remember(node, name == Small);
                return node;
            }
        }
    }

    private void Enqueue(Node node, byte queue)
    {
        node.Queue = queue;
        node.Place = ++_places;
        (queue == Small ? _small : _main).Enqueue((node, node.Place));
        if (queue == Small)
        {
            _inSmall++;
        }
        else
        {
            _inMain++;
        }
    }

    /// <summary>What leaves the small queue unread is remembered for as many departures as there are entries.</summary>
    private void Remember(Node node, bool fromSmall)
    {
        if (fromSmall)
        {
            uint print = node.Hash;
            _ghostOrder.Enqueue(print);
            _ghost[print] = _ghost.GetValueOrDefault(print) + 1;
        }

        while (_ghostOrder.Count > Count)
        {
            uint oldest = _ghostOrder.Dequeue();
            if (--_ghost[oldest] == 0)
            {
                _ghost.Remove(oldest);
            }
        }
    }

    private static void Compact(Queue<(Node Node, int Place)> queue, byte name)
    {
        for (int i = queue.Count; i > 0; i--)
        {
            (Node node, int place) = queue.Dequeue();
            if (node.Queue == name && node.Place == place)
            {
                queue.Enqueue((node, place));
            }
        }
    }
}
