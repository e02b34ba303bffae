using System.Runtime.ExceptionServices;

namespace Larder.Tests.Concurrency;

/// <summary>Runs work on threads of its own, all at once, and passes on the first failure. A thread that never ends is a failure too.</summary>
internal static class Together
{
    /// <summary>Far more than any of these tests takes: only a hang waits so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static void Run(int threads, Action<int> work) =>
        Run([.. Enumerable.Range(0, threads).Select(thread => (Action)(() => work(thread)))]);

    public static void Run(params Action[] works)
    {
        ExceptionDispatchInfo? failure = null;
        var start = new ManualResetEventSlim();
        Thread[] threads = [.. works.Select(work => new Thread(() =>
        {
            try
            {
                start.Wait();
                work();
            }
            catch (Exception failed)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(failed), null);
            }
        }) { IsBackground = true })];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        start.Set();
        foreach (Thread thread in threads)
        {
            if (!thread.Join(Patience))
            {
                failure?.Throw();
                throw new TimeoutException("a thread hangs");
            }
        }

        failure?.Throw();
    }

    /// <summary>Repeats <paramref name="work"/> until <paramref name="until"/> is done; at least once.</summary>
    public static Action While(Task until, Action work) => () =>
    {
        do
        {
            work();
        }
        while (!until.IsCompleted);
    };

    /// <summary>Runs writers to their end and readers for as long as that takes.</summary>
    public static void Run(int writers, Action<int> write, int readers, Action<int> read)
    {
        var written = new TaskCompletionSource();
        int running = writers;
        IEnumerable<Action> writing = Enumerable.Range(0, writers).Select(writer => (Action)(() =>
        {
            try
            {
                write(writer);
            }
            finally
            {
                if (Interlocked.Decrement(ref running) == 0)
                {
                    written.SetResult();
                }
            }
        }));
        IEnumerable<Action> reading = Enumerable.Range(0, readers).Select(reader => While(written.Task, () => read(reader)));
        Run([.. writing, .. reading]);
    }
}
