using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Locks on keys: never two holders, no lost waiters, nothing kept of idle keys, and no key blocks another.</summary>
public abstract class LockContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void A_lock_has_one_holder()
    {
        KeyLock held = Store.Lock("k");

        Assert.Equal("k", held.Key);
        Assert.False(held.Lost.IsCancellationRequested);
        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
        held.Dispose();
        using KeyLock? next = Store.TryLock("k", TimeSpan.Zero);
        Assert.NotNull(next);
        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
    }

    [Fact]
    public async Task Tokens_grow_from_holder_to_holder()
    {
        long last = long.MinValue;
        for (int i = 0; i < 10; i++)
        {
            await using KeyLock held = await Store.LockAsync("k");
            Assert.True(held.Token > last);
            last = held.Token;
        }

        Store.Clear();
        using KeyLock later = Store.Lock("k");
        Assert.True(later.Token > last);
    }

    [Fact]
    public async Task Zero_tries_once()
    {
        await using KeyLock held = await Store.LockAsync("k");

        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
        Assert.Null(await Store.TryLockAsync("k", TimeSpan.Zero));
        Assert.NotNull(Store.TryLock("other", TimeSpan.Zero));
        Assert.NotNull(await Store.TryLockAsync("third", TimeSpan.Zero));
    }

    [Fact]
    public void Free_locks_are_taken_whatever_the_wait()
    {
        foreach (TimeSpan wait in new[] { TimeSpan.FromTicks(1), TimeSpan.FromDays(49), Timeout.InfiniteTimeSpan })
        {
            using KeyLock? held = Store.TryLock("k", wait);
            Assert.NotNull(held);
        }
    }

    [Fact]
    public void Negative_waits_are_refused()
    {
        foreach (TimeSpan negative in new[] { TimeSpan.FromTicks(-1), TimeSpan.FromMilliseconds(-2), TimeSpan.MinValue })
        {
            Refused<ArgumentOutOfRangeException>(() => Store.TryLock("k", negative), parameter: "wait");
            Action call = () => _ = Store.TryLockAsync("k", negative).AsTask();
            Refused<ArgumentOutOfRangeException>(call, parameter: "wait");
        }

        Assert.Equal(0, Subject.Engine?.Statistics.Locks ?? 0);
    }

    [Fact]
    public async Task A_wait_that_runs_out_gets_nothing()
    {
        KeyLock held = await Store.LockAsync("k");

        Assert.Null(await Expired(Task.Run(() => Store.TryLock("k", TimeSpan.FromMilliseconds(20)))));
        Assert.Null(await Expired(Store.TryLockAsync("k", TimeSpan.FromMilliseconds(20)).AsTask()));
        await held.DisposeAsync();
        Assert.NotNull(Store.TryLock("k", TimeSpan.Zero));

        // A wait may be timed by the store's clock or by the system's; either way it ends.
        async Task<KeyLock?> Expired(Task<KeyLock?> wait)
        {
            while (!wait.IsCompleted)
            {
                Advance(TimeSpan.FromMilliseconds(20));
                await Task.Yield();
            }

            return await wait;
        }
    }

    [Fact]
    public async Task Waiters_get_it_one_after_the_other()
    {
        KeyLock held = await Store.LockAsync("k");
        var order = new List<int>();
        List<Task> waiters = [];
        for (int i = 0; i < 20; i++)
        {
            int number = i;
            Task<KeyLock> wait = Store.LockAsync("k").AsTask();
            Assert.False(wait.IsCompleted);
            waiters.Add(Then(wait, number));
        }

        held.Dispose();
        await Soon(Task.WhenAll(waiters));

        Assert.Equal(Enumerable.Range(0, 20), order);

        async Task Then(Task<KeyLock> wait, int number)
        {
            await using KeyLock next = await wait;
            order.Add(number);
        }
    }

    [Fact]
    public async Task A_waiter_that_gives_up_does_not_take_the_lock_along()
    {
        KeyLock held = await Store.LockAsync("k");
        using var source = new CancellationTokenSource();
        Task<KeyLock> givesUp = Store.LockAsync("k", source.Token).AsTask();
        Task<KeyLock> stays = Store.LockAsync("k").AsTask();

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(givesUp));
        Assert.False(stays.IsCompleted);
        await held.DisposeAsync();

        await using KeyLock next = await Soon(stays);
        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
    }

    [Fact]
    public async Task A_stale_release_frees_nobody()
    {
        KeyLock first = await Store.LockAsync("k");
        first.Dispose();
        KeyLock second = await Store.LockAsync("k");
        first.Dispose();
        await first.DisposeAsync();
        Assert.Null(Store.TryLock("k", TimeSpan.Zero));

        second.Dispose();
        second.Dispose();
        default(KeyLock).Dispose();
        await default(KeyLock).DisposeAsync();
        using KeyLock third = await Soon(Store.LockAsync("k").AsTask());
        second.Dispose();
        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
    }

    [Fact]
    public async Task Never_two_holders()
    {
        const int Threads = 6, Rounds = 300;
        int inside = 0, total = 0;
        IEnumerable<Task> asynchronous = Enumerable.Range(0, Threads / 2).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                await using KeyLock held = await Store.LockAsync("k");
                Enter();
            }
        }));
        IEnumerable<Task> blocking = Enumerable.Range(0, Threads / 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Rounds; i++)
                {
                    using KeyLock held = Store.Lock("k");
                    Enter();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Soon(Task.WhenAll([.. asynchronous, .. blocking]));

        Assert.Equal(Threads * Rounds, total);

        void Enter()
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            total++;
            Interlocked.Decrement(ref inside);
        }
    }

    [Fact]
    public void Different_keys_never_block_each_other()
    {
        List<KeyLock> held = [.. Enumerable.Range(0, 5_000).Select(i => Store.TryLock($"k{i}", TimeSpan.Zero)!.Value)];

        Assert.Equal(held.Count, Subject.Engine?.Statistics.Locks ?? held.Count);
        held.ForEach(one => one.Dispose());
        Assert.Equal(0, Subject.Engine?.Statistics.Locks ?? 0);
    }

    [Fact]
    public async Task Nothing_is_kept_of_idle_keys()
    {
        KeyLock held = await Store.LockAsync("k");
        using var source = new CancellationTokenSource();
        Task<KeyLock> cancelled = Store.LockAsync("k", source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(cancelled));
        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
        Assert.Equal(1, Subject.Engine?.Statistics.Locks ?? 1);
        held.Dispose();

        Assert.Equal(0, Subject.Engine?.Statistics.Locks ?? 0);
    }

    [Fact]
    public void Locks_have_nothing_to_do_with_values()
    {
        using KeyLock held = Store.Lock("k");
        Assert.Equal(0, Store.Count());
        Store.Set("k", "1"u8);
        Store.Increment("k");
        Holds("k", "2");
        Store.Remove("k");
        Assert.Equal("loaded", Store.GetOrAdd("k", _ => "loaded"));
        Store.Clear();

        Assert.Null(Store.TryLock("k", TimeSpan.Zero));
        Assert.Equal(0, Store.Count());
    }

    [Fact]
    public async Task A_lock_may_be_released_by_another_thread()
    {
        KeyLock held = Store.Lock("k");
        await Task.Run(held.Dispose);
        Assert.NotNull(Store.TryLock("k", TimeSpan.Zero));
    }
}
