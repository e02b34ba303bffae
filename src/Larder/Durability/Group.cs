using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// The commits that share one flush, and those who wait for it. Threads sleep at a berth of the group's own rather than at the gate of the log, so that
/// finishing one group does not disturb the next; tasks share one completion.
/// </summary>
/// <remarks>The gate of the log guards who is in the group. A berth is used again some groups later, when nobody sleeps there any more.</remarks>
internal sealed class Group(Berth berth)
{
    private TaskCompletionSource? _completion;   // guarded by the gate of the log
    private LogFailure? _failure;                // written before the group is done
    private volatile bool _isDone;
    private int _leads;                          // 1 while one of the sleepers is to take the lead

    /// <summary>Threads that sleep here, or are about to. Guarded by the gate of the log.</summary>
    internal int Sleepers { get; set; }

    /// <summary>Whether somebody needs what is in the group on stable storage, rather than only handed over. Guarded by the gate of the log.</summary>
    internal bool WantsFlush { get; set; }

    /// <summary>Whether tasks wait here. The gate of the log is held.</summary>
    internal bool IsAwaited => _completion is not null;

    /// <summary>What tasks wait for. The gate of the log is held.</summary>
    internal Task CompletionLocked() => (_completion ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Sleeps until the group is done: false; or until this thread was chosen to lead it: true. No interrupt ends it.</summary>
    internal bool Sleep()
    {
        while (true)
        {
            int ticket = berth.Ticket();
            if (_isDone)
            {
                return false;
            }

            if (Interlocked.Exchange(ref _leads, 0) != 0)
            {
                return true;
            }

            berth.Sleep(ticket);
        }
    }

    /// <summary>Makes one sleeper the leader of the group. There is one: the gate of the log is held.</summary>
    internal void PromoteLocked()
    {
        Volatile.Write(ref _leads, 1);
        berth.Wake(all: false);
    }

    /// <summary>Lets everybody go on. No gate is held; nobody joins any more.</summary>
    internal void Finish(LogFailure? failure)
    {
        _failure = failure;
        _isDone = true;
        if (Sleepers > 0)
        {
            berth.Wake(all: true);
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
