using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Larder.NostrMls.State;

namespace Larder.NostrMls;

/// <summary>A call that waits for the gate of writers, to be run by whoever has it. Written by that thread inside the gate, read by its caller inside it or after.</summary>
internal abstract class QueuedCall
{
    private readonly object _signal = new();
    private ExceptionDispatchInfo? _failure;
    private bool _isDone;
    private bool _isAsked;

    /// <summary>Whether it has been run and its records are written, or it has failed.</summary>
    internal bool IsDone => Volatile.Read(ref _isDone);

    /// <summary>What it did, when it did not fail.</summary>
    internal Draft? Draft { get; private set; }

    /// <summary>Runs it within a draft, of which it is a part when it succeeds. What it throws is for its caller.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Thrown again where it was called.")]
    internal void RunIn(Draft draft)
    {
        Draft nested = draft.Nested();
        try
        {
            Run(nested);
            draft.Adopt(nested);
            Draft = nested;
        }
        catch (Exception error)
        {
            nested.GiveUp();
            _failure = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>The draft that it is a part of is not to be.</summary>
    internal void Fail(Exception error)
    {
        if (_failure is null)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            DropResult();
        }
    }

    internal void ThrowIfFailed() => _failure?.Throw();

    /// <summary>Waits until it is done, or its caller is asked to enter the gate. An interrupt comes through afterwards, because the call may be under way.</summary>
    internal void Wait()
    {
        bool isInterrupted = false;
        lock (_signal)
        {
            while (!_isDone && !_isAsked)
            {
                try
                {
                    Monitor.Wait(_signal);
                }
                catch (ThreadInterruptedException)
                {
                    isInterrupted = true;
                }
            }

            _isAsked = false;
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    internal void Ask() => Signal(ref _isAsked);

    internal void End() => Signal(ref _isDone);

    protected abstract void Run(Draft draft);

    private void Signal(ref bool what)
    {
        lock (_signal)
        {
            Volatile.Write(ref what, true);
            Monitor.Pulse(_signal);
        }
    }

    protected abstract void DropResult();
}

/// <inheritdoc/>
internal sealed class QueuedCall<TCall, T>(Func<Draft, TCall, T> operation, TCall call) : QueuedCall
{
    /// <summary>What it returned, when it is done and has not failed.</summary>
    internal T Result { get; private set; } = default!;

    protected override void Run(Draft draft) => Result = operation(draft, call);

    protected override void DropResult() => (Result as IDisposable)?.Dispose();
}
