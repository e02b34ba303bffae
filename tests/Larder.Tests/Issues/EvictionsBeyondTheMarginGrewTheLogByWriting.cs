using Larder.Durability;
using Larder.Tests.Crash;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Evictions are logged without a reservation. When they were more than the margin the file became longer by being written, and whoever found the disk full
/// while allocating at that moment cut it back to the length it had known: acknowledged commits with it.
/// </summary>
public sealed class EvictionsBeyondTheMarginGrewTheLogByWriting : IDisposable
{
    private const int Keys = 2000;
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_log_is_only_written_where_space_was_allocated()
    {
        var options = new StoreOptions { MaxEntries = Keys, WhenFull = WhenFull.Evict };
        var files = new Watched(DiskFiles.At(_scratch.Under("store"), creates: true));
        using Store store = Store.Open(options, files, new LogTuning { AllocateBytes = 4096, MarginBytes = 4096, HasThread = false });
        store.Write(Batch(0));
        store.Write(Batch(Keys));   // evicts everything that was there

        Assert.Equal(Keys, store.Count());
        Assert.True(files.Writes > 0);
        Assert.Equal(0, files.WritesBeyondTheEnd);
    }

    private static WriteBatch Batch(int first)
    {
        var batch = new WriteBatch();
        for (int number = first; number < first + Keys; number++)
        {
            batch.Set($"{number:d200}", Array.Empty<byte>());
        }

        return batch;
    }

    private sealed class Watched(IFiles inner) : ForwardingFiles(inner)
    {
        public int Writes { get; private set; }

        public int WritesBeyondTheEnd { get; private set; }

        public override IFile Create(string name) => new WatchedFile(base.Create(name), this);

        private sealed class WatchedFile(IFile inner, Watched files) : ForwardingFile(inner)
        {
            public override void Write(ReadOnlySpan<byte> source, long offset)
            {
                files.Writes++;
                files.WritesBeyondTheEnd += offset + source.Length > Length ? 1 : 0;
                base.Write(source, offset);
            }
        }
    }
}
