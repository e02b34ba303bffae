using System.Text;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>A disk that is really full, and then is not.</summary>
[Collection(nameof(RealFiles))]
public sealed class DiskFullTests
{
    private const int Writers = 4;

    [DiskTheory]
    [InlineData(DurabilityMode.Commit, "tmpfs")]
    [InlineData(DurabilityMode.Interval, "tmpfs")]
    [InlineData(DurabilityMode.Commit, "ext4")]
    public void A_full_disk_refuses_a_write_and_nothing_else_happens(DurabilityMode mode, string system)
    {
        using var scratch = new TemporaryDirectory();
        using IDisposable disk = system == "tmpfs" ? new MemoryDisk(scratch.Under("mount"), 4) : new LoopDisk(scratch.Under("image"), scratch.Under("mount"), 8);
        string ballast = Path.Combine(scratch.Under("mount"), "ballast");
        string path = Path.Combine(scratch.Under("mount"), "store");
        File.WriteAllBytes(ballast, new byte[1024 * 1024]);
        var options = new StoreOptions { Path = path, Durability = mode };
        int first;
        int second;
        using (Store store = Store.Open(options))
        {
            first = Fill(store, 0);
            long sequence = store.Statistics.LastSequence;

            Assert.InRange(first, 1, 1000);
            Assert.Throws<DiskFullException>(() => store.Set("too much", new byte[4 * 1024 * 1024]));
            Assert.Equal((sequence, false), (store.Statistics.LastSequence, store.Exists("too much")));
            Assert.Null(store.Statistics.Fault);
            Expect(store, first);

            File.Delete(ballast);
            second = Fill(store, first);
            Assert.InRange(second, first + 10, 1000);
            Expect(store, second);
            store.Flush();
        }

        using (Store reader = Store.Open(new StoreOptions { Path = path, ReadOnly = true }))
        {
            Expect(reader, second);
        }

        (disk as MemoryDisk)?.Resize(16);
        if (disk is MemoryDisk)
        {
            using Store store = Store.Open(options);
            Expect(store, second);
            Assert.InRange(Fill(store, second), second + 10, 2000);
        }
    }

    [DiskFact]
    public void Many_writers_on_a_full_disk_are_all_told()
    {
        using var scratch = new TemporaryDirectory();
        using var disk = new MemoryDisk(scratch.Under("mount"), 4);
        string path = Path.Combine(disk.Path, "store");
        int[] written = new int[Writers];
        using (Store store = Store.Open(path))
        {
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                byte[] value = new byte[10_000];
                await Assert.ThrowsAsync<DiskFullException>(async () =>
                {
                    for (; ; written[writer]++)
                    {
                        await store.SetAsync($"{writer}/{written[writer]}", value);
                    }
                });
            }))];
            Assert.True(Task.WaitAll(writers, TimeSpan.FromMinutes(2)));
            Assert.Equal(written.Sum(), store.Count());
            Assert.Null(store.Statistics.Fault);
        }

        using Store reader = Store.Open(new StoreOptions { Path = path, ReadOnly = true });
        Assert.Equal(written.Select(count => (long)count), Enumerable.Range(0, Writers).Select(writer => reader.Count($"{writer}/")));
    }

    [DiskFact]
    public void A_full_disk_keeps_the_image_that_is_there()
    {
        using var scratch = new TemporaryDirectory();
        using var disk = new MemoryDisk(scratch.Under("mount"), 4);
        string path = Path.Combine(disk.Path, "store");
        var options = new StoreOptions { Path = path, Durability = DurabilityMode.Snapshot };
        using (Store store = Store.Open(options))
        {
            store.Set("kept", "in the image"u8);
            store.Flush();
            for (int number = 0; number < 60; number++)
            {
                store.Set($"key{number}", new byte[100_000]);
            }

            Assert.ThrowsAny<IOException>(store.Flush);
            Assert.True(store.Exists("key59"));
            disk.Resize(32);
            store.Flush();
        }

        using Store reopened = Store.Open(options);
        Assert.Equal(61, reopened.Count());
        Assert.Equal("in the image", Encoding.UTF8.GetString(Value(reopened, "kept")));
    }

    /// <summary>Sets keys until one is refused. Returns its number.</summary>
    private static int Fill(Store store, int from)
    {
        int number = from;
        Assert.Throws<DiskFullException>((Action)(() =>
        {
            for (; ; number++)
            {
                store.Set($"key{number}", ValueOf(number));
            }
        }));
        Assert.False(store.Exists($"key{number}"));
        return number;
    }

    private static void Expect(Store store, int count)
    {
        Assert.Equal(count, store.Count());
        Assert.All(Enumerable.Range(0, count), number => Assert.Equal(ValueOf(number), Value(store, $"key{number}")));
    }

    private static byte[] ValueOf(int number) => [.. Enumerable.Repeat((byte)number, 10_000 + number)];

    private static byte[] Value(Store store, string key) => store.TryGet(key, out Entry entry) ? entry.Value.ToArray() : [];
}
