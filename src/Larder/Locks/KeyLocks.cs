using Larder.Primitives;

namespace Larder.Locks;

/// <summary>
/// Locks on keys, handed out in the order of arrival. A key costs something only while it is held or waited for, and keys share nothing but
/// a gate that is held for a few instructions, so that no two keys can block each other.
/// </summary>
/// <remarks>
/// <b>Protocol.</b> The gate guards the table and the queue of every key in it. A key is in the table exactly while it has a holder. Whoever
/// releases hands the lock to the first waiter that is still there, inside the gate, so that a lock is never free while somebody waits and
/// never held twice. A waiter that gives up leaves the queue inside the gate: it either left, or it holds the lock and must take it.
/// Waiters are woken outside their own call stack; no code of a caller runs inside the gate.
/// </remarks>
internal sealed class KeyLocks(TimeProvider time) : IKeyLockOwner
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private long _lastToken;
    private bool _isClosed;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>
    /// Takes the lock; null when it is still held after <paramref name="wait"/>. A caller that <paramref name="blocks"/> its thread until
    /// then is woken by whoever releases, so that it needs no thread of the pool; nothing of the caller's runs in between.
    /// </summary>
    internal ValueTask<KeyLock?> TakeAsync(string key, TimeSpan wait, bool blocks, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<long>> waiter;
        lock (_gate)
        {
            if (_isClosed)
            {
                throw Closed.Error();
            }

            if (!_held.TryGetValue(key, out Held? held))
            {
                _held.Add(key, held = new Held { Token = ++_lastToken });
                return new(new KeyLock(this, key, held.Token));
            }

            if (wait == TimeSpan.Zero)
            {
                return default;
            }

            waiter = held.Waiters.AddLast(new TaskCompletionSource<long>(blocks ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return WaitAsync(key, waiter, wait, cancellationToken);
    }

    /// <inheritdoc/>
    public void Release(string key, long token)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(key, out Held? held) || held.Token != token)
            {
                return;   // released before, or lost to somebody else
            }

            if (held.Waiters.First is { } first)
            {
                held.Waiters.RemoveFirst();
                held.Token = ++_lastToken;
                first.Value.SetResult(held.Token);
            }
            else
            {
                _held.Remove(key);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(string key, long token)
    {
        Release(key, token);
        return ValueTask.CompletedTask;
    }

    /// <summary>Refuses all who wait and all who come later.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (TaskCompletionSource<long> waiter in _held.Values.SelectMany(static held => held.Waiters))
            {
                waiter.TrySetException(Closed.Error());
            }

            _held.Clear();
        }
    }

    private async ValueTask<KeyLock?> WaitAsync(
        string key, LinkedListNode<TaskCompletionSource<long>> waiter, TimeSpan wait, CancellationToken cancellationToken)
    {
        Task<long> turn = waiter.Value.Task;
        try
        {
            return new KeyLock(this, key, await turn.WaitAsync(Waits.Capped(wait), time, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            // Handed over in the same moment, it is ours after all.
            return Left(waiter) ? null : new KeyLock(this, key, await turn.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            if (!Left(waiter))
            {
                Release(key, await turn.ConfigureAwait(false));
            }

            throw;
        }
    }

    /// <summary>Whether the waiter left the queue now; otherwise it was handed the lock before.</summary>
    private bool Left(LinkedListNode<TaskCompletionSource<long>> waiter)
    {
        lock (_gate)
        {
            waiter.List?.Remove(waiter);
            return !waiter.Value.Task.IsCompleted;
        }
    }

    private sealed class Held
    {
        internal long Token { get; set; }

        internal LinkedList<TaskCompletionSource<long>> Waiters { get; } = new();
    }
}
