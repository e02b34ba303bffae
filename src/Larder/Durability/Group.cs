using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// The commits that share one flush, and those who wait for it. Threads sleep here rather than at the gate of the log, so that finishing one
/// group does not disturb the next; tasks share one completion.
/// </summary>
/// <remarks>
/// The gate of the log guards who is in the group and who leads it; the object's own monitor, taken inside that gate or without it, never
/// before it, is what threads sleep on.
/// </remarks>
internal sealed class Group
{
    private readonly object _bed = new();
    private TaskCompletionSource? _completion;   // guarded by the gate of the log
    private LogFailure? _failure;
    private bool _isDone;
    private bool _leads;

    /// <summary>Threads that sleep here, or are about to. Guarded by the gate of the log.</summary>
    internal int Sleepers { get; set; }

    /// <summary>Whether somebody needs what is in the group on stable storage, rather than only handed over. Guarded by the gate of the log.</summary>
    internal bool WantsFlush { get; set; }

    /// <summary>Whether tasks wait here. The gate of the log is held.</summary>
    internal bool IsAwaited => _completion is not null;

    /// <summary>What tasks wait for. The gate of the log is held.</summary>
    internal Task CompletionLocked() => (_completion ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Sleeps until the group is done: false; or until this thread was chosen to lead it: true.</summary>
    /// <exception cref="ThreadInterruptedException">The thread was interrupted; it must leave the group.</exception>
    internal bool Sleep()
    {
        lock (_bed)
        {
            while (!_isDone && !_leads)
            {
                Monitor.Wait(_bed);
            }

            bool leads = _leads;
            _leads = false;
            return leads;
        }
    }

    /// <summary>Makes one sleeper the leader of the group. The gate of the log is held, and there is a sleeper.</summary>
    internal void PromoteLocked() => Uninterrupted.Run(() =>
    {
        lock (_bed)
        {
            _leads = true;
            Monitor.Pulse(_bed);
        }
    });

    /// <summary>A sleeper leaves before its time. Whether the lead has to be passed on, because it was the one chosen. The gate of the log is held.</summary>
    internal bool LeaveLocked()
    {
        bool led = false;
        Sleepers--;
        Uninterrupted.Run(() =>
        {
            lock (_bed)
            {
                led |= _leads;
                _leads = false;
            }
        });
        return led;
    }

    /// <summary>Lets everybody go on. No gate is held; nobody joins any more.</summary>
    internal void Finish(LogFailure? failure)
    {
        _failure = failure;
        if (Sleepers > 0)
        {
            Uninterrupted.Run(() =>
            {
                lock (_bed)
                {
                    _isDone = true;
                    Monitor.PulseAll(_bed);
                }
            });
        }

        if (failure is null)
        {
            _completion?.TrySetResult();
        }
        else
        {
            _completion?.TrySetException(failure.Error());
        }
    }

    /// <summary>For one who slept, or led: whether it went well.</summary>
    internal void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure.Error();
        }
    }
}
