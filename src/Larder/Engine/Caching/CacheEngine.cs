using System.Runtime.CompilerServices;
using Larder.Entries;
using Larder.Eviction;
using Larder.Expiration;
using Larder.Locks;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// The engine of <see cref="Cache{TKey, TValue}"/>: look-ups without a lock, and one gate for everything that comes or goes.
/// </summary>
/// <remarks>
/// <para><b>The gate</b> guards index, queues, wheel, counts and the exchange of the contents. It is taken first; inside it a slot may be locked, or the gate of
/// the flights taken. A locked slot is a few stores long, and nothing is taken inside it but the gate's own books. No code of a caller runs in either, except that a
/// comparer may be asked whether a load under way is of the key that is written.</para>
/// <para><b>Look-ups</b> take nothing: <see cref="CacheContents{TKey, TValue}.Find"/> copies from a slot under its sequence lock, and before it reports a miss it makes sure
/// that the key was not moved meanwhile. A hit raises a saturating counter and a counter of its own thread, no more.</para>
/// <para><b>Replacing the value of a key that is there</b> locks its slot alone, by compare-and-exchange of the version under which it was found: if that succeeds, the
/// slot still holds this very key.</para>
/// <para><b>Everything else</b> searches first, without the gate, because comparing keys is the caller's code; then enters the gate and looks whether what it found is still so:
/// the same contents; the same version of the slot it found; or, if it found none, the same home bucket to which nothing has come since. If not, it starts over.</para>
/// <para><b>The bound</b> holds at every moment: who must go is withdrawn before the newcomer is published, inside one stay in the gate.</para>
/// <para><b>States of a slot:</b> free → claimed (locked, unknown) → published ⇄ locked by a writer → withdrawn (out of the index, emptied) → free.</para>
/// </remarks>
internal sealed class CacheEngine<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private const int Slice = 128;   // entries that leave in one stay in the gate

    private readonly Gate _gate = new();
    private readonly CacheTally _tally = new();
    private readonly CacheKeys<TKey> _keys;
    private readonly CacheOptions<TKey, TValue> _options;
    private readonly CoarseClock _clock;
    private readonly long _sliding;
    private readonly CacheUsage _usage;
    private readonly CacheChanges<TKey, TValue> _changes;
    private readonly Flights<TKey, TValue> _flights;
    private readonly CacheSweeper _sweeper;
    private CacheContents<TKey, TValue> _contents;
    private long _bound;
    private volatile bool _isDisposed;

    internal CacheEngine(CacheOptions<TKey, TValue> options)
    {
        _options = options;
        _bound = options.Capacity ?? options.MaxWeight!.Value;
        _keys = new CacheKeys<TKey>(options.Comparer);
        _clock = new CoarseClock(options.TimeProvider);
        _sliding = options.SlidingExpiry?.Ticks ?? 0;
        _usage = new CacheUsage(options.CountLookups);
        _flights = new Flights<TKey, TValue>(options.Comparer);
        _contents = NewContents(_bound);
        _sweeper = new CacheSweeper(options.TimeProvider, Sweep);
        _changes = new CacheChanges<TKey, TValue>(options, _clock, _sweeper, _usage, _tally);
    }

    private bool IsWeighted => _options.Weigher is not null;

    internal int Count => Volatile.Read(ref _contents).Count;

    internal long Bound => Volatile.Read(ref _bound);

    internal CacheStatistics Statistics
    {
        get
        {
            (long hits, long misses) = _usage.Totals;
            using (_gate.Enter())
            {
                return new CacheStatistics
                {
                    Entries = _contents.Count,
                    Weight = _contents.Weight,
                    Hits = hits,
                    Misses = misses,
                    Evictions = _tally.Evictions,
                    Expirations = _tally.Expirations,
                };
            }
        }
    }

    /// <summary>Finds a value, and counts the look-up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(TKey key, out TValue value) => TryGet(key, _keys.HashOf(key), out value);

    /// <summary>The same, of a key whose hash is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(TKey key, uint hash, out TValue value)
    {
        CacheContents<TKey, TValue> contents = _contents;
        ref Slot<TKey, TValue> slot = ref contents.FindAtHome(key, hash, out int number, out TValue found, out int version);
        if (!Unsafe.IsNullRef(ref slot) && (!Slot<TKey, TValue>.IsTimed(version) || IsAlive(contents, number, version)))
        {
            value = found;
            IHitCounters.Raise(ref slot.Hits);
            return _usage.Hit(hash);
        }

        if (number == CacheContents<TKey, TValue>.Absent)
        {
            value = default!;
            ThrowIfDisposed();
            return _usage.Miss();
        }

        return TryGetSlowly(key, hash, out value);
    }

    /// <summary>The same, wherever the key is, and whatever comes between.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetSlowly(TKey key, uint hash, out TValue value)
    {
        while (true)
        {
            CacheContents<TKey, TValue> contents = Volatile.Read(ref _contents);
            CacheContents<TKey, TValue>.Found found = contents.Find(key, hash);
            if (found.IsThere && !HasPassed(found.Deadline))
            {
                Prolong(contents, found.Slot, found.Deadline, found.Version);
                IHitCounters.Raise(ref contents[found.Slot].Hits);
                value = found.Value;
                return _usage.Hit(hash);
            }

            // It was due by the clock, which was read after it; but it may have been refreshed before it fell due, and then it was never missing.
            if (!found.IsThere || Slot<TKey, TValue>.Version(ref contents[found.Slot]) == found.Version)
            {
                value = default!;
                ThrowIfDisposed();
                return _usage.Miss();
            }
        }
    }

    internal int GetMany(ReadOnlySpan<TKey> keys, Span<TValue?> values, Span<bool> found)
    {
        const int Batch = 32;
        values = values[..keys.Length];
        found = found[..keys.Length];
        int hits = 0;
        if (!Volatile.Read(ref _contents).IsLarge)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                hits += GetOne(keys[i], HashOfOne(keys[i]), out values[i], out found[i]);
            }

            return hits;
        }

        Span<uint> hashes = stackalloc uint[Batch];
        for (int start = 0; start < keys.Length; start += Batch)
        {
            int length = Math.Min(Batch, keys.Length - start);
            for (int i = 0; i < length; i++)
            {
                hashes[i] = HashOfOne(keys[start + i]);
            }

            Volatile.Read(ref _contents).Prefetch(hashes[..length]);
            for (int i = 0; i < length; i++)
            {
                hits += GetOne(keys[start + i], hashes[i], out values[start + i], out found[start + i]);
            }
        }

        return hits;
    }

    private uint HashOfOne(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key, "keys");
        return _keys.HashOf(key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int GetOne(TKey key, uint hash, out TValue? value, out bool isFound)
    {
        isFound = TryGet(key, hash, out TValue got);
        value = got;
        return isFound ? 1 : 0;
    }

    /// <summary>Stores a value. False when it was not: the key is there and only an absent one may be written, or the load was overtaken.</summary>
    internal bool Put(TKey key, TValue value, Expiry expiry, bool onlyIfAbsent, Flight<TKey, TValue>? flight = null)
    {
        long weight = _options.Weigher is null ? 1 : Weigh(key, value);
        Expiry effective = expiry != default ? expiry : _options.ExpiryOf is null ? _options.Expiry : _options.ExpiryOf(key, value);
        var put = new CachePut<TKey, TValue>(key, value, _keys.HashOf(key), weight, effective, onlyIfAbsent, flight);
        var leaving = new Departures<TKey, TValue>(_options.Removed);
        bool? isStored;
        while ((isStored = TryPut(put, ref leaving)) is null)
        {
        }

        leaving.Tell();
        return isStored.Value;
    }

    /// <summary>Removes a key and says what was under it.</summary>
    internal bool TryRemove(TKey key, out TValue value)
    {
        uint hash = _keys.HashOf(key);
        var leaving = new Departures<TKey, TValue>(_options.Removed);
        while (true)
        {
            CacheContents<TKey, TValue> contents = Volatile.Read(ref _contents);
            CacheContents<TKey, TValue>.Found found = contents.Find(key, hash);
            bool isAlive = found.IsThere && !HasPassed(found.Deadline);
            value = default!;
            if (!found.IsThere && _flights.IsIdle)
            {
                ThrowIfDisposed();
                return false;
            }

            using (_gate.Enter())
            {
                ThrowIfDisposed();
                _flights.Overtake(key);
                if (!found.IsThere)
                {
                    return false;
                }

                if (_contents != contents || !Slot<TKey, TValue>.TryLock(ref contents[found.Slot], found.Version))
                {
                    continue;
                }

                TValue removed = _changes.LeaveTaken(contents, found.Slot, isAlive ? RemovalReason.Removed : RemovalReason.Expired, ref leaving);
                value = isAlive ? removed : default!;
            }

            leaving.Tell();
            return isAlive;
        }
    }

    internal TValue GetOrAdd<TArg>(TKey key, Func<TKey, TArg, TValue> factory, TArg arg) =>
        _flights.RunAsync(
            key,
            flight =>
            {
                if (!TryPeek(key, out TValue value))
                {
                    value = factory(key, arg);
                    Put(key, value, default, onlyIfAbsent: true, flight);
                }

                return new ValueTask<TValue>(value);
            },
            blocks: true,
            CancellationToken.None).AsTask().GetAwaiter().GetResult();

    internal ValueTask<TValue> GetOrAddAsync(TKey key, Func<TKey, CancellationToken, ValueTask<TValue>> factory, CancellationToken cancellationToken) =>
        _flights.RunAsync(
            key,
            async flight =>
            {
                if (!TryPeek(key, out TValue value))
                {
                    value = await factory(key, flight.Token).ConfigureAwait(false);
                    Put(key, value, default, onlyIfAbsent: true, flight);
                }

                return value;
            },
            blocks: false,
            cancellationToken);

    /// <summary>Changes the bound. When it returns, no more is there than that; on the way the bound sinks in steps, so that writers go on.</summary>
    internal void SetBound(long bound)
    {
        bool isReached = false;
        while (!isReached)
        {
            var leaving = new Departures<TKey, TValue>(_options.Removed);
            using (_gate.Enter())
            {
                ThrowIfDisposed();
                Volatile.Write(ref _bound, bound);
                CacheContents<TKey, TValue> contents = _contents;
                AdmissionPolicy policy = contents.Policy;
                for (int i = 0; i < Slice && policy.Weight > bound; i++)
                {
                    _changes.Leave(contents, policy.Victim(0, Region.Main), RemovalReason.Evicted, ref leaving);
                }

                isReached = policy.Weight <= bound;
                policy.SetBound(Math.Max(bound, policy.Weight));
                _usage.TuneLocked(null);
            }

            leaving.Tell();
        }
    }

    internal void Clear() => Exchange(dispose: false);

    /// <summary>Lets go of everything. What is called from now on is refused.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            Exchange(dispose: true);
        }
    }

    /// <summary>Lets what is due leave, a slice at a time.</summary>
    internal void Sweep()
    {
        bool isDone = false;
        while (!isDone)
        {
            var leaving = new Departures<TKey, TValue>(_options.Removed);
            using (_gate.Enter())
            {
                if (_isDisposed)
                {
                    return;
                }

                isDone = _changes.Expire(_contents, _clock.Exact, Slice, ref leaving);
                if (isDone)
                {
                    _sweeper.RestLocked();
                    _changes.Wake(_contents);
                }
            }

            leaving.Tell();
        }
    }

    /// <summary>Walks everything there is inside the gate and compares the books with it; how many entries and how much weight were found.</summary>
    internal (int Count, long Weight) VerifyIntegrity()
    {
        using (_gate.Enter())
        {
            return CacheIntegrity.Verify(_contents);
        }
    }

    private CacheContents<TKey, TValue> NewContents(long bound) => new(_keys, bound, IsWeighted);

    private long Weigh(TKey key, TValue value)
    {
        long weight = _options.Weigher!(key, value);
        return weight >= 0 ? weight : throw new InvalidOperationException($"an entry cannot weigh less than nothing, but the weigher said {weight}.");
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
        {
            throw Disposed();
        }
    }

    private static ObjectDisposedException Disposed() => new("Cache", "cache is disposed");

    /// <summary>
    /// What a load finds before its factory runs; nothing is counted. It passes the gate first: whoever had overtaken loads before this one was under way has written
    /// by the time it looks.
    /// </summary>
    private bool TryPeek(TKey key, out TValue value)
    {
        using (_gate.Enter())
        {
        }

        CacheContents<TKey, TValue> contents = Volatile.Read(ref _contents);
        CacheContents<TKey, TValue>.Found found = contents.Find(key, _keys.HashOf(key));
        value = found.Value;
        return found.IsThere && !HasPassed(found.Deadline);
    }

    private bool HasPassed(long deadline) => deadline != Expiry.Never && _clock.HasPassed(deadline);

    /// <summary>Whether an entry with a deadline is there for sure; if its expiry slides, it lives longer from now on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAlive(CacheContents<TKey, TValue> contents, int number, int version)
    {
        long deadline = contents.DeadlineOf(number, version);
        if (_clock.HasPassed(deadline))
        {
            return false;
        }

        if (_sliding > 0)
        {
            Prolong(contents, number, deadline, version);
        }

        return true;
    }

    /// <summary>Lets an entry that was found live longer, if expiry slides.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Prolong(CacheContents<TKey, TValue> contents, int number, long deadline, int version)
    {
        if (_sliding == 0 || deadline == Expiry.Never)
        {
            return;
        }

        long prolonged = Later(_clock.Now, _sliding);
        ref Slot<TKey, TValue> slot = ref contents[number];
        if (prolonged > deadline && Slot<TKey, TValue>.TryLock(ref slot, version))   // if not, somebody else writes to it, or prolongs it
        {
            long limit = contents.TimesOf(number).Limit;
            contents.SetTimes(number, Math.Min(prolonged, limit), limit);
            Slot<TKey, TValue>.Unlock(ref slot);
        }
    }

    /// <summary>Tries to store; null when something came between, and it has to be tried again.</summary>
    private bool? TryPut(in CachePut<TKey, TValue> put, ref Departures<TKey, TValue> leaving)
    {
        CacheContents<TKey, TValue> contents = Volatile.Read(ref _contents);
        CacheContents<TKey, TValue>.Home home = contents.HomeOf(put.Hash);
        (int number, _, long due, int version) = contents.FindQuickly(put.Key, put.Hash);
        bool isAlive = number >= 0 && !HasPassed(due);
        if (isAlive && put.OnlyIfAbsent)
        {
            IHitCounters.Raise(ref contents[number].Hits);
            return false;
        }

        bool needsGate = !isAlive || IsWeighted || put.Expiry.NeedsExisting(keepByDefault: false);
        long now = put.Expiry.NeedsClock || _sliding > 0 ? _clock.Exact : 0;
        if (!needsGate)
        {
            (long deadline, long limit) = Times(put.Expiry, now, existing: null);
            if (deadline > now)
            {
                ref Slot<TKey, TValue> slot = ref contents[number];
                if (!Slot<TKey, TValue>.TryLock(ref slot, version))
                {
                    return null;
                }

                // Loads under way must learn of it, which is for the gate. One that is not seen here entered the table after this slot was locked, which is a full fence;
                // it looks at the cache only then, waits for the slot, and finds the new value.
                // And without the gate a deadline may only move to later, where the slot is filed already.
                if (_flights.IsIdle && (deadline == Expiry.Never || (Slot<TKey, TValue>.IsTimed(version) && slot.IsFiled && deadline >= due)))
                {
                    (TKey Key, TValue Value) replaced = (slot.Key, slot.Value);
                    slot.Value = put.Value;
                    if (deadline != due || _sliding > 0)   // how far it may slide can differ though it ends at the same moment for now
                    {
                        contents.SetTimes(number, deadline, limit);
                    }

                    Slot<TKey, TValue>.Unlock(ref slot);
                    leaving.Add(replaced, RemovalReason.Replaced);
                    IHitCounters.Raise(ref contents[number].Hits);
                    _usage.Use(put.Hash);
                    return true;
                }

                version = Slot<TKey, TValue>.Unlock(ref slot);
            }
        }

        using (_gate.Enter())
        {
            if (_isDisposed)
            {
                return put.Flight is not null ? false : throw Disposed();
            }

            if (_contents != contents || (number >= 0 ? Slot<TKey, TValue>.Version(ref contents[number]) != version : !contents.IsSame(home, put.Hash)))
            {
                return null;
            }

            if (put.Flight is { IsOvertaken: true })
            {
                return false;
            }

            if (put.Flight is null)
            {
                _flights.Overtake(put.Key);
            }

            if (number >= 0 && (!put.Expiry.IsNone || _sliding > 0))
            {
                contents.MakeRoomForTimes(number, _sliding > 0, now);
            }

            // The gate does not keep out who replaces a value: from here on nobody does, and what was found is what is left or replaced.
            if (number >= 0 && !Slot<TKey, TValue>.TryLock(ref contents[number], version))
            {
                return null;
            }

            (long deadline, long limit) = Times(put.Expiry, now, isAlive ? contents.TimesOf(number).Limit : null);
            if (deadline <= now)
            {
                if (number >= 0)
                {
                    _changes.LeaveTaken(contents, number, RemovalReason.Expired, ref leaving);
                }
            }
            else if (put.Weight > _bound)
            {
                if (number >= 0)
                {
                    _changes.LeaveTaken(contents, number, isAlive ? RemovalReason.Replaced : RemovalReason.Expired, ref leaving);
                }

                _tally.Evictions++;
                leaving.Add((put.Key, put.Value), RemovalReason.Evicted);
            }
            else if (number >= 0)
            {
                _changes.Replace(contents, number, put, deadline, limit, isAlive, ref leaving);
            }
            else
            {
                _changes.Insert(contents, put, deadline, limit, now, ref leaving);
            }

            return true;
        }
    }

    private (long Deadline, long Limit) Times(Expiry expiry, long now, long? existing)
    {
        long limit = expiry.DeadlineAt(now, existing);
        return (_sliding > 0 ? Math.Min(limit, Later(now, _sliding)) : limit, limit);
    }

    private static long Later(long now, long by) => by > DateTimeOffset.MaxValue.UtcTicks - now ? DateTimeOffset.MaxValue.UtcTicks : now + by;

    private void Exchange(bool dispose)
    {
        var leaving = new Departures<TKey, TValue>(_options.Removed);
        CacheContents<TKey, TValue> old;
        using (_gate.Enter())
        {
            if (_isDisposed)
            {
                if (dispose)
                {
                    return;
                }

                ThrowIfDisposed();
            }

            _flights.Overtake(static (_, _) => true, 0);
            old = _contents;
            Volatile.Write(ref _contents, NewContents(dispose ? 1 : _bound));
            _contents.Policy.UseArm(_usage.Best);
            _isDisposed = dispose;
            if (dispose)
            {
                _usage.TuneLocked(null);
            }

        }

        if (dispose)
        {
            _sweeper.Dispose();
            _clock.Dispose();
        }

        if (_options.Removed is not null)
        {
            foreach (int slot in old.Slots())
            {
                leaving.Add(old.Withdraw(slot), RemovalReason.Cleared);   // out of the index too: look-ups that are still there must not wait for it
            }

            leaving.Tell();
        }
    }
}
