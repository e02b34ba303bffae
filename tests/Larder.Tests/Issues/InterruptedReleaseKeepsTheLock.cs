using Xunit;

namespace Larder.Tests.Issues;

/// <summary>A lock whose holder is interrupted is released, whether the gate is free or contended.</summary>
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

    /// <summary>Needs a gate that is entered and left even by a thread that is interrupted.</summary>
    [Fact]
    public void It_is_released_when_others_contend_for_the_gate()
    {
        using var store = new Store();
        bool over = false;
        int unfinished = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            string key = $"own:{number}";
            while (!Volatile.Read(ref over))
            {
                try
                {
                    KeyLock? taken = store.TryLock(key, TimeSpan.Zero);
                    if (taken is null)
                    {
                        Interlocked.Increment(ref unfinished);   // nobody else wants this key
                        return;
                    }

                    taken.Value.Dispose();
                }
                catch (ThreadInterruptedException)
                {
                }
            }
        })
        { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        long until = Environment.TickCount64 + 2_000;
        while (Environment.TickCount64 < until)
        {
            Array.ForEach(threads, thread => thread.Interrupt());
            Thread.SpinWait(200);
        }

        Volatile.Write(ref over, true);
        Assert.All(threads, thread => Assert.True(thread.Join(10_000), "a thread is parked for ever"));
        Assert.Equal(0, unfinished);
        Assert.Equal(0, store.Statistics.Locks);
    }
}
