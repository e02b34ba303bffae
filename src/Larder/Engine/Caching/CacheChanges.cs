using Larder.Entries;
using Larder.Eviction;
using Larder.Expiration;

namespace Larder.Engine;

/// <summary>
/// What is done inside the gate of a <see cref="CacheEngine{TKey, TValue}"/>: how entries come, are replaced and leave, and which go to make room. Nothing here is called without
/// the gate.
/// </summary>
internal sealed class CacheChanges<TKey, TValue>(
    CacheOptions<TKey, TValue> options, CoarseClock clock, CacheSweeper sweeper, CacheUsage usage, CacheTally tally)
    where TKey : notnull
{
    private const int ExpiredFirst = 4;   // due entries that a newcomer clears away before anybody is evicted

    private readonly bool _isWeighted = options.Weigher is not null;
    private readonly bool _slides = options.SlidingExpiry is not null;

    /// <summary>Adds an entry of a key that is not there, after room was made for it.</summary>
    internal void Insert(CacheContents<TKey, TValue> contents, in CachePut<TKey, TValue> put, long deadline, long limit, long now, ref Departures<TKey, TValue> leaving)
    {
        Tune(contents.Policy, put.Hash);
        Region region = contents.Policy.Arrive(put.Hash);
        MakeRoom(contents, put.Weight, region, ref leaving);
        int number = contents.TakeFree();
        ref Slot<TKey, TValue> slot = ref contents[number];
        Slot<TKey, TValue>.Claim(ref slot);
        try
        {
            slot.Key = put.Key;
            slot.Value = put.Value;
            if (deadline != Expiry.Never)
            {
                contents.MakeRoomForTimes(number, _slides, now);
                contents.SetTimes(number, deadline, limit);
                contents.File(number);
            }

            Slot<TKey, TValue>.Unlock(ref slot);
            int crowding;
            while (!contents.TryPublish(number, put.Hash, put.Weight, region, out crowding))
            {
                Leave(contents, crowding, RemovalReason.Evicted, ref leaving);
            }
        }
        catch
        {
            Slot<TKey, TValue>.Unlock(ref slot);   // out of memory, before anybody knew of the slot
            contents.Empty(number);
            throw;
        }

        if (deadline != Expiry.Never)
        {
            Wake(contents);
        }
    }

    /// <summary>Replaces what is in a slot that this thread has locked.</summary>
    internal void Replace(
        CacheContents<TKey, TValue> contents,
        int number,
        in CachePut<TKey, TValue> put,
        long deadline,
        long limit,
        bool isAlive,
        ref Departures<TKey, TValue> leaving)
    {
        ref Slot<TKey, TValue> slot = ref contents[number];
        Region region = contents.Policy.RegionOf(number);
        if (_isWeighted)
        {
            // It must not be its own victim: it leaves the queues while room is made, and comes back heavier or lighter.
            // Meanwhile its slot is not locked: making room allocates, and where entries have weights nobody else writes without the gate.
            contents.Unfile(number);
            Slot<TKey, TValue>.Unlock(ref slot);
            contents.Policy.Remove(number);
            MakeRoom(contents, put.Weight, region, ref leaving);
            Slot<TKey, TValue>.Lock(ref slot);
        }

        (TKey Key, TValue Value) replaced = (slot.Key, slot.Value);   // nothing is allocated while a slot is locked
        slot.Value = put.Value;
        contents.SetTimes(number, deadline, limit);
        if (deadline != Expiry.Never)
        {
            contents.File(number);
        }

        Slot<TKey, TValue>.Unlock(ref slot);
        leaving.Add(replaced, isAlive ? RemovalReason.Replaced : RemovalReason.Expired);
        if (_isWeighted)
        {
            contents.Reweigh(number, put.Weight, region);
        }

        tally.Expirations += isAlive ? 0 : 1;
        IHitCounters.Raise(ref contents[number].Hits);
        if (deadline != Expiry.Never)
        {
            Wake(contents);
        }
    }

    private void MakeRoom(CacheContents<TKey, TValue> contents, long weight, Region region, ref Departures<TKey, TValue> leaving)
    {
        AdmissionPolicy policy = contents.Policy;
        if (policy.Weight + weight > policy.Bound && contents.Wheel is { Count: > 0 })
        {
            Expire(contents, clock.Now, ExpiredFirst, ref leaving);
        }

        while (policy.Weight + weight > policy.Bound)
        {
            Leave(contents, policy.Victim(weight, region), RemovalReason.Evicted, ref leaving);
        }
    }

    /// <summary>Lets what is due leave; false when there may be more than the budget allows to look at.</summary>
    internal bool Expire(CacheContents<TKey, TValue> contents, long now, int budget, ref Departures<TKey, TValue> leaving)
    {
        while (contents.Wheel is { } wheel && wheel.TryTake(now, ref budget, out int slot))
        {
            if (contents.TryExpire(slot, now, out (TKey Key, TValue Value) content))
            {
                tally.Expirations++;
                leaving.Add(content, RemovalReason.Expired);
            }
        }

        return budget > 0;
    }

    internal TValue Leave(CacheContents<TKey, TValue> contents, int slot, RemovalReason reason, ref Departures<TKey, TValue> leaving)
    {
        Slot<TKey, TValue>.Lock(ref contents[slot]);
        return LeaveTaken(contents, slot, reason, ref leaving);
    }

    /// <summary>Lets an entry leave whose slot this thread has locked. The gate is held.</summary>
    internal TValue LeaveTaken(CacheContents<TKey, TValue> contents, int slot, RemovalReason reason, ref Departures<TKey, TValue> leaving)
    {
        (TKey Key, TValue Value) content = contents.WithdrawTaken(slot);
        leaving.Add(content, reason);
        tally.Evictions += reason == RemovalReason.Evicted ? 1 : 0;
        tally.Expirations += reason == RemovalReason.Expired ? 1 : 0;
        return content.Value;
    }

    /// <summary>Lets the policy play another arm when the tuner has found a better one.</summary>
    private void Tune(AdmissionPolicy policy, uint hash)
    {
        tally.Insertions++;
        if (_isWeighted)
        {
            return;
        }

        bool isFirst = !usage.IsTuned;
        if (isFirst)
        {
            usage.TuneLocked(new ArmTuner((int)policy.Bound));
        }

        if (usage.ArriveLocked(hash, tally.Insertions) || isFirst)
        {
            policy.UseArm(usage.Best);
        }
    }

    /// <summary>Makes the timer fire when the next entry is due.</summary>
    internal void Wake(CacheContents<TKey, TValue> contents)
    {
        if (contents.Wheel is { } wheel)
        {
            sweeper.WakeLocked(wheel.NextAt, clock);
        }
    }
}
