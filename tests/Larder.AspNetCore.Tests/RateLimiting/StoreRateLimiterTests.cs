using System.Threading.RateLimiting;
using Larder.Tests;
using Xunit;

namespace Larder.AspNetCore.Tests.RateLimiting;

public sealed class StoreRateLimiterTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _clock = new();
    private readonly Store _store;

    public StoreRateLimiterTests() => _store = new Store(new StoreOptions { TimeProvider = _clock });

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_window_gives_so_many_permits_and_says_when_there_are_more()
    {
        using StoreRateLimiter limiter = Limiter(3);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.True(limiter.AttemptAcquire(2).IsAcquired);
        using RateLimitLease refused = limiter.AttemptAcquire();
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(6), retryAfter);
        Assert.Equal([MetadataName.RetryAfter.Name], refused.MetadataNames);
        _clock.Advance(retryAfter);
        using RateLimitLease acquired = limiter.AttemptAcquire(3);
        Assert.True(acquired.IsAcquired);
        Assert.Empty(acquired.MetadataNames);
        Assert.False(acquired.TryGetMetadata("x", out _));
    }

    [Fact]
    public void Nothing_asked_only_looks()
    {
        using StoreRateLimiter limiter = Limiter(1);
        Assert.True(limiter.AttemptAcquire(0).IsAcquired);
        Assert.True(limiter.AttemptAcquire(0).IsAcquired);
        Assert.True(limiter.AttemptAcquire(1).IsAcquired);
        Assert.False(limiter.AttemptAcquire(0).IsAcquired);
    }

    [Fact]
    public async Task Limiters_with_one_key_share_their_permits()
    {
        using StoreRateLimiter one = Limiter(2);
        using StoreRateLimiter other = Limiter(2);
        using StoreRateLimiter another = Limiter(2, key: "another");
        Assert.True(one.AttemptAcquire().IsAcquired);
        Assert.True((await other.AcquireAsync()).IsAcquired);
        Assert.False(one.AttemptAcquire().IsAcquired);
        Assert.False((await other.AcquireAsync()).IsAcquired);
        Assert.True(another.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public async Task Who_is_queued_gets_in_when_the_window_is_over_in_order()
    {
        using StoreRateLimiter limiter = Limiter(2, queue: 5);
        Assert.True(limiter.AttemptAcquire(2).IsAcquired);
        Task<RateLimitLease> first = limiter.AcquireAsync(2).AsTask();
        Task<RateLimitLease> second = limiter.AcquireAsync(2).AsTask();
        Task<RateLimitLease> third = limiter.AcquireAsync().AsTask();
        using RateLimitLease tooMany = await limiter.AcquireAsync();
        Assert.False(tooMany.IsAcquired);                       // no room in the queue
        Assert.Equal(5, limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.Null(limiter.IdleDuration);
        Assert.Equal<bool[]>([true, false, false], await WindowPasses(first, second, third));
        Assert.False(limiter.AttemptAcquire().IsAcquired);      // others wait: no pushing in
        Assert.Equal<bool[]>([true, true, false], await WindowPasses(second, first, third));
        Assert.True((await WindowPasses(third))[0]);
        Assert.True((await third).IsAcquired);
        Assert.True(limiter.AttemptAcquire().IsAcquired);       // the second permit of the third window
        Assert.Equal(0, limiter.GetStatistics()!.CurrentQueuedCount);
    }

    [Fact]
    public async Task Who_cancels_leaves_the_queue_and_lets_the_next_in()
    {
        using StoreRateLimiter limiter = Limiter(1, queue: 2);
        using var cancel = new CancellationTokenSource();
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        Task<RateLimitLease> first = limiter.AcquireAsync(1, cancel.Token).AsTask();
        Task<RateLimitLease> second = limiter.AcquireAsync().AsTask();
        await cancel.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        await WindowPasses(second);
        Assert.True((await second).IsAcquired);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => limiter.AcquireAsync(1, cancel.Token).AsTask());
    }

    [Fact]
    public async Task Who_leaves_the_middle_of_the_queue_does_not_let_the_last_past_the_first()
    {
        using StoreRateLimiter limiter = Limiter(1, queue: 3);
        using var cancel = new CancellationTokenSource();
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        Task<RateLimitLease> first = limiter.AcquireAsync().AsTask();
        Task<RateLimitLease> middle = limiter.AcquireAsync(1, cancel.Token).AsTask();
        Task<RateLimitLease> last = limiter.AcquireAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => middle);
        Assert.Equal<bool[]>([true, false], await WindowPasses(first, last));
        Assert.Equal<bool[]>([true, true], await WindowPasses(last, first));
    }

    [Fact]
    public async Task Disposing_refuses_all_who_wait_and_everybody_after()
    {
        StoreRateLimiter limiter = Limiter(1, queue: 2);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        Task<RateLimitLease> first = limiter.AcquireAsync().AsTask();
        Task<RateLimitLease> second = limiter.AcquireAsync().AsTask();
        await limiter.DisposeAsync();
        Assert.False((await first.WaitAsync(_patience)).IsAcquired);
        Assert.False((await second.WaitAsync(_patience)).IsAcquired);
        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAcquire());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => limiter.AcquireAsync().AsTask());
        Assert.Throws<ObjectDisposedException>(limiter.GetStatistics);
        await limiter.DisposeAsync();
        Assert.Equal(1, _store.Count());                        // the store is not the limiter's to close
    }

    [Fact]
    public void Statistics_count_and_idleness_is_measured()
    {
        using StoreRateLimiter limiter = Limiter(2);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), limiter.IdleDuration);
        limiter.AttemptAcquire(2);
        limiter.AttemptAcquire();
        RateLimiterStatistics statistics = limiter.GetStatistics()!;
        Assert.Equal((0, 0, 1, 1), (statistics.CurrentAvailablePermits, statistics.CurrentQueuedCount, statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases));
        Assert.Equal(TimeSpan.Zero, limiter.IdleDuration);
    }

    [Fact]
    public void Counters_survive_a_restart()
    {
        using var directory = new TemporaryDirectory();
        for (int restart = 0; restart < 3; restart++)
        {
            using Store store = Store.Open(directory.Under("limits"), new StoreOptions { TimeProvider = _clock });
            using var limiter = new StoreRateLimiter(store, "api", new StoreRateLimiterOptions { PermitLimit = 2, Window = TimeSpan.FromHours(1), TimeProvider = _clock });
            Assert.Equal(restart < 2, limiter.AttemptAcquire().IsAcquired);
        }
    }

    [Fact]
    public void Partitions_are_keys()
    {
        var options = new StoreRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromSeconds(10), TimeProvider = _clock };
        using PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(
            client => RateLimitPartition.Get(client, key => new StoreRateLimiter(_store, $"limit:{key}", options)));
        Assert.True(limiter.AttemptAcquire("a").IsAcquired);
        Assert.True(limiter.AttemptAcquire("b").IsAcquired);
        Assert.False(limiter.AttemptAcquire("a").IsAcquired);
        Assert.Equal(["limit:a", "limit:b"], _store.Scan().Select(entry => entry.Key));
    }

    [Fact]
    public void What_is_impossible_is_refused_by_name()
    {
        ArgumentException options = Assert.Throws<ArgumentException>(() => new StoreRateLimiter(_store, "k", new StoreRateLimiterOptions { QueueLimit = -1, TimeProvider = null! }));
        Assert.Equal(
            "the options of the rate limiter are not valid: PermitLimit must be at least 1, but is 0; Window must be more than 0, but is 00:00:00; "
            + "QueueLimit must be at least 0, but is -1; TimeProvider must not be null.",
            options.Message);
        Assert.Throws<ArgumentException>(() => new StoreRateLimiter(_store, "", new StoreRateLimiterOptions()));
        using StoreRateLimiter limiter = Limiter(2, queue: 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.AttemptAcquire(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.AttemptAcquire(-1));
    }

    [Fact]
    public async Task What_the_store_throws_comes_through()
    {
        using StoreRateLimiter limiter = Limiter(1);
        _store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAcquire());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => limiter.AcquireAsync().AsTask());
    }

    private StoreRateLimiter Limiter(int permits, int queue = 0, string key = "api") =>
        new(_store, key, new StoreRateLimiterOptions { PermitLimit = permits, QueueLimit = queue, Window = TimeSpan.FromSeconds(10), TimeProvider = _clock });

    /// <summary>Lets a window pass, waits for the first of the tasks, and says of each whether it has completed.</summary>
    private async Task<bool[]> WindowPasses(params Task<RateLimitLease>[] waiting)
    {
        // The first in the queue may not be asleep yet; so time passes in steps until it has woken.
        for (int i = 0; !waiting[0].IsCompleted && i < 6000; i++)
        {
            _clock.Advance(i == 0 ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(1));
            await Task.WhenAny(waiting[0], Task.Delay(10));
        }

        Assert.True((await waiting[0].WaitAsync(_patience)).IsAcquired);
        return [.. waiting.Select(task => task.IsCompleted)];
    }
}
