using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Larder.Primitives;

/// <summary>
/// A mutual exclusion for critical sections of some tens of nanoseconds: one exchange to enter, one to leave, spinning for about as long as such
/// a section lasts, parking after that. Not re-entrant, not fair.
/// </summary>
/// <remarks>
/// The state is 0 free, 1 held, 2 held and somebody may be parked (the three-state mutex of Drepper, "Futexes are Tricky", 2004, with a ticket
/// in place of the state to sleep on). A thread parks only after it has put a 2, with a ticket from before that, and whoever takes a 2 away wakes one;
/// so either the leaver sees the 2, or the parker sees the 0 and has the gate. Who was woken spins like a newcomer before it parks again, or somebody who leaves and comes back
/// at once would keep it out for ever; but it enters with a 2, because others may still be parked. No interrupt strikes in between.
/// Why not <see cref="Lock"/>: docs/decisions/0008. The state has a cache line to itself, so that what lies beside the gate is not slow to read while others enter.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal sealed class Gate
{
    private const int Free = 0;
    private const int Held = 1;
    private const int Awaited = 2;

    /// <summary>
    /// Some microseconds in all; on one core nobody leaves while others spin. Each is longer than such a section and longer than the one before, so that who is inside
    /// may come back a few times before all that the gate guards has to move to another core.
    /// </summary>
    private static readonly int _spins = Environment.ProcessorCount == 1 ? 0 : 16;

    [FieldOffset(0)]
    private readonly Berth _parking = new();

    [FieldOffset(64)]
    private int _state;

    [FieldOffset(68)]
    private int _owner;   // a thread's number, kept in debug builds only

    /// <summary>Enters; dispose the result to leave.</summary>
    internal Inside Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Held, Free) != Free)
        {
            EnterSlowly();
        }

        NoteOwner(Environment.CurrentManagedThreadId);
        return new Inside(this);
    }

    /// <summary>Fails a debug build when this thread is not inside.</summary>
    [Conditional("DEBUG")]
    internal void AssertInside() => Debug.Assert(_owner == Environment.CurrentManagedThreadId, "the gate must be held here");

    private void EnterSlowly()
    {
        int mine = Held;
        while (true)
        {
            for (int spin = 1; spin <= _spins; spin++)
            {
                Thread.SpinWait(spin * 8);
                if (Volatile.Read(ref _state) == Free && Interlocked.CompareExchange(ref _state, mine, Free) == Free)
                {
                    return;
                }
            }

            int ticket = _parking.Ticket();
            if (Interlocked.Exchange(ref _state, Awaited) == Free)
            {
                return;
            }

            _parking.Sleep(ticket);
            mine = Awaited;   // others may be parked still, and whoever leaves must know
        }
    }

    private void Exit()
    {
        NoteOwner(0);
        if (Interlocked.Exchange(ref _state, Free) == Awaited)
        {
            _parking.Wake(all: false);
        }
    }

    [Conditional("DEBUG")]
    private void NoteOwner(int thread) => _owner = thread;

    /// <summary>Somebody is inside until this is disposed.</summary>
    internal readonly ref struct Inside(Gate gate)
    {
        public void Dispose() => gate.Exit();
    }
}
