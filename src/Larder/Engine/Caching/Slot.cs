using System.Runtime.CompilerServices;

namespace Larder.Engine;

/// <summary>One entry of a cache: key, value, and the version that tells readers whether both belong together.</summary>
/// <remarks>
/// A sequence lock (Lameter 2005; Boehm 2012 for the memory model). The version's lowest bit says that somebody writes, the one above that the slot is
/// vacant; each change adds four. A reader takes the version, copies, takes the version again; if it was even and is the same, the copy was whole at one moment. References
/// never tear, and the copy keeps what it refers to alive, however soon the slot is reused. A version comes round after 2^30 changes of one slot while
/// one reader copies a few words, which does not happen.
/// </remarks>
internal struct Slot<TKey, TValue>
{
    internal TKey Key;
    internal TValue Value;
    internal SlotMarks Marks;
    private int _version;

    private const int Locked = 1;
    private const int Vacant = 2;
    private const int Step = 4;

    /// <summary>The version, before anything else is read. Whether it can be trusted is for <see cref="IsStill"/> to say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Version(ref Slot<TKey, TValue> slot) => Volatile.Read(ref slot._version);

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
        slot.Marks = SlotMarks.None;
        Volatile.Write(ref slot._version, ((slot._version & ~Locked) + Step) | Vacant);
    }

    /// <summary>Locks a vacant slot, which nobody else can want: the gate is held.</summary>
    internal static void Claim(ref Slot<TKey, TValue> slot)
    {
        slot._version |= Locked;
        Volatile.WriteBarrier();
    }
}

/// <summary>What a slot has beside key and value.</summary>
[Flags]
internal enum SlotMarks : byte
{
    None = 0,

    /// <summary>It has a deadline.</summary>
    Timed = 1,

    /// <summary>It is in the timer wheel, no later than its deadline says. Changed inside the gate only.</summary>
    Filed = 2,
}
