using System.Numerics;

namespace Larder.Primitives;

/// <summary>An exact counter that many threads may add to without sharing a cache line: each adds to a cell picked by its number.</summary>
internal sealed class StripedCounter
{
    private const int Padding = 16;   // longs: two cache lines, because processors fetch lines in pairs

    private readonly long[] _cells;
    private readonly int _mask;

    internal StripedCounter()
    {
        int stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * 2);
        _mask = stripes - 1;
        _cells = new long[(stripes + 1) * Padding];
    }

    internal long Value
    {
        get
        {
            long sum = 0;
            for (int i = 0; i <= _mask; i++)
            {
                sum += Volatile.Read(ref _cells[(i + 1) * Padding]);
            }

            return sum;
        }
    }

    internal void Increment() => Interlocked.Increment(ref _cells[((Environment.CurrentManagedThreadId & _mask) + 1) * Padding]);
}
