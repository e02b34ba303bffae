using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Release completes a blocking waiter inside the gate of the locks, and the waiter's WaitAsync disposes its timer there: foreign code in a gate. A TimeProvider
/// that runs timers under a lock of its own, and takes it in Dispose, and the time-out of another waiter block each other for ever.
/// </summary>
public sealed class LockTimeoutMeetsReleaseInAClockThatLocks
{
    [Fact]
    public void The_timer_of_a_waiter_is_not_disposed_inside_the_gate()
    {
        var clock = new Clock();
        var store = new Store(new StoreOptions { TimeProvider = clock });
        KeyLock held = store.Lock("k");
        var waiter = new Thread(() => store.TryLock("k", TimeSpan.FromMinutes(5))?.Dispose());
        waiter.Start();
        Assert.True(SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin) && clock.Made > 1, 5_000));
        bool free = true;
        clock.Disposing = () =>
        {
            // Whether another thread can use the locks while the timer is disposed.
            var other = new Thread(() => store.TryLock("other", TimeSpan.Zero)?.Dispose());
            other.Start();
            free &= other.Join(500);
        };
        held.Dispose();
        waiter.Join();
        Assert.True(free);
    }

    private sealed class Clock : TimeProvider
    {
        public int Made { get; private set; }

        public Action? Disposing { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Made++;
            return new Wrapped(this, System.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class Wrapped(Clock owner, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                owner.Disposing?.Invoke();
                timer.Dispose();
            }

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
