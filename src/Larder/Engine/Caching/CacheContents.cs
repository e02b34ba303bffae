using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Larder.Entries;
using Larder.Eviction;
using Larder.Expiration;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// Everything a cache holds: the index, the slots it points to, and the books of policy and wheel about them. Clearing exchanges the whole. Readers hold nothing;
/// all else happens inside the gate of <see cref="CacheEngine{TKey, TValue}"/>, which tells the protocol.
/// </summary>
internal sealed unsafe class CacheContents<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Answers of <see cref="FindAtHome"/> that are no slots.</summary>
    internal const int Absent = -1;

    /// <inheritdoc cref="Absent"/>
    internal const int Unclear = -2;

    private const long Changed = 0;

    private const int PrefetchFrom = 32 * 1024;   // entries; what is smaller lies in the processor's caches anyway

    private readonly CacheKeys<TKey> _keys;
    private readonly TagIndex _index;
    private readonly ChunkedArray<Slot<TKey, TValue>> _slots;
    private readonly ChunkedArray<QueueNode> _nodes;
    private readonly ChunkedArray<long>? _weights;
    private readonly Func<int, uint> _hashOf;
    private readonly long _expected;
    private readonly CacheRoom _room = new();
    private ChunkedArray<long>? _deadlines;   // made when the first entry gets one
    private ChunkedArray<long>? _limits;      // the latest deadlines that sliding may reach
    private TimerWheel? _wheel;

    internal CacheContents(CacheKeys<TKey> keys, long bound, bool isWeighted)
    {
        _keys = keys;
        _expected = isWeighted ? Math.Min(bound, 1 << 16) : bound;
        _index = new TagIndex(_expected);
        _slots = new ChunkedArray<Slot<TKey, TValue>>(_expected);
        _nodes = new ChunkedArray<QueueNode>(_expected);
        _weights = isWeighted ? new ChunkedArray<long>(_expected) : null;
        _hashOf = slot => _nodes[slot].Hash;
        Policy = new AdmissionPolicy(_nodes, new SlotHits(_slots), _weights, bound);
    }

    internal AdmissionPolicy Policy { get; }

    /// <summary>Null while nothing has a deadline.</summary>
    internal TimerWheel? Wheel => _wheel;

    internal int Count => _room.Count;

    internal long Weight => _room.Weight;

    /// <summary>Whether it is worth its while to ask for the lines of several keys before any is looked up, and the processor can be asked.</summary>
    internal bool IsLarge => Sse.IsSupported && Count >= PrefetchFrom;

    /// <summary>Where a key would be, before it is searched; what <see cref="IsSame"/> compares with later.</summary>
    internal Home HomeOf(uint hash)
    {
        nint segment = _index.SegmentOf(hash);
        return new Home(segment, TagIndex.VersionOf(TagIndex.Control(_index.Home(segment, hash))));
    }

    /// <summary>Whether no key can have come to this home since. The gate is held.</summary>
    internal bool IsSame(Home home, uint hash) => HomeOf(hash) == home;

    /// <summary>
    /// Looks for a key in its home bucket, where nearly everything is: its slot, with its value and the version under which both were together. No slot when there is
    /// none, or when only <see cref="Find"/> can tell: because the key may have spilled, another has the same tag, or something came between.
    /// </summary>
    /// <remarks>This is what a look-up costs. Nothing here is passed on by reference, so that it stays in registers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref Slot<TKey, TValue> FindAtHome(TKey key, uint hash, out int number, out TValue value, out int version)
    {
        byte* home = _index.Home(hash);
        uint matches = TagIndex.Matches(home, hash);
        Volatile.ReadBarrier();   // a slot is made, numbered and written before it is tagged
        if (matches != 0)
        {
            number = TagIndex.SlotIn(home, BitOperations.TrailingZeroCount(matches));
            ref Slot<TKey, TValue> slot = ref _slots[number];
            version = Slot<TKey, TValue>.Version(ref slot);
            TKey found = slot.Key;
            value = slot.Value;
            if (Slot<TKey, TValue>.IsStill(ref slot, version) && _keys.AreEqual(found, key))
            {
                return ref slot;
            }
        }

        (number, value, version) = (matches == 0 && TagIndex.IsWhole(home) && _index.Home(hash) == home ? Absent : Unclear, default!, 0);
        return ref Unsafe.NullRef<Slot<TKey, TValue>>();
    }

    /// <summary>
    /// Finds a key, through every bucket it may have spilled into, and as often as it takes until nothing comes between. What is found was together in the slot
    /// at one moment during the call, under this version.
    /// </summary>
    internal Found Find(TKey key, uint hash)
    {
        var spin = default(SpinWait);
        while (true)
        {
            nint segment = _index.SegmentOf(hash);
            byte* home = _index.Home(segment, hash);
            bool isWhole = TrySearch(home, key, hash, out Found found);
            uint spilled = TagIndex.Spilled(TagIndex.Control(home));
            for (int distance = 1; spilled != 0 && isWhole && found.Slot < 0; distance++, spilled >>= 4)
            {
                isWhole = (spilled & 15) == 0 || TrySearch(_index.Spill(segment, hash, distance), key, hash, out found);
            }

            Volatile.ReadBarrier();
            if (isWhole && (found.Slot >= 0 || _index.SegmentOf(hash) == segment))
            {
                return found;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>The same, at home first, where it is quick.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Found FindQuickly(TKey key, uint hash)
    {
        FindAtHome(key, hash, out int number, out TValue value, out int version);
        long deadline = Slot<TKey, TValue>.IsTimed(version) ? DeadlineOf(number, version) : Expiry.Never;
        return number == Unclear || deadline == Changed ? Find(key, hash) : new Found(number, value, deadline, version);
    }

    /// <summary>Looks for a key in one bucket; false when a slot was being written or had just been emptied.</summary>
    private bool TrySearch(byte* bucket, TKey key, uint hash, out Found found)
    {
        for (uint matches = TagIndex.Matches(bucket, hash); matches != 0; matches &= matches - 1)
        {
            Volatile.ReadBarrier();
            int number = TagIndex.SlotIn(bucket, BitOperations.TrailingZeroCount(matches));
            ref Slot<TKey, TValue> slot = ref _slots[number];
            int version = Slot<TKey, TValue>.Version(ref slot);
            TKey other = slot.Key;
            found = new Found(number, slot.Value, Slot<TKey, TValue>.IsTimed(version) ? DeadlineOf(number) : Expiry.Never, version);
            if (!Slot<TKey, TValue>.IsStill(ref slot, version))
            {
                return false;
            }

            if (_keys.AreEqual(other, key))
            {
                return true;
            }
        }

        found = new Found(Absent, default!, 0, 0);
        return true;
    }

    /// <summary>The deadline of a slot with this version, which has one; <see cref="Changed"/>, a time long past, if it has another version by now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long DeadlineOf(int number, int version)
    {
        long deadline = DeadlineOf(number);
        return Slot<TKey, TValue>.IsStill(ref _slots[number], version) ? deadline : Changed;
    }

    internal ref Slot<TKey, TValue> this[int slot] => ref _slots[slot];

    internal long WeightOf(int slot) => _weights is null ? 1 : _weights[slot];

    internal uint HashOf(int slot) => _nodes[slot].Hash;

    /// <summary>The times of a slot; both never when it has none. The slot is locked, or the gate held.</summary>
    internal (long Deadline, long Limit) TimesOf(int slot) =>
        Slot<TKey, TValue>.IsTimed(Slot<TKey, TValue>.Version(ref _slots[slot]))
            ? (_deadlines![slot], _limits is null ? _deadlines[slot] : _limits[slot])
            : (Expiry.Never, Expiry.Never);

    /// <summary>Gives a locked slot its times. One that has a deadline now and was never filed, or gets an earlier one, must be filed: <see cref="File"/>.</summary>
    internal void SetTimes(int slot, long deadline, long limit)
    {
        Slot<TKey, TValue>.SetTimed(ref _slots[slot], deadline != Expiry.Never);
        if (deadline == Expiry.Never)
        {
            if (_deadlines is not null && slot < _deadlines.Length)
            {
                Volatile.Write(ref _deadlines[slot], Expiry.Never);
            }

            return;
        }

        Volatile.Write(ref _deadlines![slot], deadline);
        if (_limits is not null)
        {
            _limits[slot] = limit;
        }
    }

    /// <summary>Makes room for the times of a slot. The gate is held.</summary>
    internal void MakeRoomForTimes(int slot, bool slides, long now)
    {
        if (_deadlines is null)
        {
            var deadlines = new ChunkedArray<long>(_expected);
            _wheel = new TimerWheel(deadlines, _expected, now);
            _limits = slides ? new ChunkedArray<long>(_expected) : null;
            Volatile.Write(ref _deadlines, deadlines);
        }

        _deadlines.MakeRoomFor(slot);
        _wheel!.MakeRoomFor(slot);
        _limits?.MakeRoomFor(slot);
    }

    /// <summary>Files a locked slot in the wheel, anew if it is there. The gate is held.</summary>
    internal void File(int slot)
    {
        Unfile(slot);
        _wheel!.Add(slot);
        _slots[slot].IsFiled = true;
    }

    /// <summary>A free slot. The gate is held.</summary>
    internal int TakeFree()
    {
        int slot = _room.Free;
        if (slot != QueueNode.None)
        {
            _room.Free = _nodes[slot].Next;
            return slot;
        }

        if (_room.Used == _slots.Length)
        {
            _nodes.MakeRoomFor(_room.Used);
            _weights?.MakeRoomFor(_room.Used);
            _slots.Grow();
        }

        return _room.Used++;
    }

    /// <summary>Puts a written slot into index and books, or says who crowds it out. The gate is held, the slot unlocked, and nobody knows it.</summary>
    internal bool TryPublish(int slot, uint hash, long weight, Region region, out int crowding)
    {
        _nodes[slot].Hash = hash;   // the index may ask for it
        if (!_index.TryAdd(hash, slot, _hashOf, out crowding))
        {
            return false;
        }

        Policy.Add(slot, hash, weight, region);
        _room.Count++;
        _room.Weight += weight;
        return true;
    }

    /// <summary>Changes what a slot weighs, and puts it at the end of its queue. The gate is held.</summary>
    internal void Reweigh(int slot, long weight, Region region)
    {
        _room.Weight += weight - WeightOf(slot);
        byte hits = _slots[slot].Hits;
        Policy.Add(slot, HashOf(slot), weight, region);
        _slots[slot].Hits = hits;
    }

    /// <summary>Takes a slot out of index and books, empties it and says what was in it. The gate is held, or nobody changes the contents any more.</summary>
    internal (TKey Key, TValue Value) Withdraw(int number)
    {
        ref Slot<TKey, TValue> slot = ref _slots[number];
        Slot<TKey, TValue>.Lock(ref slot);
        return WithdrawLocked(ref slot, number);
    }

    /// <summary>The same with a slot that the caller has locked.</summary>
    internal (TKey Key, TValue Value) WithdrawTaken(int number) => WithdrawLocked(ref _slots[number], number);

    /// <summary>The same with a slot that has left the wheel, if it is due; if not, because its life was prolonged meanwhile, it is filed again.</summary>
    internal bool TryExpire(int number, long now, out (TKey Key, TValue Value) content)
    {
        ref Slot<TKey, TValue> slot = ref _slots[number];
        Slot<TKey, TValue>.Lock(ref slot);
        slot.IsFiled = false;
        if (Slot<TKey, TValue>.IsTimed(Slot<TKey, TValue>.Version(ref slot)))
        {
            if (_deadlines![number] <= now)
            {
                content = WithdrawLocked(ref slot, number);
                return true;
            }

            File(number);
        }

        Slot<TKey, TValue>.Unlock(ref slot);
        content = default;
        return false;
    }

    /// <summary>Empties a slot that is in no book, and lists it as free. The gate is held.</summary>
    internal (TKey Key, TValue Value) Empty(int number)
    {
        ref Slot<TKey, TValue> slot = ref _slots[number];
        Slot<TKey, TValue>.Lock(ref slot);
        return EmptyLocked(ref slot, number);
    }

    /// <summary>The slots in the index; the one just given may be withdrawn. The gate is held, or nobody changes the contents any more.</summary>
    internal IEnumerable<int> Slots() => _index.Slots();

    /// <summary>Asks the processor for the lines that look-ups of these keys are going to need. A hint: nothing depends on it.</summary>
    internal void Prefetch(ReadOnlySpan<uint> hashes)
    {
        foreach (uint hash in hashes)
        {
            Sse.Prefetch0(_index.Home(_index.SegmentOf(hash), hash));
        }

        foreach (uint hash in hashes)
        {
            if (FirstMatch(hash) is int slot and >= 0)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref _slots[slot]));
            }
        }

        if (typeof(TKey).IsValueType)
        {
            return;
        }

        foreach (uint hash in hashes)
        {
            if (FirstMatch(hash) is int slot and >= 0)
            {
                TKey key = _slots[slot].Key;   // a reference never tears, and only its address is used
                void* address = *(void**)Unsafe.AsPointer(ref key);
                Sse.Prefetch0(address);
                Sse.Prefetch0((byte*)address + 64);
            }
        }
    }

    /// <summary>Fails when a slot that the index names is not what the books say. The gate is held.</summary>
    internal void CheckSlot(int number)
    {
        ref Slot<TKey, TValue> slot = ref _slots[number];
        Slot<TKey, TValue>.Lock(ref slot);
        TKey key = slot.Key;
        bool isTimed = Slot<TKey, TValue>.IsTimed(Slot<TKey, TValue>.Version(ref slot));
        bool isFiled = slot.IsFiled;
        Slot<TKey, TValue>.Unlock(ref slot);
        CacheIntegrity.Check(number < _room.Used, $"slot {number} was never handed out");
        CacheIntegrity.Check(key is not null && _keys.HashOf(key) == HashOf(number), $"slot {number} has another key than its hash says");
        CacheIntegrity.Check(Policy.RegionOf(number) != Region.Outside, $"slot {number} is in no queue");
        CacheIntegrity.Check(!isTimed || isFiled, $"slot {number} has a deadline but is not filed");
    }

    private int FirstMatch(uint hash)
    {
        byte* bucket = _index.Home(_index.SegmentOf(hash), hash);
        uint matches = TagIndex.Matches(bucket, hash);
        return matches == 0 ? -1 : TagIndex.SlotIn(bucket, BitOperations.TrailingZeroCount(matches));
    }

    private (TKey Key, TValue Value) WithdrawLocked(ref Slot<TKey, TValue> slot, int number)
    {
        _index.Remove(HashOf(number), number);
        _room.Count--;
        _room.Weight -= WeightOf(number);
        Policy.Remove(number);
        return EmptyLocked(ref slot, number);
    }

    private (TKey Key, TValue Value) EmptyLocked(ref Slot<TKey, TValue> slot, int number)
    {
        (TKey, TValue) content = (slot.Key, slot.Value);
        Unfile(number);
        Slot<TKey, TValue>.Vacate(ref slot);
        _nodes[number].Next = _room.Free;
        _room.Free = number;
        return content;
    }

    /// <summary>Takes a locked slot out of the wheel; whoever asked for it files it again. The gate is held.</summary>
    internal void Unfile(int slot)
    {
        if (_slots[slot].IsFiled)
        {
            _wheel!.Remove(slot);
            _slots[slot].IsFiled = false;
        }
    }

    private long DeadlineOf(int slot)
    {
        Volatile.ReadBarrier();   // the array is there before the first slot is marked
        return Volatile.Read(ref _deadlines![slot]);
    }

    /// <summary>The counters of hits, which stand in the slots.</summary>
    private sealed class SlotHits(ChunkedArray<Slot<TKey, TValue>> slots) : IHitCounters
    {
        public ref byte this[int entry] => ref slots[entry].Hits;
    }

    /// <summary>A slot where a key was found, or <see cref="Absent"/>, and what was in it.</summary>
    internal readonly record struct Found(int Slot, TValue Value, long Deadline, int Version)
    {
        internal bool IsThere => Slot >= 0;
    }

    /// <summary>A home bucket, and how many entries had come to it.</summary>
    internal readonly record struct Home(nint Segment, uint Version);
}
