using Larder.Primitives;

namespace Larder.Locks;

/// <summary>
/// Single flight: one load per key at a time, its result for everybody who waits.
/// </summary>
/// <remarks>
/// <b>Protocol.</b> The gate guards the table and the fields of the flights in it; it is taken inside the store's gate (by
/// <see cref="Overtake"/>) or alone, and no load and no waiter's code runs inside it. A flight enters the table before its load looks at the
/// store, so that every write after that look finds the flight and overtakes it; it leaves the table when its load has ended. Waiting in a
/// circle is refused: each load knows the flight it runs in, and each flight the one it waits for.
/// </remarks>
internal sealed class Flights
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], Flight> _flights = new(new Utf8KeyComparer(KeyedHash.Random()));
    private readonly AsyncLocal<Flight?> _running = new();
    private volatile int _count;

    /// <summary>
    /// The result of the load that is under way for this key, or of this one if none is. A caller that <paramref name="blocks"/> its thread
    /// waits right here, so that it needs no thread of the pool to go on.
    /// </summary>
    internal async ValueTask<Entry?> RunAsync(byte[] key, Func<Flight, ValueTask<Entry?>> load, bool blocks, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Flight flight = Join(key, out bool isLeader, out bool isTooLate);
            if (isTooLate)
            {
                if (blocks)
                {
                    Task.WaitAny([flight.Result], cancellationToken);
                }
                else
                {
                    await ((Task)flight.Result).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                continue;
            }

            if (isLeader)
            {
                _ = FlyAsync(flight, load);
            }

            try
            {
                return blocks ? flight.Result.GetAwaiter().GetResult() : await flight.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Leave(flight);
            }
        }
    }

    /// <summary>Notes that a key was written, removed or cleared. The store's gate is held.</summary>
    internal void Overtake(ReadOnlySpan<byte> key)
    {
        if (_count == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_flights.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out Flight? flight))
            {
                flight.IsOvertaken = true;
            }
        }
    }

    /// <summary>The same for every key under a prefix. The store's gate is held.</summary>
    internal void OvertakePrefix(ReadOnlySpan<byte> prefix)
    {
        if (_count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (Flight flight in _flights.Values)
            {
                flight.IsOvertaken |= flight.Key.Length > prefix.Length && flight.Key.AsSpan().StartsWith(prefix);
            }
        }
    }

    private Flight Join(byte[] key, out bool isLeader, out bool isTooLate)
    {
        lock (_gate)
        {
            Flight? self = _running.Value;
            isLeader = !_flights.TryGetValue(key, out Flight? flight);
            isTooLate = flight is { IsAbandoned: true };
            if (flight is null)
            {
                _flights.Add(key, flight = new Flight(key, self));
                _count = _flights.Count;
                self?.WaitsFor = flight;
                return flight;
            }

            for (Flight? ahead = flight; ahead is not null; ahead = ahead.WaitsFor)
            {
                for (Flight? mine = self; mine is not null; mine = mine.Parent)
                {
                    if (mine == ahead)
                    {
                        throw new InvalidOperationException("the factory of a key asked, directly or through other factories, for that same key; it would wait for itself.");
                    }
                }
            }

            if (!isTooLate)
            {
                self?.WaitsFor = flight;
                flight.Waiters++;
            }

            return flight;
        }
    }

    private async Task FlyAsync(Flight flight, Func<Flight, ValueTask<Entry?>> load)
    {
        _running.Value = flight;   // seen by the load and whatever it calls, and by nobody else
        try
        {
            Entry? entry = await load(flight).ConfigureAwait(false);
            End(flight);
            flight.Succeed(entry);
        }
        catch (Exception error)
        {
            End(flight);
            flight.Fail(error);
        }
    }

    private void End(Flight flight)
    {
        lock (_gate)
        {
            _flights.Remove(flight.Key);
            _count = _flights.Count;
        }
    }

    private void Leave(Flight flight)
    {
        lock (_gate)
        {
            _running.Value?.WaitsFor = null;
            if (--flight.Waiters > 0 || flight.Result.IsCompleted)
            {
                return;
            }

            flight.IsAbandoned = true;
            flight.IsOvertaken = true;
        }

        flight.Cancel();
    }
}
