namespace Larder.Cli.Tour;

/// <summary>Several threads that begin at the same moment.</summary>
internal static class Crowd
{
    /// <summary>Runs <paramref name="work"/> once on each thread and waits for all; what one throws is thrown here.</summary>
    public static void Run(int threads, Action<int> work)
    {
        using var start = new Barrier(threads);
        Task[] tasks =
        [
            .. Enumerable.Range(0, threads).Select(number => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    work(number);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        Task.WaitAll(tasks);
    }
}
