using Xunit;

namespace Larder.Tests.Issues;

/// <summary>No bug found: a lock whose holder has an interrupt pending is released as long as the gate is free.</summary>
public sealed class InterruptedReleaseKeepsTheLock
{
    [Fact]
    public void It_is_released()
    {
        using var store = new Store();
        var holder = new Thread(() =>
        {
            KeyLock held = store.Lock("k");
            Thread.CurrentThread.Interrupt();
            try
            {
                held.Dispose();
            }
            catch (ThreadInterruptedException)
            {
            }
        });
        holder.Start();
        holder.Join();
        using KeyLock? next = store.TryLock("k", TimeSpan.FromSeconds(1));
        Assert.NotNull(next);
    }
}
