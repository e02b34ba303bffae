using Xunit;

namespace Larder.Tests.Issues;

public sealed class InterruptedWaiterLeavesTheLockHeldForEver
{
    [Fact]
    public void A_thread_interrupted_while_it_waits_leaves_the_queue()
    {
        using var store = new Store();
        KeyLock held = store.Lock("k");
        Thread waiter = Started(() => store.Lock("k").Dispose());
        Assert.True(SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin), 5_000));
        waiter.Interrupt();
        Assert.True(waiter.Join(5_000));
        held.Dispose();

        using KeyLock? next = store.TryLock("k", TimeSpan.FromSeconds(1));
        Assert.NotNull(next);
    }

    [Fact]
    public void An_interrupt_in_the_moment_of_the_hand_over_leaves_the_lock_free()
    {
        using var store = new Store();
        for (int round = 0; round < 300; round++)
        {
            KeyLock held = store.Lock("k");
            Thread waiter = Started(() => store.Lock("k").Dispose());
            Assert.True(SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin), 5_000));
            Thread interrupter = Started(waiter.Interrupt);
            held.Dispose();
            Assert.True(waiter.Join(5_000) && interrupter.Join(5_000));

            using KeyLock? next = store.TryLock("k", TimeSpan.FromSeconds(5));
            Assert.NotNull(next);
        }

        Assert.Equal(0, store.Statistics.Locks);
    }

    [Fact]
    public async Task A_thread_interrupted_while_it_waits_for_a_load_leaves_it()
    {
        using var store = new Store();
        var told = new TaskCompletionSource();
        using var leave = new CancellationTokenSource();
        Task<int> first = store.GetOrAddAsync(
            "k",
            async (_, token) =>
            {
                await using CancellationTokenRegistration registration = token.Register(told.SetResult);
                await told.Task;
                token.ThrowIfCancellationRequested();
                return 1;
            },
            cancellationToken: leave.Token).AsTask();
        Thread waiter = Started(() => store.GetOrAdd("k", _ => 2));
        Assert.True(SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin), 5_000));
        waiter.Interrupt();
        Assert.True(waiter.Join(5_000));
        Assert.False(told.Task.IsCompleted);

        await leave.CancelAsync();
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));   // the last waiter left, so the load was told to stop
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    private static Thread Started(Action body)
    {
        var thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (ThreadInterruptedException)
            {
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
