using System.Runtime.InteropServices;

namespace Larder.Primitives;

/// <summary>
/// A place where threads sleep until somebody wakes one of them, or all. What they wait for is kept elsewhere and looked at before sleeping and after
/// waking; waking for nothing is allowed. No interrupt ends a sleep.
/// </summary>
/// <remarks>
/// On Linux a futex: all are woken by one call, and none has to pass a lock on its way out, as it would behind a monitor. With 64 threads
/// on two cores that halves what a group commit costs. Elsewhere a monitor.
/// </remarks>
internal sealed unsafe partial class Berth
{
    private const int Private = 128;
    private const int WaitCall = 0 | Private;
    private const int WakeCall = 1 | Private;

    private static readonly nint _number = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 98,
        _ => 0,
    };

    private readonly int[] _memory = GC.AllocateArray<int>(1, pinned: true);
    private readonly int* _ticket;   // into the array; changes with every waking

    static Berth() => Libc.Load();

    internal Berth() => _ticket = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);

    /// <summary>Taken before looking at what is waited for, and given to <see cref="Sleep"/>.</summary>
    internal int Ticket() => Volatile.Read(ref *_ticket);

    /// <summary>Sleeps, unless somebody was woken since the ticket was taken.</summary>
    internal void Sleep(int ticket)
    {
        if (_number != 0)
        {
            Call(_number, _ticket, WaitCall, ticket, 0, 0, 0);
            return;
        }

        Uninterrupted.Run(() =>
        {
            lock (_memory)
            {
                while (*_ticket == ticket)
                {
                    Monitor.Wait(_memory);
                }
            }
        });
    }

    /// <summary>Wakes one sleeper, or all. What they wait for was changed before.</summary>
    internal void Wake(bool all)
    {
        if (_number != 0)
        {
            Interlocked.Increment(ref *_ticket);
            Call(_number, _ticket, WakeCall, all ? int.MaxValue : 1, 0, 0, 0);
            return;
        }

        Uninterrupted.Run(() =>
        {
            lock (_memory)
            {
                Interlocked.Increment(ref *_ticket);
                Monitor.PulseAll(_memory);
            }
        });
    }

    [LibraryImport(Libc.Name, EntryPoint = "syscall")]
    private static partial nint Call(nint number, int* address, nint operation, nint value, nint timeout, nint other, nint third);
}
