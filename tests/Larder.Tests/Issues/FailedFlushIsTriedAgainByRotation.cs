using Larder.Durability;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// When the flush that failed was that of the records which filled a segment, the thread of the poisoned log sealed that segment a moment later: it flushed once
/// more, took the success for the truth, and counted the lost commits as durable.
/// </summary>
public sealed class FailedFlushIsTriedAgainByRotation : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_poisoned_log_touches_no_file_any_more()
    {
        bool fails = false;
        int failed = 0;
        int touched = 0;
        var files = new HookedFiles(DiskFiles.At(_scratch.Under("store"), creates: true))
        {
            Before = (verb, name) =>
            {
                bool writes = verb is "Create" or "Rename" or "Write" or "Allocate" or "Truncate" or "Sync" or "SyncDirectory";
                if (Volatile.Read(ref failed) != 0 && writes)
                {
                    Interlocked.Increment(ref touched);
                }

                if (verb == "Sync" && Volatile.Read(ref fails) && Interlocked.Exchange(ref failed, 1) == 0)
                {
                    throw new IOException("input/output error", 5);
                }
            },
        };
        var options = new StoreOptions { TimeProvider = _clock };
        using Store store = Store.Open(options, files, new LogTuning { SegmentBytes = 256, AllocateBytes = 64 << 10 });
        Volatile.Write(ref fails, true);
        Assert.Throws<StorePoisonedException>(() => store.Set("lost", new byte[1000]));
        Assert.Equal(0, store.Statistics.DurableSequence);

        for (int second = 0; second < 20 && Volatile.Read(ref touched) == 0; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));   // the thread of the log looks whether there is something to flush
            SpinWait.SpinUntil(() => Volatile.Read(ref touched) != 0, 100);
        }

        Assert.Equal((0, 0), (Volatile.Read(ref touched), store.Statistics.DurableSequence));
    }
}
