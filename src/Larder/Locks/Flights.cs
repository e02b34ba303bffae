using System.Runtime.CompilerServices;
using Larder.Primitives;

namespace Larder.Locks;

/// <summary>
/// Single flight: one load per key at a time, its result for everybody who waits.
/// </summary>
/// <remarks>
/// <para>
/// <b>Protocol.</b> The gate guards the table and the fields of the flights in it; it is taken inside the store's gate (by
/// <see cref="Overtake(TKey)"/>) or alone, and no load and no waiter's code runs inside it. A flight enters the table before its load looks at the
/// store, so that every write after that look finds the flight and overtakes it; it leaves the table when its load has ended.
/// </para>
/// <para>
/// <b>Circles.</b> Who waits in a circle would wait for ever, so the wait that would close it is refused. Each flight knows the flights its load
/// waits for. Whose load asks is told by the execution context, which flows into the tasks and threads that the load starts. Whether the
/// load is going to await such a task cannot be seen; therefore, <i>while the load runs</i>, what the task waits for counts as what the load waits for,
/// and a background task that asks for the key being loaded is refused. Once the load has ended its tasks are nobody's and may ask for
/// anything. A task that must not be taken for the load before that is started under <see cref="ExecutionContext.SuppressFlow"/>.
/// </para>
/// </remarks>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TResult">What a load makes.</typeparam>
/// <param name="comparer">What makes keys equal; runs inside the gate.</param>
internal sealed class Flights<TKey, TResult>(IEqualityComparer<TKey>? comparer)
    where TKey : notnull
{
    private readonly Gate _gate = new();
    private readonly Dictionary<TKey, Flight<TKey, TResult>> _flights = new(comparer);

    /// <summary>The flight whose load the code runs in. The box is emptied when the load ends: contexts that it flowed into may live for long.</summary>
    private readonly AsyncLocal<StrongBox<Flight<TKey, TResult>?>?> _running = new();
    private volatile int _count;

    /// <summary>Whether no load is under way, so that nothing can be overtaken.</summary>
    internal bool IsIdle => _count == 0;

    /// <summary>
    /// The result of the load that is under way for this key, or of this one if none is. A caller that <paramref name="blocks"/> its thread
    /// waits right here, so that it needs no thread of the pool to go on.
    /// </summary>
    internal async ValueTask<TResult> RunAsync(TKey key, Func<Flight<TKey, TResult>, ValueTask<TResult>> load, bool blocks, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Seat seat = Join(key);
            try
            {
                if (seat.Role == Role.Leader)
                {
                    _ = FlyAsync(seat.Flight, load);
                }

                Task<TResult> result = blocks ? Ended(seat.Flight) : seat.Flight.Result.WaitAsync(cancellationToken);
                if (seat.Role != Role.Latecomer)
                {
                    return await result.ConfigureAwait(false);
                }

                await ((Task)result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                Leave(seat);
            }
        }
    }

    /// <summary>Notes that a key was written, removed or cleared. The owner's gate is held.</summary>
    internal void Overtake(TKey key)
    {
        if (_count == 0)
        {
            return;
        }

        using (_gate.Enter())
        {
            if (_flights.TryGetValue(key, out Flight<TKey, TResult>? flight))
            {
                flight.IsOvertaken = true;
            }
        }
    }

    /// <summary>The same, for a key in another form that the comparer knows as well.</summary>
    internal void Overtake<TOther>(TOther key)
        where TOther : notnull, allows ref struct
    {
        if (_count == 0)
        {
            return;
        }

        using (_gate.Enter())
        {
            if (_flights.GetAlternateLookup<TOther>().TryGetValue(key, out Flight<TKey, TResult>? flight))
            {
                flight.IsOvertaken = true;
            }
        }
    }

    /// <summary>The same, for every key of which this is true.</summary>
    internal void Overtake<TState>(Func<TKey, TState, bool> isMeant, TState state)
        where TState : allows ref struct
    {
        if (_count == 0)
        {
            return;
        }

        using (_gate.Enter())
        {
            foreach (Flight<TKey, TResult> flight in _flights.Values)
            {
                flight.IsOvertaken |= isMeant(flight.Key, state);
            }
        }
    }

    private Seat Join(TKey key)
    {
        using (_gate.Enter())
        {
            Flight<TKey, TResult>? asker = _running.Value?.Value;
            if (!_flights.TryGetValue(key, out Flight<TKey, TResult>? flight))
            {
                _flights.Add(key, flight = new Flight<TKey, TResult>(key));
                _count = _flights.Count;
                return TakenSeat(Role.Leader);
            }

            if (asker is not null && WouldWaitForItself(asker, flight))
            {
                throw new InvalidOperationException("the factory of a key asked, directly or through other factories, for that same key; it would wait for itself.");
            }

            return TakenSeat(flight.IsOvertaken ? Role.Latecomer : Role.Follower);

            Seat TakenSeat(Role role)
            {
                asker?.WaitsFor.Add(flight);
                flight.Waiters += role == Role.Latecomer ? 0 : 1;
                return new Seat(flight, asker, role);
            }
        }
    }

    private void Leave(Seat seat)
    {
        Flight<TKey, TResult> flight = seat.Flight;
        using (_gate.Enter())
        {
            seat.Asker?.WaitsFor.Remove(flight);
            if (seat.Role == Role.Latecomer || --flight.Waiters > 0 || flight.Result.IsCompleted)
            {
                return;
            }

            flight.IsOvertaken = true;
        }

        flight.Cancel();
    }

    private async Task FlyAsync(Flight<TKey, TResult> flight, Func<Flight<TKey, TResult>, ValueTask<TResult>> load)
    {
        var running = new StrongBox<Flight<TKey, TResult>?>(flight);
        _running.Value = running;   // seen by the load and whatever it starts, and by nobody else
        TResult result;
        try
        {
            result = await load(flight).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            End(running);
            flight.Fail(error);
            return;
        }

        End(running);
        flight.Succeed(result);
    }

    private void End(StrongBox<Flight<TKey, TResult>?> running)
    {
        using (_gate.Enter())
        {
            Flight<TKey, TResult> flight = running.Value!;
            running.Value = null;
            flight.WaitsFor.Clear();
            _flights.Remove(flight.Key);
            _count = _flights.Count;
        }
    }

    /// <summary>Whether the asker's load is among those that the flight waits for, directly or through others.</summary>
    private static bool WouldWaitForItself(Flight<TKey, TResult> asker, Flight<TKey, TResult> flight)
    {
        HashSet<Flight<TKey, TResult>> seen = [flight];
        var ahead = new Stack<Flight<TKey, TResult>>([flight]);
        while (ahead.TryPop(out Flight<TKey, TResult>? next))
        {
            if (next == asker)
            {
                return true;
            }

            foreach (Flight<TKey, TResult> waitedFor in next.WaitsFor.Where(seen.Add))
            {
                ahead.Push(waitedFor);
            }
        }

        return false;
    }

    /// <summary>Blocks until the load has ended, however it did. Whoever ends it signals this thread.</summary>
    private static Task<TResult> Ended(Flight<TKey, TResult> flight)
    {
        ((Task)flight.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        return flight.Result;
    }

    /// <summary>What a caller waits for, and how; the asker is the flight whose load it runs in, if it runs in one.</summary>
    private readonly record struct Seat(Flight<TKey, TResult> Flight, Flight<TKey, TResult>? Asker, Role Role);

    private enum Role
    {
        /// <summary>Runs the load.</summary>
        Leader,

        /// <summary>Waits for the result of a load that is under way.</summary>
        Follower,

        /// <summary>Waits for an overtaken load to end, and asks again.</summary>
        Latecomer,
    }
}
