using System.Diagnostics.CodeAnalysis;
using Larder.Sessions;

namespace Larder;

/// <summary>
/// Text under keys for each visitor: what server scripts know as session storage. A session ends as a whole, after a time without use, at a time after
/// its beginning, or because somebody ends it: all its keys are gone at one moment, for every reader. As durable as its store.
/// </summary>
/// <remarks>
/// <para>A session is named by its id, an entry by the id and a key; the pair is structural, so ("a", "b:c") and ("a:b", "c") are two. The empty key is
/// a key. What was never set, was deleted or went with its session reads as null; an empty string is a value. Every member takes effect at one
/// moment and costs the same however many keys the session holds, except <see cref="Keys"/>, <see cref="Clear"/> and <see cref="End"/>, which go
/// through them. It stands in the store below <c>session:</c>; several faces over one store are one storage, and a scope has a storage of its own.</para>
/// <para>Errors, in this order: arguments, closed (<see cref="ObjectDisposedException"/>, after this or its store was disposed), cancelled, limits
/// (<see cref="StoreLimitException"/>), full (<see cref="StoreFullException"/>). A call that throws has changed nothing. Async members behave
/// as their twins; argument errors are thrown at the call.</para>
/// <para>Sessions need a store that refuses when it is full: one that evicts takes keys out of them.</para>
/// </remarks>
public sealed class SessionStorage : IDisposable, IAsyncDisposable
{
    private readonly IStore _store;
    private readonly SessionTable _table;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer? _timer;
    private int _isSweeping;
    private volatile bool _isClosed;

    /// <summary>Sessions in a store.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Some options are impossible; the message lists every one.</exception>
    /// <exception cref="NotSupportedException">
    /// The store does not declare <see cref="StoreFeatures.CrossKeyBatch"/>; or not <see cref="StoreFeatures.UniqueVersions"/>, and the sessions are not strict.
    /// </exception>
    public SessionStorage(IStore store, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        SessionOptions valid = options.Validated();
        if (!store.Features.HasFlag(StoreFeatures.CrossKeyBatch))
        {
            throw new NotSupportedException("sessions need a store that declares CrossKeyBatch: a session and its keys change together.");
        }

        if (!store.Features.HasFlag(StoreFeatures.UniqueVersions) && !valid.Strict)
        {
            throw new NotSupportedException("sessions that begin by being set need a store that declares UniqueVersions; strict ones do not.");
        }

        _store = store;
        _table = new SessionTable(valid);
        if (valid.SweepInterval != Timeout.InfiniteTimeSpan)
        {
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                _timer = valid.TimeProvider.CreateTimer(Tick, new WeakReference<SessionStorage>(this), valid.SweepInterval, valid.SweepInterval);
            }
        }
    }

    /// <summary>Begins a session without keys, under a new id of 256 random bits in base64url (43 characters). Whoever knows the id has the session.</summary>
    public string Create() => StoreCalls.Result(_table.CreateAsync(Blocking()));

    /// <inheritdoc cref="Create"/>
    public ValueTask<string> CreateAsync(CancellationToken cancellationToken = default) => Run(_table.CreateAsync, cancellationToken);

    /// <summary>The text under a key of a session; null when the key or the session is absent. A use of the session, whether the key is there or not.</summary>
    public string? Get(string sessionId, string key)
    {
        Check(sessionId, key);
        return StoreCalls.Result(_table.GetAsync(Blocking(), sessionId, key));
    }

    /// <inheritdoc cref="Get"/>
    public ValueTask<string?> GetAsync(string sessionId, string key, CancellationToken cancellationToken = default)
    {
        Check(sessionId, key);
        return Run(calls => _table.GetAsync(calls, sessionId, key), cancellationToken);
    }

    /// <summary>Sets a key of a session, which begins when there is none, unless <see cref="SessionOptions.Strict"/>. A use of the session.</summary>
    /// <exception cref="ArgumentException">The value holds an unpaired surrogate, which has no UTF-8 form.</exception>
    /// <exception cref="StoreLimitException">
    /// <see cref="SessionOptions.MaxKeysPerSession"/>, <see cref="SessionOptions.MaxValueBytes"/> or a limit of the store would be exceeded.
    /// </exception>
    /// <exception cref="SessionNotFoundException">There is no such session, and sessions are strict.</exception>
    public void Set(string sessionId, string key, string value)
    {
        Check(sessionId, key);
        byte[] text = Names.Text(value);
        StoreCalls.Result(_table.SetAsync(Blocking(), sessionId, key, text));
    }

    /// <inheritdoc cref="Set"/>
    public ValueTask SetAsync(string sessionId, string key, string value, CancellationToken cancellationToken = default)
    {
        Check(sessionId, key);
        byte[] text = Names.Text(value);
        return Done(Run(calls => _table.SetAsync(calls, sessionId, key, text), cancellationToken));

        static async ValueTask Done(ValueTask<bool> set) => await set.ConfigureAwait(false);
    }

    /// <summary>Deletes a key of a session; false when the key or the session is absent. The session goes on, and is not renewed.</summary>
    public bool Delete(string sessionId, string key)
    {
        Check(sessionId, key);
        return StoreCalls.Result(SessionTable.DeleteAsync(Blocking(), sessionId, key));
    }

    /// <inheritdoc cref="Delete"/>
    public ValueTask<bool> DeleteAsync(string sessionId, string key, CancellationToken cancellationToken = default)
    {
        Check(sessionId, key);
        return Run(calls => SessionTable.DeleteAsync(calls, sessionId, key), cancellationToken);
    }

    /// <summary>Removes every key of a session at one moment; returns how many there were, 0 when the session is absent. The session goes on, and is not renewed.</summary>
    public int Clear(string sessionId)
    {
        Names.SessionId(sessionId);
        return StoreCalls.Result(SessionTable.ClearAsync(Blocking(), sessionId));
    }

    /// <inheritdoc cref="Clear"/>
    public ValueTask<int> ClearAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        Names.SessionId(sessionId);
        return Run(calls => SessionTable.ClearAsync(calls, sessionId), cancellationToken);
    }

    /// <summary>Ends a session: its id is unknown from now on. False when it was absent.</summary>
    public bool End(string sessionId)
    {
        Names.SessionId(sessionId);
        return StoreCalls.Result(SessionTable.EndAsync(Blocking(), sessionId));
    }

    /// <inheritdoc cref="End"/>
    public ValueTask<bool> EndAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        Names.SessionId(sessionId);
        return Run(calls => SessionTable.EndAsync(calls, sessionId), cancellationToken);
    }

    /// <summary>The keys of a session at this moment, in the order of their UTF-8 bytes; none when it is absent. Does not renew it.</summary>
    public IReadOnlyList<string> Keys(string sessionId)
    {
        Names.SessionId(sessionId);
        return StoreCalls.Result(SessionTable.KeysAsync(Blocking(), sessionId));
    }

    /// <inheritdoc cref="Keys"/>
    public ValueTask<IReadOnlyList<string>> KeysAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        Names.SessionId(sessionId);
        return Run(calls => SessionTable.KeysAsync(calls, sessionId), cancellationToken);
    }

    /// <summary>
    /// Gives a session a new id, in one step: the same keys, the old id unknown. For the moment at which a visitor gains rights, so that an id which
    /// somebody else has learned or planted is worth nothing. A use of the session; its absolute deadline stays.
    /// </summary>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    public string Rotate(string sessionId)
    {
        Names.SessionId(sessionId);
        return StoreCalls.Result(_table.RotateAsync(Blocking(), sessionId));
    }

    /// <inheritdoc cref="Rotate"/>
    public ValueTask<string> RotateAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        Names.SessionId(sessionId);
        return Run(calls => _table.RotateAsync(calls, sessionId), cancellationToken);
    }

    /// <summary>Renews a session: it lives for <see cref="SessionOptions.IdleTimeout"/> from now, or to its absolute deadline. False when it is absent.</summary>
    public bool Touch(string sessionId)
    {
        Names.SessionId(sessionId);
        return StoreCalls.Result(_table.TouchAsync(Blocking(), sessionId));
    }

    /// <inheritdoc cref="Touch"/>
    public ValueTask<bool> TouchAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        Names.SessionId(sessionId);
        return Run(calls => _table.TouchAsync(calls, sessionId), cancellationToken);
    }

    /// <summary>
    /// Removes from the store what ended sessions have left; returns of how many. Happens by itself every <see cref="SessionOptions.SweepInterval"/>.
    /// Costs a look-up for each session there is, and never holds anybody up for longer than a small batch.
    /// </summary>
    public long Sweep() => StoreCalls.Result(SessionSweep.RunAsync(Blocking()));

    /// <inheritdoc cref="Sweep"/>
    public ValueTask<long> SweepAsync(CancellationToken cancellationToken = default) => Run(SessionSweep.RunAsync, cancellationToken);

    /// <summary>Closes this view and stops its sweep; the store stays open, and so do the sessions.</summary>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _timer?.Dispose();
            _closing.Cancel();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Check(string sessionId, string key)
    {
        Names.SessionId(sessionId);
        Names.Key(key);
    }

    private StoreCalls Blocking() => _isClosed ? throw Closed.Error() : new StoreCalls(_store, blocks: true);

    private async ValueTask<T> Run<T>(Func<StoreCalls, ValueTask<T>> body, CancellationToken cancellationToken) =>
        _isClosed ? throw Closed.Error() : await body(new StoreCalls(_store, blocks: false, cancellationToken)).ConfigureAwait(false);

    private static void Tick(object? storage)
    {
        if (((WeakReference<SessionStorage>)storage!).TryGetTarget(out SessionStorage? target))
        {
            _ = target.SweepInBackgroundAsync();
        }
    }

    /// <summary>One at a time. Nobody waits for it whom a failure could be told; a store that fails says so to whoever uses it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "There is no caller; the next sweep tries again.")]
    private async Task SweepInBackgroundAsync()
    {
        if (_isClosed || Interlocked.Exchange(ref _isSweeping, 1) != 0)
        {
            return;
        }

        try
        {
            await SweepAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            _timer?.Dispose();
        }
        catch (Exception)
        {
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }
}
