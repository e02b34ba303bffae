using System.Runtime.CompilerServices;

namespace Larder.Primitives;

/// <summary>
/// A cell of its own for every thread that asks, found by the thread's number. Only that thread writes to it, so it needs neither locks nor
/// interlocked instructions. Numbers of threads that ended are given out again, and their cells with them.
/// </summary>
internal sealed class ThreadCells<T>
    where T : class, new()
{
    private readonly Gate _growing = new();
    private T?[] _cells = [];

    internal T Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int thread = Environment.CurrentManagedThreadId;
            T?[] cells = Volatile.Read(ref _cells);
            return (uint)thread < (uint)cells.Length && cells[thread] is { } mine ? mine : Made(thread);
        }
    }

    /// <summary>All there are, with gaps.</summary>
    internal ReadOnlySpan<T?> All => Volatile.Read(ref _cells);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T Made(int thread)
    {
        using (_growing.Enter())
        {
            T?[] cells = _cells;
            if (thread >= cells.Length)
            {
                Array.Resize(ref cells, thread + 8);
            }

            T mine = cells[thread] ??= new T();
            Volatile.Write(ref _cells, cells);
            return mine;
        }
    }
}
