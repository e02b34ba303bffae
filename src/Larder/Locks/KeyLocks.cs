using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Larder.Primitives;

namespace Larder.Locks;

/// <summary>
/// Locks on keys, handed out in the order of arrival. A key costs something only while it is held or waited for, and keys share nothing but
/// a gate that is held for a few instructions, so that no two keys can block each other.
/// </summary>
/// <remarks>
/// <b>Protocol.</b> The gate guards the table and the queue of every key in it. A key is in the table exactly while it has a holder. Whoever
/// releases hands the lock to the first turn in the queue, inside the gate, so that a lock is never free while somebody waits and never held
/// twice. Time that runs out, cancellation and closing take a turn out of its queue as well. Whoever took it out, inside the gate, completes
/// it, outside: once, and without foreign code in the gate. A waiter that fails in any other way (its thread is interrupted, say) takes its own
/// turn out; if it comes too late it was handed the lock, and releases it.
/// </remarks>
internal sealed class KeyLocks(TimeProvider time) : IKeyLockOwner
{
    private readonly Gate _gate = new();
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private long _lastToken;
    private bool _isClosed;

    internal int Count
    {
        get
        {
            using (_gate.Enter())
            {
                return _held.Count;
            }
        }
    }

    /// <summary>
    /// Takes the lock; null when it is still held after <paramref name="wait"/>. The caller's thread blocks until then and is woken by whoever
    /// completes its turn, so that it needs no thread of the pool.
    /// </summary>
    internal KeyLock? Take(string key, TimeSpan wait) => TakeOrQueue(key, wait, out long token) is { } turn
        ? WaitAsync(turn, wait, blocks: true, default).GetAwaiter().GetResult()
        : LockOf(key, token);

    /// <inheritdoc cref="Take"/>
    internal ValueTask<KeyLock?> TakeAsync(string key, TimeSpan wait, CancellationToken cancellationToken) => TakeOrQueue(key, wait, out long token) is { } turn
        ? new(WaitAsync(turn, wait, blocks: false, cancellationToken))
        : new(LockOf(key, token));

    /// <inheritdoc/>
    public void Release(string key, long token)
    {
        Turn next;
        using (_gate.Enter())
        {
            ref Held held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, key);
            if (Unsafe.IsNullRef(ref held) || held.Token != token)
            {
                return;   // released before, or lost to somebody else
            }

            if (held.Queue?.First is not { } first)
            {
                _held.Remove(key);
                return;
            }

            held.Queue.Remove(first);
            next = first.Value;
            next.Token = held.Token = ++_lastToken;
        }

        next.SetResult();
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
        List<Turn> turns = [];
        using (_gate.Enter())
        {
            _isClosed = true;
            foreach (Held held in _held.Values)
            {
                turns.AddRange(held.Queue ?? []);
                held.Queue?.Clear();
            }

            _held.Clear();
        }

        turns.ForEach(static turn => turn.SetException(Closed.Error()));
    }

    /// <summary>A free lock is taken at once, under a new token; for a held one the caller gets a turn, or token 0 if it does not wait.</summary>
    private Turn? TakeOrQueue(string key, TimeSpan wait, out long token)
    {
        using (_gate.Enter())
        {
            if (_isClosed)
            {
                throw Closed.Error();
            }

            ref Held held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, key, out bool isHeld);
            if (!isHeld)
            {
                token = held.Token = ++_lastToken;
                return null;
            }

            token = 0;
            return wait == TimeSpan.Zero ? null : new Turn(key, held.Queue ??= new());
        }
    }

    private async Task<KeyLock?> WaitAsync(Turn turn, TimeSpan wait, bool blocks, CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan longest = Waits.Capped(wait);
            using ITimer? timer = longest == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(_ => RunOut(turn), null, longest, Timeout.InfiniteTimeSpan);
            using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister((_, token) => Cancel(turn, token), null);
            if (blocks)
            {
                turn.Task.GetAwaiter().GetResult();
            }
            else
            {
                await turn.Task.ConfigureAwait(false);
            }

            return LockOf(turn.Key, turn.Token);
        }
        catch
        {
            if (!TakeOut(turn))
            {
                Release(turn.Key, turn.Token);
            }

            throw;
        }
    }

    private void RunOut(Turn turn)
    {
        if (TakeOut(turn))
        {
            turn.SetResult();
        }
    }

    private void Cancel(Turn turn, CancellationToken token)
    {
        if (TakeOut(turn))
        {
            turn.SetCanceled(token);
        }
    }

    /// <summary>Whether the turn was still in its queue; if not, somebody else took it out.</summary>
    private bool TakeOut(Turn turn)
    {
        using (_gate.Enter())
        {
            LinkedList<Turn>? queue = turn.Place.List;
            queue?.Remove(turn.Place);
            return queue is not null;
        }
    }

    private KeyLock? LockOf(string key, long token) => token == 0 ? null : new KeyLock(this, key, token);

    /// <summary>The holder of a key, and who waits for it; there is no queue until somebody does.</summary>
    private struct Held
    {
        internal long Token;
        internal LinkedList<Turn>? Queue;
    }

    /// <summary>Somebody's place in the queue of a key. Completing it signals a thread that blocks, and queues what awaits to the pool.</summary>
    private sealed class Turn : TaskCompletionSource
    {
        internal Turn(string key, LinkedList<Turn> queue)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Key = key;
            Place = queue.AddLast(this);
        }

        internal string Key { get; }

        internal LinkedListNode<Turn> Place { get; }

        /// <summary>The lock that was handed over; 0 when it was not. Written inside the gate.</summary>
        internal long Token { get; set; }
    }
}
