using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Larder.NostrMls.Durability;
using Larder.NostrMls.State;

namespace Larder.NostrMls;

/// <summary>
/// The present state and how it changes.
/// </summary>
/// <remarks>
/// <para><b>Gates.</b> <c>_writing</c>, taken first: one writer at a time makes a draft, has it made durable and publishes it. Held while a journal writes, and while the action of a transaction
/// runs: the one place where code of a caller runs inside a gate, so a writer that comes back into it is refused, not deadlocked. Calls of a store with a journal queue up before the gate; whoever enters it runs all
/// that wait there, each as a part of one draft, which a refused one leaves without harm to the others, makes that durable, and lets their callers go. Whoever leaves the gate asks the first that still waits to enter it.
/// Transactions run alone, on the threads of their callers. <c>_publishing</c>, taken second or alone: the exchange
/// of the state together with the zeroing of what it no longer refers to, if anything; readers that copy secrets take it, so that nothing is zeroed under their hands.</para>
/// <para><b>Without a gate.</b> Every other read: the state is immutable and exchanged by one release store, the moment at which a call takes effect. An operation that is refused, or whose
/// records cannot be written, leaves a draft that nobody has seen. Recency is stamped by readers without a gate.</para>
/// </remarks>
internal sealed class Core : IDisposable
{
    private const int MostTogether = 64;
    private const long MostBytesTogether = 16 * 1024 * 1024;

    private readonly ConcurrentQueue<QueuedCall> _queue = new();
    private readonly Lock _writing = new();
    private readonly Lock _publishing = new();
    private readonly UseClock _clock;
    private readonly IJournal? _journal;
    private StoreState _state;
    private bool _isDisposed;

    internal Core(MlsStoreOptions options, StoreState state, UseClock clock, IJournal? journal)
    {
        Options = options;
        _state = state;
        _clock = clock;
        _journal = journal;
    }

    internal MlsStoreOptions Options { get; }

    internal bool IsPersistent => _journal is not null;

    /// <summary>How many calls wait; for tests.</summary>
    internal int Queued => _queue.Count;

    /// <summary>The present state, also of a store that is closed; for tests.</summary>
    internal StoreState State => Volatile.Read(ref _state);

    internal T Read<TCall, T>(Func<StoreState, IUses, TCall, T> query, TCall call)
    {
        ThrowIfDisposed();
        return query(State, _clock, call);
    }

    /// <summary>A read that copies secrets.</summary>
    internal T ReadSecrets<TCall, T>(Func<StoreState, IUses, TCall, T> query, TCall call)
    {
        lock (_publishing)
        {
            ThrowIfDisposed();
            return query(_state, _clock, call);
        }
    }

    /// <summary>A call of one operation. Those that wait for the gate while another writes its records go as one draft, and share what it costs to make them durable.</summary>
    internal T Write<TCall, T>(Func<Draft, TCall, T> operation, TCall call) => _journal is null ? WriteAlone(operation, call) : WriteTogether(operation, call);

    /// <summary>A draft of its own, on the thread of its caller: for what runs a caller's code.</summary>
    internal T WriteAlone<TCall, T>(Func<Draft, TCall, T> operation, TCall call)
    {
        Draft draft;
        T result;
        Refuse(_writing.IsHeldByCurrentThread);
        try
        {
            lock (_writing)
            {
                ThrowIfDisposed();
                draft = new Draft(State, Options, _clock, _journal is not null);
                try
                {
                    result = operation(draft, call);
                    CommitLocked(draft);
                }
                catch
                {
                    draft.GiveUp();
                    throw;
                }
            }
        }
        finally
        {
            AskNext();
        }

        Tell(draft);
        return result;
    }

    private T WriteTogether<TCall, T>(Func<Draft, TCall, T> operation, TCall call)
    {
        Refuse(_writing.IsHeldByCurrentThread);
        ThrowIfDisposed();
        var mine = new QueuedCall<TCall, T>(operation, call);
        _queue.Enqueue(mine);
        while (!mine.IsDone)
        {
            if (!_writing.TryEnter())
            {
                mine.Wait();
                continue;
            }

            try
            {
                while (!mine.IsDone)
                {
                    WriteQueuedLocked();
                }
            }
            finally
            {
                _writing.Exit();
                AskNext();
            }
        }

        mine.ThrowIfFailed();
        Tell(mine.Draft!);
        return mine.Result;
    }

    /// <summary>Whoever has left the gate asks one that waits to enter it. A call is queued before its caller finds the gate taken, so none is left waiting.</summary>
    private void AskNext()
    {
        if (_journal is not null && _queue.TryPeek(out QueuedCall? next))
        {
            next.Ask();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Thrown again by each call.")]
    private void WriteQueuedLocked()
    {
        var draft = new Draft(State, Options, _clock, writes: true);
        List<QueuedCall> calls = [];
        while (calls.Count < MostTogether && draft.BytesOfItems < MostBytesTogether && _queue.TryDequeue(out QueuedCall? next))
        {
            calls.Add(next);
            if (!_isDisposed)
            {
                next.RunIn(draft);
            }
        }

        try
        {
            ThrowIfDisposed();
            CommitLocked(draft);
        }
        catch (Exception error)
        {
            draft.GiveUp();
            calls.ForEach(call => call.Fail(error));
        }

        calls.ForEach(call => call.End());
    }

    internal void Erase()
    {
        ThrowIfDisposed();
        _journal?.Erase();
    }

    /// <summary>Waits for the writer that is at work, closes the files and zeroes every secret. Twice is as good as once.</summary>
    public void Dispose()
    {
        Refuse(_writing.IsHeldByCurrentThread);
        lock (_writing)
        {
            if (_isDisposed)
            {
                return;
            }

            try
            {
                _journal?.Dispose();
            }
            finally
            {
                lock (_publishing)
                {
                    Volatile.Write(ref _isDisposed, true);
                    Zero(_state);
                }
            }
        }

        AskNext();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), typeof(NostrMlsStore));

    private void CommitLocked(Draft draft)
    {
        StoreState next = draft.Final();
        if (_journal is not null && !ReferenceEquals(next, _state))
        {
            _journal.Commit(draft);
        }

        if (!draft.Retires)
        {
            Volatile.Write(ref _state, next);
            draft.Settle();
            return;
        }

        lock (_publishing)
        {
            Volatile.Write(ref _state, next);
            draft.Settle();
        }
    }

    private static void Zero(StoreState state)
    {
        using var secrets = new CapturedState(state);
        foreach (DeadItem dead in state.Groups.Ascending().SelectMany(node => node.Dead.Values))
        {
            (dead.Item.Content as IDisposable)?.Dispose();
        }
    }

    private static void Refuse(bool isInTransaction)
    {
        if (isInTransaction)
        {
            throw new InvalidOperationException("inside a transaction the store is written through the transaction's handle, and no other transaction begins.");
        }
    }

    /// <summary>What has to happen after an operation, outside every gate.</summary>
    private void Tell(Draft draft)
    {
        try
        {
            _journal?.SecretsEnded(draft.Deletes, draft.Replaces);
        }
        finally
        {
            if (Options.Evicted is not null)
            {
                foreach (MlsEviction eviction in draft.Evictions)
                {
                    Tell(eviction);
                }
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A callback that fails must not fail the store.")]
    private void Tell(MlsEviction eviction)
    {
        try
        {
            Options.Evicted!(eviction);
        }
        catch (Exception)
        {
        }
    }
}
