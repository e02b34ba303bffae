using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

[Collection(nameof(Concurrency))]
public sealed class LockTests
{
    private const int Threads = 16;
    private const int LocksEach = 2_000;

    [Fact]
    public async Task Never_two_hold_the_lock_of_one_key_whether_they_wait_or_await()
    {
        using var store = new Store();
        int inside = 0;
        int entered = 0;
        long token = 0;

        void Enter(KeyLock held)
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Assert.True(held.Token > token, "a later holder has the larger token");
            token = held.Token;
            entered++;
            Perturbation.Pause();
            Interlocked.Decrement(ref inside);
        }

        Task[] awaiting = [.. Enumerable.Range(0, Threads / 2).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < LocksEach; i++)
            {
                await using KeyLock held = await store.LockAsync("one");
                Enter(held);
            }
        }))];
        Together.Run(Threads / 2, _ =>
        {
            for (int i = 0; i < LocksEach; i++)
            {
                using KeyLock held = store.Lock("one");
                Enter(held);
            }
        });
        await Task.WhenAll(awaiting).WaitAsync(Together.Patience);

        Assert.Equal(Threads * LocksEach, entered);
        Assert.Equal(0, store.Statistics.Locks);
    }

    [Fact]
    public async Task Waits_that_are_given_up_leave_the_lock_to_the_others()
    {
        using var store = new Store();
        int inside = 0;
        int taken = 0;
        int left = 0;

        async Task Contend()
        {
            for (int i = 0; i < LocksEach; i++)
            {
                using var giveUp = new CancellationTokenSource();
                ValueTask<KeyLock?> wait = store.TryLockAsync("one", TimeSpan.FromMilliseconds(Perturbation.Next(3)), giveUp.Token);
                if (Perturbation.Next(3) == 0)
                {
                    await giveUp.CancelAsync();
                }

                try
                {
                    if (await wait is { } held)
                    {
                        Assert.Equal(1, Interlocked.Increment(ref inside));
                        taken++;
                        await Task.Yield();
                        Interlocked.Decrement(ref inside);
                        held.Dispose();
                        held.Dispose();
                        continue;
                    }
                }
                catch (OperationCanceledException)
                {
                    // Counted with those whose time ran out.
                }

                Interlocked.Increment(ref left);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(Contend))).WaitAsync(Together.Patience);

        Assert.Equal(Threads * LocksEach, taken + left);
        Assert.Equal(0, store.Statistics.Locks);
        using KeyLock? free = store.TryLock("one", TimeSpan.Zero);
        Assert.NotNull(free);
    }

    [Fact]
    public void A_million_keys_that_were_locked_leave_nothing_behind()
    {
        using var store = new Store();
        Together.Run(4, thread =>
        {
            for (int i = 0; i < 250_000; i++)
            {
                store.Lock(string.Create(CultureInfo.InvariantCulture, $"{thread}:{i}")).Dispose();
            }
        });

        Assert.Equal(0, store.Statistics.Locks);
    }

    [Fact]
    public void Different_keys_never_stand_in_each_others_way()
    {
        using var store = new Store();
        KeyLock[] held = [.. Enumerable.Range(0, 20_000).Select(key => store.TryLock(string.Create(CultureInfo.InvariantCulture, $"{key}"), TimeSpan.Zero)!.Value)];

        Assert.Equal(held.Length, store.Statistics.Locks);
        foreach (KeyLock one in held)
        {
            one.Dispose();
        }

        Assert.Equal(0, store.Statistics.Locks);
    }
}
