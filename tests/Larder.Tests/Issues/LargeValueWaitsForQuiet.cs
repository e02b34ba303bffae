using Larder.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>A value larger than what may be queued for the log was let in only when nothing at all was queued, which among other writers never happened.</summary>
public sealed class LargeValueWaitsForQuiet : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_value_larger_than_the_queue_is_written_among_busy_writers()
    {
        var tuning = new LogTuning { PendingBytes = 64 << 10, MarginBytes = 4096 };
        using Store store = Store.Open(new StoreOptions(), DiskFiles.At(_scratch.Under("store"), creates: true), tuning);
        bool isOver = false;
        Task[] writers = [.. Enumerable.Range(0, 8).Select(writer => Task.Factory.StartNew(() => Write(writer), TaskCreationOptions.LongRunning))];
        try
        {
            Task large = Task.Factory.StartNew(
                () =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        store.Set("large", new byte[100_000]);
                    }
                },
                TaskCreationOptions.LongRunning);
            await large.WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(writers);
        }

        Assert.True(store.Exists("large"));

        void Write(int writer)
        {
            while (!Volatile.Read(ref isOver))
            {
                store.Set($"small{writer}", new byte[200]);
            }
        }
    }
}
