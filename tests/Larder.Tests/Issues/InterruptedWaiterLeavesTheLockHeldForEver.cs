using Xunit;

namespace Larder.Tests.Issues;

public sealed class InterruptedWaiterLeavesTheLockHeldForEver
{
    [Fact]
    public void A_thread_interrupted_while_it_waits_leaves_the_queue()
    {
        using var store = new Store();
        KeyLock held = store.Lock("k");
        var waiter = new Thread(() =>
        {
            try
            {
                store.Lock("k").Dispose();
            }
            catch (ThreadInterruptedException)
            {
            }
        });
        waiter.Start();
        Assert.True(SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin), 5_000));
        waiter.Interrupt();
        Assert.True(waiter.Join(5_000));
        held.Dispose();

        using KeyLock? next = store.TryLock("k", TimeSpan.FromSeconds(1));
        Assert.NotNull(next);
    }
}
