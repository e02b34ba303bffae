using Larder.Durability;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// A checkpoint that failed was tried again at the next group of commits, and at the next: each time with a thread, a sealed segment, and as much of the image as fitted on
/// the disk.
/// </summary>
public sealed class FailedCheckpointIsTriedAtEveryGroup : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_checkpoint_that_failed_is_tried_again_when_the_log_has_grown_once_more()
    {
        int attempts = 0;
        var files = new HookedFiles(DiskFiles.At(_scratch.Under("store"), creates: true))
        {
            Before = (verb, name) =>
            {
                if (verb == "Create" && name.StartsWith("snap-", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref attempts);
                    throw new DiskFullException(name);
                }
            },
        };
        var tuning = new LogTuning { CheckpointAfterBytes = 16 << 10, AllocateBytes = 64 << 10 };
        using (Store store = Store.Open(new StoreOptions(), files, tuning))
        {
            for (int i = 0; i < 400; i++)
            {
                store.Set("key", new byte[100]);   // about 64 KiB of log in all
            }
        }

        Assert.InRange(Volatile.Read(ref attempts), 1, 20);
    }
}
