using System.Runtime.CompilerServices;

namespace Larder.Engine;

/// <summary>One entry of a cache: key, value, and the version that tells readers whether both belong together.</summary>
/// <remarks>
/// A sequence lock (Lameter 2005; Boehm 2012 for the memory model). The version's lowest bit says that somebody writes, the one above that the slot is
/// vacant, the third that the entry has a deadline; each change adds eight. A reader takes the version, copies, takes the version again; if nobody wrote and it is the
/// same, the copy was whole at one moment. References never tear, and the copy keeps what it refers to alive, however soon the slot is reused. A version comes
/// round after 2^29 changes of one slot while one reader copies a few words, which does not happen.
/// </remarks>
internal struct Slot<TKey, TValue>
{
    internal TKey Key;
    internal TValue Value;
    private int _version;

    /// <summary>The hits, for the policy. Written by anybody.</summary>
    internal byte Hits;

    /// <summary>Whether it is in the timer wheel, no later than its deadline says. Changed inside the gate only.</summary>
    internal bool IsFiled;

    private const int Locked = 1;
    private const int Vacant = 2;
    private const int Timed = 4;
    private const int Step = 8;

    /// <summary>The version, before anything else is read. Whether it can be trusted is for <see cref="IsStill"/> to say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Version(ref Slot<TKey, TValue> slot) => Volatile.Read(ref slot._version);

    /// <summary>Whether a version is of an entry with a deadline.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsTimed(int version) => (version & Timed) != 0;

    /// <summary>Says of a locked slot whether its entry has a deadline.</summary>
    internal static void SetTimed(ref Slot<TKey, TValue> slot, bool isTimed) => slot._version = isTimed ? slot._version | Timed : slot._version & ~Timed;

    /// <summary>Whether what was read since is whole, and the slot was neither vacant nor being written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsStill(ref Slot<TKey, TValue> slot, int version)
    {
        Volatile.ReadBarrier();
        return slot._version == version && (version & (Locked | Vacant)) == 0;
    }

    /// <summary>Locks the slot if it has this version, which was trusted before.</summary>
    internal static bool TryLock(ref Slot<TKey, TValue> slot, int version)
    {
        if (Interlocked.CompareExchange(ref slot._version, version | Locked, version) != version)
        {
            return false;
        }

        Volatile.WriteBarrier();
        return true;
    }

    /// <summary>Locks an occupied slot, after whoever holds it. Those hold it for a few stores.</summary>
    internal static void Lock(ref Slot<TKey, TValue> slot)
    {
        var spin = default(SpinWait);
        while (true)
        {
            int version = Volatile.Read(ref slot._version);
            if ((version & Locked) == 0 && TryLock(ref slot, version))
            {
                return;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Unlocks the slot, under a new version.</summary>
    internal static int Unlock(ref Slot<TKey, TValue> slot)
    {
        int version = (slot._version & ~(Locked | Vacant)) + Step;
        Volatile.Write(ref slot._version, version);
        return version;
    }

    /// <summary>Lets go of key and value, so that the slot keeps nothing alive. The slot is locked, and vacant afterwards.</summary>
    internal static void Vacate(ref Slot<TKey, TValue> slot)
    {
        slot.Key = default!;
        slot.Value = default!;
        slot.IsFiled = false;
        Volatile.Write(ref slot._version, ((slot._version & ~(Locked | Timed)) + Step) | Vacant);
    }

    /// <summary>Locks a vacant slot, which nobody else can want: the gate is held.</summary>
    internal static void Claim(ref Slot<TKey, TValue> slot)
    {
        slot._version |= Locked;
        Volatile.WriteBarrier();
    }
}
