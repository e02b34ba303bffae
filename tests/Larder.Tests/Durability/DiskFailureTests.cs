using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>Disks that fail to flush, become read-only under a writer, or were read-only from the start.</summary>
[Collection(nameof(RealFiles))]
public sealed class DiskFailureTests
{
    private const int InputOutput = 5;     // EIO
    private const int NoSpace = 28;        // ENOSPC
    private const int ReadOnlySystem = 30; // EROFS

    /// <summary>
    /// A disk that promised more than it has: the writes go well, flushing them does not, and a second flush would. The platform's own
    /// methods do not report it.
    /// </summary>
    [DiskFact]
    public void A_failed_flush_ends_all_writing_until_the_store_is_opened_again()
    {
        using var scratch = new TemporaryDirectory();
        using var thin = new MemoryDisk(scratch.Under("thin"), 24);
        using var disk = new LoopDisk(Path.Combine(thin.Path, "image"), scratch.Under("mount"), 256, options: "errors=continue");
        string path = Path.Combine(disk.Path, "store");
        byte[] value = new byte[256 * 1024];
        new Random(1).NextBytes(value);
        int acknowledged = 0;
        using (Store store = Store.Open(path))
        {
            StorePoisonedException poisoned = Assert.Throws<StorePoisonedException>((Action)(() =>
            {
                for (; ; acknowledged++)
                {
                    store.Set($"key{acknowledged}", value);
                }
            }));

            Assert.Contains(poisoned.ErrorNumber, new[] { InputOutput, NoSpace, ReadOnlySystem });
            Assert.Equal(acknowledged, poisoned.LastDurableSequence);
            Assert.NotNull(store.Statistics.Fault);
            Assert.All(Enumerable.Range(0, 20), number => Assert.Throws<StorePoisonedException>(() => store.Set($"late{number}", value)));
            Assert.Throws<StorePoisonedException>(store.Flush);
            Assert.All(Enumerable.Range(0, acknowledged), number => Assert.True(store.Exists($"key{number}")));
            Assert.Equal(0, store.Count("late"));
        }

        thin.Resize(128);
        disk.Unmount();
        disk.Mount("errors=continue");
        using Store reopened = Store.Open(path);
        Assert.InRange(reopened.Count(), acknowledged, acknowledged + 1);
        Assert.All(Enumerable.Range(0, acknowledged), number => Assert.True(reopened.TryGet($"key{number}", out Entry entry) && entry.Value.Span.SequenceEqual(value)));
        reopened.Set("again", value);
        Figures.Print($"failed flush on a thin disk: {acknowledged} acknowledged before it, 0 after it, lost 0");
    }

    [DiskFact]
    public void A_disk_that_becomes_read_only_ends_all_writing()
    {
        const int Writers = 4;
        using var scratch = new TemporaryDirectory();
        using var disk = new LoopDisk(scratch.Under("image"), scratch.Under("mount"), 64, options: "errors=remount-ro");
        string path = Path.Combine(disk.Path, "store");
        using var child = new ChildProcess(["write", $"path={path}", $"threads={Writers}", "end=stay"]);
        Assert.True(child.WaitFor(SignKind.Applied, 100), child.Errors);

        int heard = child.Signs.Length;   // ext4 may call the flush a success that was under way at that moment
        disk.Remount("abort");
        Assert.True(child.WaitFor(SignKind.Done, Writers), child.Errors);
        child.Kill();

        Sign[] signs = child.Signs;
        Sign[] refused = [.. signs.Where(sign => sign.Kind == SignKind.Refused)];
        Assert.Equal(Writers, refused.Length);
        Assert.All(refused, sign => Assert.Equal(Refusal.Poisoned, sign.Refusal));
        Assert.All(refused, sign => Assert.Contains(sign.Error, new[] { InputOutput, ReadOnlySystem }));
        Assert.Equal(Writers, signs.Count(sign => sign.Kind == SignKind.ReadOn));

        disk.Unmount();
        disk.Mount("errors=remount-ro");
        using Store store = Store.Open(new StoreOptions { Path = path, VersionsToKeep = Plan.Versions });
        new Ledger(Writers).Check(0, DurabilityMode.Commit, signs, heard, store);
    }

    [DiskFact]
    public void A_read_only_disk_opens_for_reading_only()
    {
        using var scratch = new TemporaryDirectory();
        using var disk = new LoopDisk(scratch.Under("image"), scratch.Under("mount"), 16);
        string path = Path.Combine(disk.Path, "store");
        using (Store store = Store.Open(path))
        {
            store.Set("key", "value"u8);
        }

        string[] files = [.. Directory.GetFiles(path).Order()];
        disk.Unmount();
        disk.Mount("ro");

        Exception refused = Assert.ThrowsAny<Exception>(() => Store.Open(path));
        Assert.True(refused is IOException or UnauthorizedAccessException, refused.ToString());
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Exception none = Assert.ThrowsAny<Exception>(() => Store.Open(Path.Combine(disk.Path, "another")));
        Assert.True(none is IOException or UnauthorizedAccessException, none.ToString());
        using Store reader = Store.Open(new StoreOptions { Path = path, ReadOnly = true });
        Assert.True(reader.Exists("key"));
        Assert.Throws<StoreReadOnlyException>(() => reader.Set("key", "other"u8));
        Assert.Equal(files, Directory.GetFiles(path).Order());
    }

    /// <summary>Root may do everything, so somebody else has to try.</summary>
    [DiskFact]
    public void A_directory_that_one_may_only_read_opens_for_reading_only()
    {
        using var scratch = new TemporaryDirectory();
        string path = scratch.Under("store");
        using (Store store = Store.Open(path))
        {
            store.Set("key", "value"u8);
        }

        Tool.Run("chmod", "-R", "a+rX", scratch.Path);
        string[] somebody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        using var writer = new ChildProcess(["hold", $"path={path}"], somebody);
        using var reader = new ChildProcess(["hold", $"path={path}", "readonly"], somebody);
        writer.WaitForEnd();
        reader.WaitForEnd();

        Sign refused = Assert.Single(writer.Signs, sign => sign.Kind == SignKind.Refused);
        Assert.Contains(refused.Refusal, new[] { Refusal.NoAccess, Refusal.Input });
        Assert.Contains(path, writer.Errors, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(reader.Signs, sign => sign.Kind == SignKind.Opened).Number);
    }
}
