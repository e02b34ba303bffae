namespace Larder.Tests.Concurrency;

/// <summary>
/// Threads that make histories: each round all of them start together, make a few random calls on one or two keys, and record what
/// they asked and were told. One thread more moves the clock, past the deadlines that the others set.
/// </summary>
internal sealed class Crew : IDisposable
{
    public const int Members = 4;
    public const int CallsEach = 7;
    private const int DeadlineSteps = 12;

    private readonly IStore _store;
    private readonly ManualTimeProvider _clock;
    private readonly SpinBarrier _start = new(Members + 2);
    private readonly SpinBarrier _end = new(Members + 2);
    private readonly Call[][] _calls = new Call[Members][];
    private readonly long[] _seenVersions = new long[2];
    private readonly Thread[] _threads;
    private string[] _keys = [];
    private TimeSpan _step;
    private int _running;
    private volatile bool _stopped;
    private volatile Exception? _failure;

    /// <param name="store">The store whose histories are wanted.</param>
    /// <param name="clock">The clock that the store reads.</param>
    public Crew(IStore store, ManualTimeProvider clock)
    {
        _store = store;
        _clock = clock;
        _threads = [.. Enumerable.Range(0, Members).Select(member => Begin(() => Round(() => Work(member)))), Begin(() => Round(MoveClock))];
    }

    /// <summary>One history: the calls of all threads on all keys. The keys are new to the store and gone afterwards.</summary>
    /// <param name="keys">One or two keys.</param>
    /// <param name="step">How far the clock moves at a time; lifetimes are a few of these.</param>
    public List<Call> Record(string[] keys, TimeSpan step)
    {
        _keys = keys;
        _step = step;
        _seenVersions.AsSpan().Clear();
        _running = Members;
        _start.SignalAndWait();
        _end.SignalAndWait();
        if (_failure is { } failure)
        {
            throw new InvalidOperationException($"a call failed: {failure.Message}", failure);
        }

        foreach (string key in keys)
        {
            _store.Remove(key);
        }

        return [.. _calls.SelectMany(calls => calls)];
    }

    public void Dispose()
    {
        _stopped = true;
        _start.SignalAndWait();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static Thread Begin(Action run)
    {
        var thread = new Thread(() => run()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Round(Action work)
    {
        while (true)
        {
            _start.SignalAndWait();
            if (_stopped)
            {
                return;
            }

            try
            {
                work();
            }
            catch (Exception failed)
            {
                _failure = failed;
            }

            _end.SignalAndWait();
        }
    }

    private void Work(int member)
    {
        try
        {
            var calls = new Call[CallsEach];
            for (int i = 0; i < calls.Length; i++)
            {
                calls[i] = Random(argument: (member * 100) + i + 1);
                Caller.Make(_store, _clock, _keys[calls[i].Key], ref calls[i]);
                if (calls[i].Version > 0)
                {
                    Volatile.Write(ref _seenVersions[calls[i].Key], calls[i].Version);
                }
            }

            _calls[member] = calls;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void MoveClock()
    {
        while (Volatile.Read(ref _running) > 0)
        {
            _clock.Advance(_step);
            Perturbation.Pause();
            Perturbation.Pause();
        }
    }

    private Call Random(int argument)
    {
        int key = Perturbation.Next(_keys.Length);
        var call = new Call
        {
            Kind = (CallKind)Perturbation.Next((int)CallKind.Load + 1),
            Key = key,
            Argument = argument,
            Expected = Math.Max(1, Volatile.Read(ref _seenVersions[key])),
        };
        call.Deadline = Perturbation.Next(3) switch
        {
            0 when call.Kind is not CallKind.Load and not CallKind.Add => Call.Keep,
            1 => Call.Never,
            _ => _clock.GetTimestamp() + (Perturbation.Next(DeadlineSteps) * _step.Ticks),
        };
        return call;
    }
}
