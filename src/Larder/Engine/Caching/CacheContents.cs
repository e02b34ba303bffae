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
    private const int PrefetchFrom = 32 * 1024;   // entries; what is smaller lies in the processor's caches anyway

    private readonly CacheKeys<TKey> _keys;
    private readonly TagIndex _index;
    private readonly ChunkedArray<Slot<TKey, TValue>> _slots;
    private readonly ChunkedArray<QueueNode> _nodes;
    private readonly ChunkedArray<byte> _hits;
    private readonly ChunkedArray<long>? _weights;
    private readonly Func<int, uint> _hashOf;
    private readonly long _expected;
    private ChunkedArray<long>? _deadlines;   // made when the first entry gets one
    private ChunkedArray<long>? _limits;      // the latest deadlines that sliding may reach
    private TimerWheel? _wheel;
    private int _free = QueueNode.None;
    private int _used;                        // slots that were ever handed out

    internal CacheContents(CacheKeys<TKey> keys, long bound, bool isWeighted)
    {
        _keys = keys;
        _expected = isWeighted ? Math.Min(bound, 1 << 16) : bound;
        _index = new TagIndex(_expected);
        _slots = new ChunkedArray<Slot<TKey, TValue>>(_expected);
        _nodes = new ChunkedArray<QueueNode>(_expected);
        _hits = new ChunkedArray<byte>(_expected);
        _weights = isWeighted ? new ChunkedArray<long>(_expected) : null;
        _hashOf = slot => _nodes[slot].Hash;
        Policy = new AdmissionPolicy(_nodes, _hits, _weights, bound);
    }

    internal AdmissionPolicy Policy { get; }

    /// <summary>Null while nothing has a deadline.</summary>
    internal TimerWheel? Wheel => _wheel;

    internal int Count { get; private set; }

    internal long Weight { get; private set; }

    /// <summary>Where a key would be, before it is searched; what <see cref="IsSame"/> compares with later.</summary>
    internal Home HomeOf(uint hash)
    {
        nint segment = _index.SegmentOf(hash);
        return new Home(segment, TagIndex.VersionOf(TagIndex.Control(_index.Home(segment, hash))));
    }

    /// <summary>Whether no key can have come to this home since. The gate is held.</summary>
    internal bool IsSame(Home home, uint hash) => HomeOf(hash) == home;

    /// <summary>
    /// Finds a key; -1 when it is absent. What is found was together in the slot at one moment during the call, under this version.
    /// </summary>
    /// <remarks>Looks once into the home bucket, where nearly everything is; all else is for <see cref="Search"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Find(TKey key, uint hash, out TValue value, out long deadline, out int version)
    {
        nint segment = _index.SegmentOf(hash);
        byte* home = _index.Home(segment, hash);
        ulong control = TagIndex.Control(home);
        for (uint matches = TagIndex.Matches(home, hash); matches != 0; matches &= matches - 1)
        {
            Volatile.ReadBarrier();   // a slot is made, numbered and written before it is tagged
            int number = TagIndex.SlotIn(home, BitOperations.TrailingZeroCount(matches));
            ref Slot<TKey, TValue> slot = ref _slots[number];
            version = Slot<TKey, TValue>.Version(ref slot);
            TKey found = slot.Key;
            value = slot.Value;
            deadline = (slot.Marks & SlotMarks.Timed) == 0 ? Expiry.Never : DeadlineOf(number);
            if (!Slot<TKey, TValue>.IsStill(ref slot, version))
            {
                return Search(key, hash, out value, out deadline, out version);
            }

            if (_keys.AreEqual(found, key))
            {
                return number;
            }
        }

        Volatile.ReadBarrier();
        if (TagIndex.Spilled(control) != 0)
        {
            return SearchSpilled(segment, TagIndex.Spilled(control), key, hash, out value, out deadline, out version);
        }

        if (_index.SegmentOf(hash) != segment)
        {
            return Search(key, hash, out value, out deadline, out version);
        }

        value = default!;
        deadline = 0;
        version = 0;
        return -1;
    }

    /// <summary>Goes on with the buckets that entries of the home bucket have spilled into.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SearchSpilled(nint segment, uint spilled, TKey key, uint hash, out TValue value, out long deadline, out int version)
    {
        for (int distance = 1; spilled != 0; distance++, spilled >>= 4)
        {
            if ((spilled & 15) == 0)
            {
                continue;
            }

            if (!TrySearch(_index.Spill(segment, hash, distance), key, hash, out int number, out value, out deadline, out version))
            {
                return Search(key, hash, out value, out deadline, out version);
            }

            if (number >= 0)
            {
                return number;
            }
        }

        Volatile.ReadBarrier();
        if (_index.SegmentOf(hash) != segment)
        {
            return Search(key, hash, out value, out deadline, out version);
        }

        value = default!;
        deadline = 0;
        version = 0;
        return -1;
    }

    /// <summary>The same, through every bucket the key may have spilled into, and as often as it takes until nothing comes between.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Search(TKey key, uint hash, out TValue value, out long deadline, out int version)
    {
        var spin = default(SpinWait);
        while (true)
        {
            nint segment = _index.SegmentOf(hash);
            uint spilled = TagIndex.Spilled(TagIndex.Control(_index.Home(segment, hash)));
            bool isWhole = true;
            for (int distance = 0; isWhole; distance++, spilled >>= 4)
            {
                if (distance > 0 && (spilled & 15) == 0)
                {
                    if (spilled == 0)
                    {
                        break;
                    }

                    continue;
                }

                isWhole = TrySearch(_index.Spill(segment, hash, distance), key, hash, out int number, out value, out deadline, out version);
                if (number >= 0)
                {
                    return number;
                }

                spilled = distance == 0 ? spilled << 4 : spilled;
            }

            Volatile.ReadBarrier();
            if (isWhole && _index.SegmentOf(hash) == segment)
            {
                value = default!;
                deadline = 0;
                version = 0;
                return -1;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Looks for a key in one bucket; false when a slot was being written or had just been emptied.</summary>
    private bool TrySearch(byte* bucket, TKey key, uint hash, out int number, out TValue value, out long deadline, out int version)
    {
        for (uint matches = TagIndex.Matches(bucket, hash); matches != 0; matches &= matches - 1)
        {
            Volatile.ReadBarrier();
            number = TagIndex.SlotIn(bucket, BitOperations.TrailingZeroCount(matches));
            ref Slot<TKey, TValue> slot = ref _slots[number];
            version = Slot<TKey, TValue>.Version(ref slot);
            TKey found = slot.Key;
            value = slot.Value;
            deadline = (slot.Marks & SlotMarks.Timed) == 0 ? Expiry.Never : DeadlineOf(number);
            if (!Slot<TKey, TValue>.IsStill(ref slot, version))
            {
                number = -1;
                return false;
            }

            if (_keys.AreEqual(found, key))
            {
                return true;
            }
        }

        (number, value, deadline, version) = (-1, default!, 0, 0);
        return true;
    }

    /// <summary>Notes a hit, for the policy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Hit(int slot) => AdmissionPolicy.Hit(ref _hits[slot]);

    internal ref Slot<TKey, TValue> this[int slot] => ref _slots[slot];

    internal long WeightOf(int slot) => _weights is null ? 1 : _weights[slot];

    internal uint HashOf(int slot) => _nodes[slot].Hash;

    /// <summary>The times of a slot; both never when it has none. The slot is locked, or the gate held.</summary>
    internal (long Deadline, long Limit) TimesOf(int slot) =>
        (_slots[slot].Marks & SlotMarks.Timed) == 0 ? (Expiry.Never, Expiry.Never)
        : (_deadlines![slot], _limits is null ? _deadlines[slot] : _limits[slot]);

    /// <summary>Gives a locked slot its times. One that has a deadline now and was never filed, or gets an earlier one, must be filed: <see cref="File"/>.</summary>
    internal void SetTimes(int slot, long deadline, long limit)
    {
        if (deadline == Expiry.Never)
        {
            _slots[slot].Marks &= ~SlotMarks.Timed;
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

        _slots[slot].Marks |= SlotMarks.Timed;
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
        _slots[slot].Marks |= SlotMarks.Filed;
    }

    /// <summary>A free slot. The gate is held.</summary>
    internal int TakeFree()
    {
        int slot = _free;
        if (slot != QueueNode.None)
        {
            _free = _nodes[slot].Next;
            return slot;
        }

        if (_used == _slots.Length)
        {
            _nodes.MakeRoomFor(_used);
            _hits.MakeRoomFor(_used);
            _weights?.MakeRoomFor(_used);
            _slots.Grow();
        }

        return _used++;
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
        Count++;
        Weight += weight;
        return true;
    }

    /// <summary>Changes what a slot weighs, and puts it at the end of its queue. The gate is held.</summary>
    internal void Reweigh(int slot, long weight, Region region)
    {
        Weight += weight - WeightOf(slot);
        byte hits = _hits[slot];
        Policy.Add(slot, HashOf(slot), weight, region);
        _hits[slot] = hits;
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
        slot.Marks &= ~SlotMarks.Filed;
        if ((slot.Marks & SlotMarks.Timed) != 0)
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
        if (!Sse.IsSupported || Count < PrefetchFrom)
        {
            return;
        }

        foreach (uint hash in hashes)
        {
            Sse.Prefetch0(_index.Home(_index.SegmentOf(hash), hash));
        }

        foreach (uint hash in hashes)
        {
            if (FirstMatch(hash) is int slot and >= 0)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref _slots[slot]));
                Sse.Prefetch0(Unsafe.AsPointer(ref _hits[slot]));
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
        SlotMarks marks = slot.Marks;
        Slot<TKey, TValue>.Unlock(ref slot);
        CacheIntegrity.Check(number < _used, $"slot {number} was never handed out");
        CacheIntegrity.Check(key is not null && _keys.HashOf(key) == HashOf(number), $"slot {number} has another key than its hash says");
        CacheIntegrity.Check(Policy.RegionOf(number) != Region.Outside, $"slot {number} is in no queue");
        CacheIntegrity.Check((marks & SlotMarks.Timed) == 0 || (marks & SlotMarks.Filed) != 0, $"slot {number} has a deadline but is not filed");
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
        Count--;
        Weight -= WeightOf(number);
        Policy.Remove(number);
        return EmptyLocked(ref slot, number);
    }

    private (TKey Key, TValue Value) EmptyLocked(ref Slot<TKey, TValue> slot, int number)
    {
        (TKey, TValue) content = (slot.Key, slot.Value);
        Unfile(number);
        Slot<TKey, TValue>.Vacate(ref slot);
        _nodes[number].Next = _free;
        _free = number;
        return content;
    }

    /// <summary>Takes a locked slot out of the wheel; whoever asked for it files it again. The gate is held.</summary>
    internal void Unfile(int slot)
    {
        if ((_slots[slot].Marks & SlotMarks.Filed) != 0)
        {
            _wheel!.Remove(slot);
            _slots[slot].Marks &= ~SlotMarks.Filed;
        }
    }

    private long DeadlineOf(int slot)
    {
        Volatile.ReadBarrier();   // the array is there before the first slot is marked
        return Volatile.Read(ref _deadlines![slot]);
    }

    /// <summary>A home bucket, and how many entries had come to it.</summary>
    internal readonly record struct Home(nint Segment, uint Version);
}
