using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// The gates taken inside the commit gate (watcher, flights, index) were interruptible waits. An interrupt there left a commit half done: watchers were told of
/// a change, under a sequence, that never took place and that the next commit took again.
/// </summary>
public sealed class InterruptInsideACommit
{
    [Fact]
    public async Task A_watcher_is_told_only_of_what_took_place()
    {
        using var store = new Store();
        // Two watchers: the second one's gate is contended by its reader.
        using var stop = new CancellationTokenSource();
        var sequences = new List<long>();
        async Task Read(Action<Change> take)
        {
            try
            {
                await foreach (Change change in store.Watch(cancellationToken: stop.Token))
                {
                    take(change);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }

        Task first = Task.Run(() => Read(change => sequences.Add(change.Kind == ChangeKind.Missed ? -change.Sequence : change.Sequence)));
        Task[] others = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => Read(static _ => { })))];
        SpinWait.SpinUntil(() => store.Statistics.Watchers == 5, 5_000);
        bool over = false;
        var writer = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                try
                {
                    store.Set("k", "v"u8);
                }
                catch (ThreadInterruptedException)
                {
                    // Before the commit, and then it did not take place.
                }
            }
        });
        writer.Start();
        long until = Environment.TickCount64 + 5_000;
        while (Environment.TickCount64 < until)
        {
            writer.Interrupt();
            Thread.SpinWait(200);
        }

        Volatile.Write(ref over, true);
        writer.Join();
        stop.Cancel();
        await Task.WhenAll([first, .. others]);
        store.VerifyIntegrity();
        Assert.NotEmpty(sequences);
        Assert.Equal(sequences.Count, sequences.Distinct().Count());
    }
}
