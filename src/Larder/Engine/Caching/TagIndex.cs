using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Larder.Engine;

/// <summary>
/// Finds the slots of a cache by hash: extendible hashing (Fagin et al. 1979) over buckets of one cache line, in each of which eleven one-byte tags are compared by
/// one vector instruction. One writer, inside the cache's gate; any number of readers, who hold nothing. It lies in pinned arrays without
/// references, which the collector neither moves nor scans, and which nobody has to free.
/// </summary>
/// <remarks>
/// <code>
/// directory   [segment, segment, ...]            by the top bits of the hash
/// segment     | header | bucket | bucket | ...   a line each; a bucket is chosen by the remixed hash
/// bucket      | control 8 | tags 11 | - | slot numbers 11 x 4 |
/// control     | version 32 | - 4 | spilled 7 x 4 |
/// </code>
/// <para>
/// An entry whose bucket is full spills into one of the next seven; its home bucket counts how many spilled how far, so that a miss usually reads
/// one line. When all eight are full the segment is split: the half that moves is copied to a new segment, the directory is told, and only then the
/// moved entries are taken out of the old one. Nothing else ever moves.
/// </para>
/// <para>
/// <b>Readers.</b> A slot number is written before its tag, so who sees the tag sees the number. An entry in place is found, unless it moved: therefore who found
/// nothing looks whether the directory still names the segment it searched, and starts over if not. The directory is written before entries are taken out of the old
/// segment, so who missed one because of that sees another segment. Segments never come back to a hash they were taken from.
/// </para>
/// <para>
/// <b>Versions.</b> The version of a home bucket counts the entries that came to it. Who searched without the gate and found nothing, and inside the gate finds the
/// same home with the same version, knows without comparing keys that the key has not come since.
/// </para>
/// </remarks>
internal sealed unsafe class TagIndex
{
    /// <summary>The most keys of one hash that can be found: those in a home bucket and the buckets it may spill into.</summary>
    internal const int MostOfOneHash = Ways * (MostSpill + 1);

    private const int Ways = 11;
    private const int MostSpill = 7;
    private const int Line = 64;
    private const int TagsAt = 8;
    private const int NumbersAt = 20;
    private const int MostBuckets = 64;
    private const int DeepestSegment = 24;
    private const double Load = 0.65;           // of the ways, when all entries are there
    private const ulong SpillMask = 0x0FFF_FFFF;

    private readonly List<byte[]> _memory = [];
    private readonly int _buckets;              // per segment
    private readonly int _wanted;               // segments; until there are so many, nothing needs to spill
    private nint[] _directory;
    private int _turn;                          // which way the next crowded bucket gives up

    internal TagIndex(long expected)
    {
        double buckets = Math.Max(1, Math.Ceiling(expected / (Ways * Load)));
        for (_wanted = 1; buckets > MostBuckets; _wanted *= 2)
        {
            buckets /= 2;
        }

        _buckets = (int)Math.Ceiling(buckets);
        _directory = [NewSegment(depth: 0)];
    }

    /// <summary>The segment of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint SegmentOf(uint hash)
    {
        nint[] directory = Volatile.Read(ref _directory);
        return Volatile.Read(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(directory), (nint)(((ulong)hash * (uint)directory.Length) >> 32)));
    }

    /// <summary>The home bucket of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Home(uint hash) => Home(SegmentOf(hash), hash);

    /// <summary>Whether no entry of a home bucket has spilled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsWhole(byte* home) => Spilled(Control(home)) == 0;

    /// <summary>The home bucket of a hash in its segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Home(nint segment, uint hash) => (byte*)segment + Line + (NumberOf(hash) * Line);

    /// <summary>The bucket so many places after a home bucket, around the end of the segment.</summary>
    internal byte* Spill(nint segment, uint hash, int distance)
    {
        uint number = NumberOf(hash) + (uint)distance;   // a distance is less than there are buckets
        return (byte*)segment + Line + ((number < (uint)_buckets ? number : number - (uint)_buckets) * Line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Control(byte* home) => Volatile.Read(ref *(ulong*)home);

    internal static uint VersionOf(ulong control) => (uint)(control >> 32);

    /// <summary>Four bits for each distance: how many entries of a home bucket stand so far from it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Spilled(ulong control) => (uint)(control & SpillMask);

    /// <summary>The ways of a bucket that may hold a key of this hash, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Matches(byte* bucket, uint hash) => Matches(bucket, Tag(hash));

    /// <summary>The number of the slot in a way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int SlotIn(byte* bucket, int way) => *(int*)(bucket + NumbersAt + (way * 4));

    /// <summary>
    /// Adds a slot under a hash. False when there is no place even though splitting would not help, because too many keys have one hash: then
    /// <paramref name="crowding"/> is a slot that should go first. The gate is held.
    /// </summary>
    internal bool TryAdd(uint hash, int slot, Func<int, uint> hashOf, out int crowding)
    {
        crowding = -1;
        while (true)
        {
            nint segment = SegmentOf(hash);
            bool splitsEarly = _memory.Count < _wanted && Matches(Home(segment, hash), tag: 0) == 0 && Depth(segment) < DeepestSegment;
            if (splitsEarly && TrySplit(segment, hash, hashOf))
            {
                continue;
            }

            if (TryPlace(segment, hash, slot))
            {
                return true;
            }

            if (Depth(segment) >= DeepestSegment || !SplitsApart(segment, hash, hashOf) || !TrySplit(segment, hash, hashOf))
            {
                crowding = SlotIn(Home(segment, hash), _turn++ % Ways);
                return false;
            }
        }
    }

    /// <summary>Takes a slot out. The gate is held.</summary>
    internal void Remove(uint hash, int slot)
    {
        nint segment = SegmentOf(hash);
        for (int distance = 0; distance <= MostSpill && distance < _buckets; distance++)
        {
            byte* bucket = Spill(segment, hash, distance);
            for (uint matches = Matches(bucket, hash); matches != 0; matches &= matches - 1)
            {
                int way = BitOperations.TrailingZeroCount(matches);
                if (SlotIn(bucket, way) == slot)
                {
                    Clear(segment, hash, bucket, way, distance);
                    return;
                }
            }
        }

        Debug.Fail("the slot is not in the index");
    }

    /// <summary>Every slot in the index. The gate is held.</summary>
    internal IEnumerable<int> Slots()
    {
        foreach (nint segment in _directory.Distinct())
        {
            for (int bucket = 0; bucket < _buckets; bucket++)
            {
                for (int way = 0; way < Ways; way++)
                {
                    if (SlotAt(segment, bucket, way) is int slot and >= 0)
                    {
                        yield return slot;
                    }
                }
            }
        }
    }

    private static int SlotAt(nint segment, int bucket, int way)
    {
        byte* at = (byte*)segment + Line + (bucket * Line);
        return at[TagsAt + way] == 0 ? -1 : SlotIn(at, way);
    }

    /// <summary>From one to 255: 0 is an empty way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Tag(uint hash) => (byte)hash == 0 ? (byte)1 : (byte)hash;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Matches(byte* bucket, byte tag) =>
        Vector128.Equals(Vector128.Load(bucket + TagsAt), Vector128.Create(tag)).ExtractMostSignificantBits() & ((1u << Ways) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint NumberOf(uint hash) => (uint)(((ulong)(hash * 0x9E37_79B1u) * (uint)_buckets) >> 32);

    private static int Depth(nint segment) => *(int*)segment;

    private nint NewSegment(int depth)
    {
        byte[] memory = GC.AllocateArray<byte>(((_buckets + 1) * Line) + Line, pinned: true);
        _memory.Add(memory);
        nint segment = (Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) + Line - 1) & ~(nint)(Line - 1);
        *(int*)segment = depth;
        return segment;
    }

    private bool TryPlace(nint segment, uint hash, int slot)
    {
        for (int distance = 0; distance <= MostSpill && distance < _buckets; distance++)
        {
            byte* bucket = Spill(segment, hash, distance);
            uint free = Matches(bucket, tag: 0);
            if (free == 0)
            {
                continue;
            }

            int way = BitOperations.TrailingZeroCount(free);
            *(int*)(bucket + NumbersAt + (way * 4)) = slot;
            Volatile.Write(ref bucket[TagsAt + way], Tag(hash));
            byte* home = Home(segment, hash);
            ulong arrived = Control(home) + (1ul << 32);
            Volatile.Write(ref *(ulong*)home, distance == 0 ? arrived : arrived + OneSpilled(distance));
            return true;
        }

        return false;
    }

    private void Clear(nint segment, uint hash, byte* bucket, int way, int distance)
    {
        Volatile.Write(ref bucket[TagsAt + way], 0);
        if (distance > 0)
        {
            byte* home = Home(segment, hash);
            Volatile.Write(ref *(ulong*)home, Control(home) - OneSpilled(distance));
        }
    }

    private static ulong OneSpilled(int distance) => 1ul << ((distance - 1) * 4);

    /// <summary>Whether among those who crowd a home bucket and its neighbours some differ from the newcomer in a bit that a split can still look at.</summary>
    private bool SplitsApart(nint segment, uint hash, Func<int, uint> hashOf)
    {
        uint differing = 0;
        for (int distance = 0; distance <= MostSpill && distance < _buckets; distance++)
        {
            byte* bucket = Spill(segment, hash, distance);
            for (int way = 0; way < Ways; way++)
            {
                differing |= hashOf(SlotIn(bucket, way)) ^ hash;
            }
        }

        return differing >> (32 - DeepestSegment) != 0;
    }

    private bool TrySplit(nint old, uint hash, Func<int, uint> hashOf)
    {
        int depth = Depth(old) + 1;
        nint moved = NewSegment(depth);
        uint bit = 1u << (32 - depth);

        // 1. Copy what moves. Placing in another order may in theory need more room; then nothing has happened yet.
        for (int bucket = 0; bucket < _buckets; bucket++)
        {
            for (int way = 0; way < Ways; way++)
            {
                int slot = SlotAt(old, bucket, way);
                if (slot >= 0 && (hashOf(slot) & bit) != 0 && !TryPlace(moved, hashOf(slot), slot))
                {
                    _memory.RemoveAt(_memory.Count - 1);
                    return false;
                }
            }
        }

        // 2. Tell the directory.
        nint[] directory = _directory;
        *(int*)old = depth;
        if (directory.Length < 1 << depth)
        {
            nint[] doubled = new nint[directory.Length * 2];
            for (int i = 0; i < doubled.Length; i++)
            {
                doubled[i] = directory[i / 2];
            }

            directory = doubled;
        }

        int span = directory.Length >> depth;                                      // entries that name one segment of this depth
        int first = (int)(((ulong)(hash & ~(bit - 1) | bit) * (uint)directory.Length) >> 32);
        for (int i = 0; i < span; i++)
        {
            Volatile.Write(ref directory[first + i], moved);
        }

        Volatile.Write(ref _directory, directory);

        // 3. Take what moved out of the old segment.
        for (int bucket = 0; bucket < _buckets; bucket++)
        {
            for (int way = 0; way < Ways; way++)
            {
                int slot = SlotAt(old, bucket, way);
                if (slot >= 0 && hashOf(slot) is uint of && (of & bit) != 0)
                {
                    int distance = (int)(((uint)bucket + (uint)_buckets - NumberOf(of)) % (uint)_buckets);
                    Clear(old, of, (byte*)old + Line + (bucket * Line), way, distance);
                }
            }
        }

        return true;
    }
}
