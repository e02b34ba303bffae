using System.Numerics;
using Larder.Primitives;

namespace Larder.Expiration;

/// <summary>
/// What is due, for the cache: a hierarchical timing wheel (Varghese and Lauck 1987). Eight levels of 64 buckets, the finest 26 ms wide; filing, taking out and
/// what each entry costs until it is due are constant, however many there are. Advises, never removes. Guarded by the cache's gate.
/// </summary>
/// <remarks>
/// An entry whose deadline moves to later stays where it is, and is filed anew when its bucket comes up: so a write that only prolongs a life need not come
/// here. One whose deadline moves to earlier is filed anew at once by whoever moves it.
/// </remarks>
internal sealed class TimerWheel
{
    private const int UnitBits = 18;         // 2^18 ticks of 100 ns
    private const int LevelBits = 6;
    private const int Levels = 8;            // 64^8 units: beyond the last date there is
    private const int Buckets = 1 << LevelBits;
    private const int Pending = Levels * Buckets;
    private const int None = -1;

    private readonly ChunkedArray<long> _deadlines;
    private readonly ChunkedArray<Node> _nodes;
    private readonly int[] _heads = new int[Pending + 1];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _elapsed;                   // units that are over; entries in buckets are later

    /// <param name="deadlines">The deadline of each entry, in ticks; <see cref="Expiry.Never"/> for none.</param>
    /// <param name="expected">How many entries there may be.</param>
    /// <param name="now">The time, in ticks.</param>
    internal TimerWheel(ChunkedArray<long> deadlines, long expected, long now)
    {
        _deadlines = deadlines;
        _nodes = new ChunkedArray<Node>(expected);
        Array.Fill(_heads, None);
        _elapsed = now >> UnitBits;
    }

    internal int Count { get; private set; }

    /// <summary>Makes room for an entry, so that filing it allocates nothing.</summary>
    internal void MakeRoomFor(int entry) => _nodes.MakeRoomFor(entry);

    /// <summary>Files an entry, for which there is room, under its deadline.</summary>
    internal void Add(int entry)
    {
        Count++;
        File(entry);
    }

    internal void Remove(int entry)
    {
        Count--;
        Unlink(entry);
    }

    /// <summary>
    /// Takes out one entry that is due, or that has no deadline any more. Looks at so many entries at most: the budget is 0 when there may be more.
    /// </summary>
    internal bool TryTake(long now, ref int budget, out int entry)
    {
        while (budget > 0)
        {
            if (_heads[Pending] == None && !TurnTo(now >> UnitBits))
            {
                break;
            }

            budget--;
            entry = _heads[Pending];
            long deadline = Volatile.Read(ref _deadlines[entry]);
            Unlink(entry);
            if (deadline <= now || deadline == Expiry.Never)
            {
                Count--;
                return true;
            }

            File(entry);
        }

        entry = None;
        return false;
    }

    /// <summary>When the next bucket comes up, in ticks; <see cref="Expiry.Never"/> when all are empty.</summary>
    internal long NextAt => _heads[Pending] != None ? _elapsed << UnitBits : TryNext(out _, out long start) ? start << UnitBits : Expiry.Never;

    /// <summary>Moves the next bucket that has come up by this time to the pending ones.</summary>
    private bool TurnTo(long unit)
    {
        if (!TryNext(out int bucket, out long start) || start > unit)
        {
            _elapsed = Math.Max(_elapsed, unit);
            return false;
        }

        _elapsed = start;
        _occupied[bucket / Buckets] &= ~(1ul << (bucket % Buckets));
        int head = _heads[bucket];
        _heads[bucket] = None;
        _heads[Pending] = head;
        _nodes[head].Previous = ~Pending;
        return true;
    }

    private bool TryNext(out int bucket, out long start)
    {
        for (int level = 0; level < Levels; level++)
        {
            if (_occupied[level] != 0)
            {
                int shift = level * LevelBits;
                int at = (int)(_elapsed >> shift) & (Buckets - 1);
                int ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], at));
                bucket = (level * Buckets) + ((at + ahead) & (Buckets - 1));
                start = ((_elapsed >> shift) + ahead) << shift;
                return true;
            }
        }

        (bucket, start) = (None, 0);
        return false;
    }

    private void File(int entry)
    {
        long deadline = Volatile.Read(ref _deadlines[entry]);
        long unit = Math.Max((Math.Min(deadline, DateTimeOffset.MaxValue.UtcTicks) >> UnitBits) + 1, _elapsed + 1);
        int level = (63 - BitOperations.LeadingZeroCount((ulong)(unit ^ _elapsed) | (Buckets - 1))) / LevelBits;
        int bucket = (level * Buckets) + ((int)(unit >> (level * LevelBits)) & (Buckets - 1));
        _occupied[level] |= 1ul << (bucket % Buckets);
        ref Node node = ref _nodes[entry];
        int head = _heads[bucket];
        node.Previous = ~bucket;
        node.Next = head;
        if (head != None)
        {
            _nodes[head].Previous = entry;
        }

        _heads[bucket] = entry;
    }

    private void Unlink(int entry)
    {
        Node node = _nodes[entry];
        if (node.Next != None)
        {
            _nodes[node.Next].Previous = node.Previous;
        }

        if (node.Previous >= 0)
        {
            _nodes[node.Previous].Next = node.Next;
            return;
        }

        int bucket = ~node.Previous;
        _heads[bucket] = node.Next;
        if (node.Next == None && bucket != Pending)
        {
            _occupied[bucket / Buckets] &= ~(1ul << (bucket % Buckets));
        }
    }

    /// <summary>The neighbours of an entry in its bucket; the first has the bucket's number, inverted, before it.</summary>
    private struct Node
    {
        internal int Previous;
        internal int Next;
    }
}
