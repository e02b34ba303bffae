using System.Numerics;

namespace Larder.Tests.Concurrency;

/// <summary>
/// Decides whether the calls on one key can have taken effect one after the other, each at some moment between its beginning and its
/// end, so that a sequential key would have given every answer that was recorded.
/// </summary>
/// <remarks>
/// <para>The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993): choose a call that may be the first, one that
/// began before any pending call had ended; let the sequential key perform it; go on with the rest; take the choice back when no order of
/// the rest will do. With the memoization of Lowe ("Testing for Linearizability", 2017): the same set of calls done, and the same state
/// reached by another order, need not be searched twice. Keys are checked one by one, which decides for all of them together, because
/// linearizability is local (Herlihy and Wing, 1990).</para>
/// <para>Two calls that touch in the same tick of the stopwatch count as overlapping, so that the checker never raises a false alarm.</para>
/// </remarks>
/// <typeparam name="TState">The sequential key.</typeparam>
internal sealed class LinearizabilityChecker<TState>
    where TState : unmanaged, IKeyState<TState>
{
    /// <summary>A set of calls is a word of 64 bits, and the search may take exponential time.</summary>
    public const int MostCalls = 60;

    private readonly HashSet<(ulong Done, TState State)> _seen = [];
    private Call[] _calls = [];
    private bool[] _overtaken = [];
    private ulong _all;

    public bool IsLinearizable(IEnumerable<Call> callsOfOneKey)
    {
        _calls = [.. callsOfOneKey.OrderBy(call => call.Called)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_calls.Length, MostCalls);
        _overtaken = [.. _calls.Select((call, i) => _calls.Where((other, j) => i != j && other.MayWrite && call.Overlaps(other)).Any())];
        _all = (1UL << _calls.Length) - 1;
        _seen.Clear();
        return Search(0, TState.Absent);
    }

    private bool Search(ulong done, TState state)
    {
        if (done == _all)
        {
            return true;
        }

        if (!_seen.Add((done, state)))
        {
            return false;
        }

        long firstReturn = FirstReturn(done);
        Span<TState> next = stackalloc TState[TState.MostNext];
        for (ulong pending = _all & ~done; pending != 0; pending &= pending - 1)
        {
            int i = BitOperations.TrailingZeroCount(pending);
            if (_calls[i].Called > firstReturn)
            {
                return false;   // in order of their beginning: nobody further on may be first either
            }

            int count = state.After(_calls[i], _overtaken[i], next);
            for (int n = 0; n < count; n++)
            {
                if (Search(done | (1UL << i), next[n]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private long FirstReturn(ulong done)
    {
        long first = long.MaxValue;
        for (ulong pending = _all & ~done; pending != 0; pending &= pending - 1)
        {
            first = Math.Min(first, _calls[BitOperations.TrailingZeroCount(pending)].Returned);
        }

        return first;
    }
}
