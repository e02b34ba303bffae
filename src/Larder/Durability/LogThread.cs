using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// The thread that leads the log for those who cannot: tasks that wait, the interval, a buffer that has grown long. A thread of its own, because one
/// of the pool might be long in coming when the pool is full of writers who block.
/// </summary>
internal sealed class LogThread : IDisposable
{
    private readonly AutoResetEvent _wake = new(initialState: false);   // never disposed: a timer may still be on its way to it
    private readonly Action<LogWork> _work;
    private readonly Thread _thread;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private int _asked;      // LogWork flags
    private volatile bool _isStopped;

    internal LogThread(Action<LogWork> work, TimeProvider provider, TimeSpan interval)
    {
        _work = work;
        _interval = interval;
        _thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "Larder log" };
        _thread.Start();
        _timer = provider.CreateTimer(static thread => ((LogThread)thread!).Ask(LogWork.Flush), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has <see cref="LogWork.Flush"/> done when the interval has passed. An idle store needs no timer.</summary>
    internal void Arm() => _timer.Change(_interval, Timeout.InfiniteTimeSpan);

    /// <summary>Has some work done soon. Never blocks.</summary>
    internal void Ask(LogWork work)
    {
        if ((Interlocked.Or(ref _asked, (int)work) & (int)work) == 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Stops when the work in hand is done.</summary>
    public void Dispose()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        _timer.Dispose();
        _wake.Set();
        if (Thread.CurrentThread != _thread)
        {
            Uninterrupted.Run(_thread.Join);
        }
    }

    private void Run()
    {
        while (true)
        {
            var work = (LogWork)Interlocked.Exchange(ref _asked, 0);
            if (work != LogWork.None)
            {
                _work(work);   // sees to its own failures
            }
            else if (_isStopped)
            {
                return;
            }
            else
            {
                _wake.WaitOne();
            }
        }
    }
}

/// <summary>What the thread of the log is asked to do.</summary>
[Flags]
internal enum LogWork
{
    None = 0,

    /// <summary>It has the lead already, because nobody who waits could take it.</summary>
    Lead = 1,

    /// <summary>Hand over to the operating system what has gathered.</summary>
    Drain = 2,

    /// <summary>Bring everything to stable storage: the interval has passed.</summary>
    Flush = 4,

    /// <summary>Begin the interval: something was appended.</summary>
    Arm = 8,
}
