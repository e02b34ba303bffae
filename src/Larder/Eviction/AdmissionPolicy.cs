using Larder.Entries;
using Larder.Primitives;

namespace Larder.Eviction;

/// <summary>
/// Who should go, for the cache: newcomers wait in a first-in-first-out window; when they leave it they displace the next victim of the main queue, a clock
/// with two-bit counters, only if the sketch has seen them more often; who is refused leaves a fingerprint in the ghost, and goes to the main
/// queue when it comes back. Built from W-TinyLFU (Einziger et al. 2017), CLOCK (Corbató 1968) and the ghost of S3-FIFO (Yang et al. 2023). A hit
/// raises a counter and nothing else. Advises, never removes. Guarded by the cache's gate, except for the counters that hits raise.
/// </summary>
/// <remarks>
/// With weights, bound and shares are in weight, a contest is won by who has been seen more often than all together that it would displace, and everything
/// else is the same. With the weight 1 that is the contest with one victim.
/// </remarks>
internal sealed class AdmissionPolicy
{
    private const int LuckFrom = 6;       // a candidate seen this often ...
    private const uint LuckMask = 127;    // ... may win without reason, once in this many, so that nothing locks up for ever

    private const int MostAtFirst = 1 << 17;

    private readonly ChunkedArray<QueueNode> _nodes;
    private readonly IHitCounters _hits;
    private readonly ChunkedArray<long>? _weights;
    private readonly EntryList _window;
    private readonly EntryList _main;
    private readonly FrequencySketch _sketch;
    private GhostQueue _ghost;
    private long _ghostLength;
    private Arm _arm = Arm.Balanced;
    private long _bound;
    private long _windowBound;
    private int _hand = QueueNode.None;   // where the hand stands when it moves nothing
    private bool _wasFull;                // somebody had to go already
    private uint _luck = 0x2545_F491;

    /// <param name="nodes">Places in queues; room for an entry is made before it is added.</param>
    /// <param name="hits">The counters that hits raise.</param>
    /// <param name="weights">Null when every entry weighs 1.</param>
    /// <param name="bound">The largest weight.</param>
    internal AdmissionPolicy(ChunkedArray<QueueNode> nodes, IHitCounters hits, ChunkedArray<long>? weights, long bound)
    {
        _nodes = nodes;
        _hits = hits;
        _weights = weights;
        _window = new EntryList(Region.Window, nodes);
        _main = new EntryList(Region.Main, nodes);
        _sketch = new FrequencySketch(weights is null ? FirstLength(bound) : 0);
        _ghost = new GhostQueue(0);
        SetBound(bound);
    }

    internal int Count => _window.Count + _main.Count;

    internal long Weight => _window.Weight + _main.Weight;

    internal long Bound => _bound;

    internal void SetBound(long bound)
    {
        _bound = bound;
        UseArm(_arm);
        FitGhost();
    }

    internal void UseArm(Arm arm)
    {
        _arm = arm;
        _hand = arm.HandStays ? _hand : QueueNode.None;
        _windowBound = Math.Clamp((long)Math.Round(_bound * arm.WindowShare), 1, Math.Max(1, _bound - 1));
    }

    /// <summary>Notes that a key is asked for which is not here, and is going to be added; says where to.</summary>
    internal Region Arrive(uint hash)
    {
        if (Count >= _sketch.Entries && Count < _bound)
        {
            _sketch.Grow();
            FitGhost();
        }

        _sketch.Increment(hash);
        bool isBack = _ghost.Take(hash);
        return isBack && _arm.HasGhost ? Region.Main : Region.Window;
    }

    internal void Add(int entry, uint hash, long weight, Region region)
    {
        _nodes[entry].Hash = hash;
        _hits[entry] = 0;
        if (_weights is not null)
        {
            _weights[entry] = weight;
        }

        (region == Region.Main ? _main : _window).Append(entry, weight);
        if (_window.Weight > _windowBound && _window.Count > 1 && Weight < _bound)
        {
            // No contest while there is room. But where somebody has left room, who fills it is the first to go when it is wanted again: or else
            // every heavy entry that passes through would leave the main queue to whoever came after it.
            MoveToMain(_window.Head, isFirstToGo: _wasFull);
        }
    }

    /// <summary>Notes that an entry is gone.</summary>
    internal void Remove(int entry)
    {
        if (_nodes[entry].Region == Region.Window)
        {
            _window.Remove(entry, WeightOf(entry));
        }
        else if (_nodes[entry].Region == Region.Main)
        {
            if (_hand == entry)
            {
                _hand = _nodes[entry].Next;
            }

            _main.Remove(entry, WeightOf(entry));
        }
    }

    /// <summary>The queue an entry waits in.</summary>
    internal Region RegionOf(int entry) => _nodes[entry].Region;

    /// <summary>Who should go so that an entry of this weight can be added; already taken out of the queues. There is at least one.</summary>
    internal int Victim(long weight, Region arriving)
    {
        _wasFull = true;
        long arrivingInWindow = arriving == Region.Window ? weight : 0;
        while (_window.Count > 0 && (_window.Weight + arrivingInWindow > _windowBound || _main.Count == 0))
        {
            int candidate = _window.Head;
            for (int hits = _hits[candidate]; hits > 0; hits--)
            {
                _sketch.Increment(_nodes[candidate].Hash);
            }

            if (_main.Count == 0)
            {
                return Taken(candidate);
            }

            if (_hits[candidate] >= _arm.PromoteAt)
            {
                MoveToMain(candidate);
                if (_window.Weight + arrivingInWindow > _windowBound)
                {
                    continue;
                }

                return Taken(NextInMain());
            }

            int victim = NextInMain();
            if (_arm.HasContest && Wins(candidate, victim))
            {
                MoveToMain(candidate);
                Shrink(arrivingInWindow);
                return Taken(victim);
            }

            _ghost.Add(_nodes[candidate].Hash);
            int refused = Taken(candidate);
            Shrink(arrivingInWindow);
            return refused;
        }

        return Taken(NextInMain());
    }

    /// <summary>
    /// A window that has become too long, with another arm, hands entries over without a contest, two at a time. With weights there is one arm, and a window is too
    /// long whenever somebody heavy is in it.
    /// </summary>
    private void Shrink(long arriving)
    {
        for (int i = 0; i < 2 && _weights is null && _window.Count > 1 && _window.Weight + arriving > _windowBound + 1; i++)
        {
            MoveToMain(_window.Head);
        }
    }

    private void MoveToMain(int entry, bool isFirstToGo = false)
    {
        long weight = WeightOf(entry);
        _window.Remove(entry, weight);
        _hits[entry] = 0;
        if (isFirstToGo)
        {
            _main.Prepend(entry, weight);
        }
        else
        {
            _main.Append(entry, weight);
        }
    }

    private int Taken(int entry)
    {
        Remove(entry);
        return entry;
    }

    /// <summary>Whether the sketch has seen the candidate more often than all those together that it would displace, the first of whom is given.</summary>
    private bool Wins(int candidate, int victim)
    {
        int seen = _sketch.Estimate(_nodes[candidate].Hash);
        if (seen >= LuckFrom && (NextLuck() & LuckMask) == 0)
        {
            return true;
        }

        long wanted = WeightOf(candidate);
        int sum = 0;
        for (int next = victim; next != QueueNode.None && wanted > 0; next = _nodes[next].Next)
        {
            if (next == victim || _hits[next] == 0)
            {
                wanted -= WeightOf(next);
                sum += _sketch.Estimate(_nodes[next].Hash);
                if (sum >= seen)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The next victim of the main queue: the first that was not found since the hand came by.</summary>
    private int NextInMain()
    {
        if (_arm.HandStays)
        {
            int at = _hand == QueueNode.None ? _main.Head : _hand;
            while (_hits[at] > 0)
            {
                _hits[at]--;
                at = _nodes[at].Next;
                at = at == QueueNode.None ? _main.Head : at;
            }

            return _hand = at;
        }

        while (true)
        {
            int head = _main.Head;
            if (_hits[head] == 0)
            {
                return head;
            }

            _hits[head]--;
            _sketch.Increment(_nodes[head].Hash);
            long weight = WeightOf(head);
            _main.Remove(head, weight);
            _main.Append(head, weight);
        }
    }

    private long WeightOf(int entry) => _weights is null ? 1 : _weights[entry];

    /// <summary>The ghost is nine tenths as long as the cache; a cache bounded by weight, or a very large one, learns how long that is.</summary>
    private void FitGhost()
    {
        long length = (long)(0.9 * Math.Min(_bound, _sketch.Entries));
        if (length != _ghostLength)
        {
            _ghost = new GhostQueue(_ghostLength = length);
        }
    }

    /// <summary>For how many entries the sketch is made at first: for all of them, unless they are many; then so that doubling it leads there.</summary>
    private static long FirstLength(long bound)
    {
        while (bound > MostAtFirst)
        {
            bound = (bound + 1) / 2;
        }

        return bound;
    }

    private uint NextLuck()
    {
        _luck ^= _luck << 13;   // xorshift (Marsaglia 2003)
        _luck ^= _luck >> 17;
        return _luck ^= _luck << 5;
    }
}
