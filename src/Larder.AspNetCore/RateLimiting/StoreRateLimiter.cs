using System.Threading.RateLimiting;
using Larder.AspNetCore.RateLimiting;

namespace Larder.AspNetCore;

/// <summary>
/// A <see cref="RateLimiter"/> whose permits are counted in a store: over a durable store they survive restarts, and all limiters with the same key and
/// store share them. A window begins with the first permit that is taken of it, as <see cref="AcquireExtensions.TryAcquire"/> says.
/// </summary>
/// <remarks>
/// <para><b>Queue.</b> Whoever asks with <c>AcquireAsync</c> and is refused waits, if there is room in the queue, until the window is over. First come, first
/// served: while anybody waits, nobody who comes later is let in by this limiter, whichever way it asks; who does not fit in the queue is refused at once.
/// Limiters elsewhere that share the key do not see the queue. Who cancels leaves the queue; when the limiter is disposed all who wait are refused.</para>
/// <para><b>Leases</b> that are refused say when to try again (<see cref="MetadataName.RetryAfter"/>). Disposing a lease gives nothing back.</para>
/// <para><b>Partitions.</b> The limiter itself holds nothing but its queue, so <see cref="PartitionedRateLimiter"/> may drop those that are idle and make them
/// again: <c>RateLimitPartition.Get(client, key => new StoreRateLimiter(store, $"limit:{key}", options))</c>.</para>
/// <para>What the store throws comes through; disposing the limiter does not close it.</para>
/// </remarks>
public sealed class StoreRateLimiter : RateLimiter
{
    /// <summary>Nobody sleeps longer without looking: a window can be removed by hand.</summary>
    private static readonly TimeSpan _longestNap = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _shortestNap = TimeSpan.FromMilliseconds(1);
    private static readonly WindowLease _acquired = new(true, null);

    private readonly IStore _store;
    private readonly string _key;
    private readonly StoreRateLimiterOptions _options;
    private readonly CancellationTokenSource _ending = new();

    // The gate guards the queue: how many permits are waited for, and the task that completes when the last in the queue has left it. Everybody waits for
    // the one before, and only the first looks at the store. Nothing is called inside.
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private int _queued;

    private long _lastUse;
    private long _successful;
    private long _failed;

    /// <summary>A limiter over a store.</summary>
    /// <param name="store">Where permits are counted.</param>
    /// <param name="key">The key of the window in it.</param>
    /// <param name="options">How many permits, for how long.</param>
    /// <exception cref="ArgumentException">The key is empty, or some options are impossible; the message lists every one.</exception>
    public StoreRateLimiter(IStore store, string key, StoreRateLimiterOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        _store = store;
        _key = key;
        _options = options.Validated();
        _lastUse = _options.TimeProvider.GetTimestamp();
    }

    /// <summary>How long nobody has asked; null while somebody waits.</summary>
    public override TimeSpan? IdleDuration =>
        Volatile.Read(ref _queued) > 0 ? null : _options.TimeProvider.GetElapsedTime(Interlocked.Read(ref _lastUse));

    /// <summary>Figures of this moment. The permits are those of the store, the others this limiter's own.</summary>
    public override RateLimiterStatistics GetStatistics()
    {
        ThrowIfDisposed();
        return new RateLimiterStatistics
        {
            CurrentAvailablePermits = _store.TryAcquire(_key, _options.PermitLimit, _options.Window, permits: 0).Remaining,
            CurrentQueuedCount = Volatile.Read(ref _queued),
            TotalSuccessfulLeases = Interlocked.Read(ref _successful),
            TotalFailedLeases = Interlocked.Read(ref _failed),
        };
    }

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Begin(permitCount);
        bool mustQueue = permitCount > 0 && Volatile.Read(ref _queued) > 0;
        AcquireResult result = _store.TryAcquire(_key, _options.PermitLimit, _options.Window, mustQueue ? 0 : permitCount);
        return result && !mustQueue ? Acquired() : Refused(result);
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Begin(permitCount);
        return AcquireOrQueueAsync(permitCount, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ending.Cancel();   // and not disposed: whoever waits still holds its token
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await base.DisposeAsyncCore().ConfigureAwait(false);
    }

    private async ValueTask<RateLimitLease> AcquireOrQueueAsync(int permits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool mustQueue = permits > 0 && Volatile.Read(ref _queued) > 0;
        AcquireResult result = await TryAcquireAsync(mustQueue ? 0 : permits, cancellationToken).ConfigureAwait(false);
        if (result && !mustQueue)
        {
            return Acquired();
        }

        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        int room = Math.Max(permits, 1);   // who waits for nothing still takes a place
        lock (_gate)
        {
            if (_queued > _options.QueueLimit - room)
            {
                return Refused(result);
            }

            _queued += room;
            before = _last;
            _last = turn.Task;
        }

        try
        {
            return await WaitAsync(before, permits, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _queued -= room;
            }

            // Who leaves early is no longer waited for, but the one before still is.
            _ = before.ContinueWith(_ => turn.SetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<RateLimitLease> WaitAsync(Task before, int permits, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        try
        {
            await before.WaitAsync(either.Token).ConfigureAwait(false);
            while (true)
            {
                AcquireResult result = await TryAcquireAsync(permits, either.Token).ConfigureAwait(false);
                if (result)
                {
                    return Acquired();
                }

                TimeSpan nap = RetryAfter(result) ?? _shortestNap;
                await Task.Delay(nap > _longestNap ? _longestNap : nap, _options.TimeProvider, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Refused(default);   // disposed
        }
    }

    private ValueTask<AcquireResult> TryAcquireAsync(int permits, CancellationToken cancellationToken) =>
        _store.TryAcquireAsync(_key, _options.PermitLimit, _options.Window, permits, cancellationToken);

    private void Begin(int permits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permits, _options.PermitLimit);
        ThrowIfDisposed();
        Interlocked.Exchange(ref _lastUse, _options.TimeProvider.GetTimestamp());
    }

    private WindowLease Acquired()
    {
        Interlocked.Increment(ref _successful);
        return _acquired;
    }

    private WindowLease Refused(in AcquireResult result)
    {
        Interlocked.Increment(ref _failed);
        return new WindowLease(false, RetryAfter(result));
    }

    private TimeSpan? RetryAfter(in AcquireResult result)
    {
        if (result.ResetsAt is not { } end)
        {
            return null;
        }

        TimeSpan left = end - _options.TimeProvider.GetUtcNow();
        return left > _shortestNap ? left : _shortestNap;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, this);
}
