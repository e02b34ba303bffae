using System.Diagnostics;

namespace Larder.Tests.Concurrency;

/// <summary>
/// Threads that make histories: each round all of them start together, make a few random calls on one or two keys, and record what
/// they asked and were told. One thread more moves the clock, past the deadlines that the others set.
/// </summary>
internal sealed class Crew : IDisposable
{
    public const int Members = 4;
    public const int CallsEach = 7;

    private readonly ICaller _caller;
    private readonly ManualTimeProvider _clock;
    private readonly SpinBarrier _start = new(Members + 2);
    private readonly SpinBarrier _end = new(Members + 2);
    private readonly Call[][] _calls = new Call[Members][];
    private readonly Thread[] _threads;
    private string[] _keys = [];
    private TimeSpan _step;
    private int _running;
    private volatile bool _stopped;
    private volatile Exception? _failure;

    /// <param name="caller">What the threads call.</param>
    /// <param name="clock">The clock that the called one reads.</param>
    public Crew(ICaller caller, ManualTimeProvider clock)
    {
        _caller = caller;
        _clock = clock;
        _threads = [.. Enumerable.Range(0, Members).Select(member => Begin(() => Round(() => Work(member)))), Begin(() => Round(MoveClock))];
    }

    /// <summary>One history: the calls of all threads on all keys. The keys are new to whom is called and gone afterwards.</summary>
    /// <param name="keys">One or two keys.</param>
    /// <param name="step">How far the clock moves at a time; lifetimes are a few of these.</param>
    public List<Call> Record(string[] keys, TimeSpan step)
    {
        _keys = keys;
        _step = step;
        _caller.Begin(keys);
        _running = Members;
        _start.SignalAndWait();
        _end.SignalAndWait();
        if (_failure is { } failure)
        {
            throw new InvalidOperationException($"a call failed: {failure.Message}", failure);
        }

        _caller.End(keys);
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
                calls[i] = _caller.Next(_keys.Length, (member * 100) + i + 1, _step);
                Record(ref calls[i]);
            }

            _calls[member] = calls;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>The pauses lie inside the recorded interval, so that calls overlap even when cores are few.</summary>
    private void Record(ref Call call)
    {
        call.ClockAtCall = _clock.GetTimestamp();
        call.Called = Stopwatch.GetTimestamp();
        Perturbation.Pause();
        _caller.Make(_keys[call.Key], ref call);
        Perturbation.Pause();
        call.Returned = Stopwatch.GetTimestamp();
        call.ClockAtReturn = _clock.GetTimestamp();
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
}
