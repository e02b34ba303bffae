using System.Security.Cryptography;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>What outlives a cache with lifetimes that is kept in a directory, and what it does to that directory; with the faults of the original that lay there.</summary>
public sealed class PersistentCacheOnDisk : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    private readonly TemporaryDirectory _scratch = new();
    private readonly ManualTimeProvider _clock = new();

    public static TheoryData<DurabilityMode> Modes => [DurabilityMode.Commit, DurabilityMode.Interval, DurabilityMode.Snapshot];

    private string Path => _scratch.Under("cache");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_cache_in_memory_creates_no_directory_and_no_file()
    {
        string[] before = Directory.GetFileSystemEntries(Environment.CurrentDirectory);
        using (var store = new Store())
        {
            store.Set("k", "v", _long);
            store.Flush();
            Assert.Equal(0, store.Statistics.DiskBytes);
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(Environment.CurrentDirectory));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_record_survives_closing_and_opening(DurabilityMode mode)
    {
        await using (Store store = await Store.OpenAsync(Path, Options(mode)))
        {
            await store.SetAsync("r", new Fields("text", 4_203_558), _long);
            store.Set("n", 23, _long);
        }

        using Store again = Open(mode);
        Assert.True(again.TryGet("r", out Fields? record));
        Assert.Equal(new Fields("text", 4_203_558), record);
        Assert.True(again.TryGet("n", out int number));
        Assert.Equal(23, number);
        Assert.Equal(_long, again.GetTimeToLive("r"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void After_opening_a_short_life_is_over_and_a_long_one_goes_on(DurabilityMode mode)
    {
        using (Store store = Open(mode))
        {
            store.Set("short", "v", TimeSpan.FromSeconds(1));
            store.Set("long", "v", _long);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        using Store again = Open(mode);
        Assert.False(again.TryGet("short", out string? _));
        Assert.True(again.TryGet("long", out string? _));
        Assert.Equal(1, again.Count());
        Assert.Equal(_long - TimeSpan.FromMinutes(1), again.GetTimeToLive("long"));
        _clock.Advance(TimeSpan.FromSeconds(1));   // the first sweep comes by itself
        Assert.Equal(1, again.Statistics.Entries);
    }

    [Fact]
    public void A_hundred_keys_are_kept_in_files_of_the_stores_own_kind()
    {
        using (Store store = Open(DurabilityMode.Commit))
        {
            for (int i = 0; i < 100; i++)
            {
                store.Set($"key{i}", $"value{i}", _long);
            }
        }

        Assert.All(Directory.GetFiles(Path).Select(System.IO.Path.GetFileName), name => Assert.Matches(@"^(wal-\d{16}\.log|snap-\d{16}\.snp|LOCK)$", name!));
        StoreReport report = StoreFiles.Verify(Path);
        Assert.True(report.IsSound);
        Assert.Equal(100, report.Entries);
    }

    [Fact]
    public void What_was_written_under_one_setup_is_read_under_another()
    {
        using (Store store = Open(DurabilityMode.Commit, versions: 2))
        {
            store.Set("k", "old", _long);
            store.Set("k", "new", _long);
            store.Set("gone", "v", _long);
        }

        foreach (DurabilityMode mode in new[] { DurabilityMode.Snapshot, DurabilityMode.Interval, DurabilityMode.Commit })
        {
            using Store store = Open(mode, versions: 4);
            Assert.True(store.TryGet("k", out string? value));
            Assert.Equal("new", value);
            store.Remove("gone");
        }

        // What an earlier setup wrote does not come back either.
        using Store again = Open(DurabilityMode.Commit);
        Assert.False(again.Exists("gone"));
    }

    [Fact]
    public void A_kill_between_writes_loses_nothing_that_was_acknowledged()
    {
        using Store store = Open(DurabilityMode.Commit);
        for (int i = 0; i < 50; i++)
        {
            store.Set($"key{i}", i, _long);
            if (i % 10 == 9)
            {
                using Store survivor = Store.Open(Copy($"killed{i}"), Options(DurabilityMode.Commit));   // what a process that is killed now leaves
                Assert.Equal(i + 1, survivor.Count());
                Assert.True(survivor.TryGet($"key{i}", out int last) && last == i);
            }
        }
    }

    [Fact]
    public void A_crash_at_any_byte_leaves_a_cache_that_opens()
    {
        using (Store store = Open(DurabilityMode.Commit))
        {
            for (int i = 0; i < 20; i++)
            {
                store.Set($"key{i:D2}", $"value{i}", _long);
            }

            Copy("crashed");
        }

        string[] segments = [.. Directory.GetFiles(_scratch.Under("crashed"), "*.log").Where(file => File.ReadAllBytes(file).AsSpan().IndexOf("value0"u8) >= 0)];
        string name = System.IO.Path.GetFileName(Assert.Single(segments));
        byte[] whole = File.ReadAllBytes(segments[0]);
        int first = whole.AsSpan().IndexOf("key00"u8), end = whole.AsSpan().LastIndexOf("value19"u8) + 16;
        int least = 20;
        for (int cut = end; cut > first; cut -= 17)
        {
            string path = _scratch.Under($"cut{cut}");
            CopyDirectory(_scratch.Under("crashed"), path);
            File.WriteAllBytes(System.IO.Path.Combine(path, name), [.. whole[..cut], .. new byte[whole.Length - cut]]);
            using Store store = Store.Open(path, Options(DurabilityMode.Commit));
            int kept = (int)store.Count();
            Assert.Equal(Enumerable.Range(0, kept).Select(i => $"key{i:D2}"), store.Scan().Select(entry => entry.Key));
            Assert.True(kept <= least, $"cut at {cut}: {kept} entries");
            least = kept;
        }

        Assert.True(least < 2);
    }

    [Fact]
    public void A_damaged_file_is_reported_with_its_place_and_the_rest_can_be_saved()
    {
        using (Store store = Open(DurabilityMode.Commit))
        {
            for (int i = 0; i < 20; i++)
            {
                store.Set($"key{i:D2}", $"value{i}", _long);
            }
        }

        string file = Directory.GetFiles(Path, "*.log").First(file => File.ReadAllBytes(file).AsSpan().IndexOf("value5"u8) >= 0);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.AsSpan().IndexOf("value5"u8)] ^= 1;
        File.WriteAllBytes(file, bytes);

        StoreDamagedException damage = Assert.Throws<StoreDamagedException>(() => Open(DurabilityMode.Commit));
        Assert.Contains(System.IO.Path.GetFileName(file), damage.Message, StringComparison.Ordinal);
        RepairReport saved = StoreFiles.Repair(Path, _scratch.Under("saved"));
        Assert.Equal(19, saved.Entries);
        using Store again = Store.Open(_scratch.Under("saved"), Options(DurabilityMode.Commit));
        Assert.Equal(19, again.Count());
        Assert.False(again.Exists("key05"));
    }

    [Fact]
    public void Foreign_files_are_neither_read_nor_deleted_nor_cleared()
    {
        Directory.CreateDirectory(Path);
        string[] foreign = ["cache_1f.bin", "other.bin", "notes.txt", "wal-1.log", "snap.snp"];
        Array.ForEach(foreign, name => File.WriteAllBytes(System.IO.Path.Combine(Path, name), [1, 2, 3]));
        for (int round = 0; round < 2; round++)
        {
            using Store store = Open(DurabilityMode.Commit);
            Assert.Equal(0, store.Count());
            store.Set("k", "v", _long);
            store.Clear();
            store.Compact();
            Assert.Equal(0, store.Count());
        }

        Assert.All(foreign, name => Assert.Equal([1, 2, 3], File.ReadAllBytes(System.IO.Path.Combine(Path, name))));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Closing_waits_for_no_interval(DurabilityMode mode)
    {
        StoreOptions options = Options(mode);
        options.TimeProvider = TimeProvider.System;
        options.FlushInterval = TimeSpan.FromHours(1);
        Store store = Store.Open(Path, options);
        store.Set("k", "v", _long);

        await store.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        using Store again = Open(mode);
        Assert.True(again.Exists("k"));
    }

    [Fact]
    public void After_dispose_nothing_is_written()
    {
        Store store = Open(DurabilityMode.Commit);
        store.Set("k", "v", _long);
        store.Dispose();
        string before = Picture();

        Assert.Throws<ObjectDisposedException>(() => store.Set("k", "w", _long));
        Assert.Throws<ObjectDisposedException>(store.Clear);
        Assert.Throws<ObjectDisposedException>(store.Flush);
        _clock.Advance(TimeSpan.FromHours(2));   // no sweep any more

        Assert.Equal(before, Picture());
    }

    [Fact]
    public void A_set_costs_as_much_as_its_entry_however_many_there_are()
    {
        using Store store = Open(DurabilityMode.Commit);
        var batch = new WriteBatch();
        for (int i = 0; i < 5_000; i++)
        {
            batch.Set($"key{i}", "some value or other"u8, _long);
        }

        store.Write(batch);
        Dictionary<string, byte[]> before = Files();
        store.Set("key17", "another value", _long);
        Dictionary<string, byte[]> after = Files();

        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        int written = after.Sum(file => file.Value.Zip(before[file.Key]).Count(pair => pair.First != pair.Second));
        Assert.InRange(written, 10, 200);
    }

    [Fact]
    public void Stores_of_one_process_know_nothing_of_each_other()
    {
        using Store one = Open(DurabilityMode.Commit);
        using Store other = Store.Open(_scratch.Under("other"), Options(DurabilityMode.Commit));
        using var memory = new Store();
        one.Set("k", "one", _long);
        other.Set("k", "other", _long);
        other.Clear();
        other.Dispose();

        Assert.True(one.TryGet("k", out string? value) && value == "one");
        Assert.Equal(0, memory.Count());
    }

    [Fact]
    public void After_a_failed_opening_the_next_one_succeeds()
    {
        using (Store owner = Open(DurabilityMode.Commit))
        {
            Assert.Throws<StoreInUseException>(() => Open(DurabilityMode.Commit));
        }

        Assert.Throws<ArgumentException>(() => Store.Open(Path, new StoreOptions { VersionsToKeep = -1 }));
        using (Store again = Open(DurabilityMode.Commit))
        {
            again.Set("k", "v", _long);
            again.Dispose();
            again.Dispose();
        }

        using Store third = Open(DurabilityMode.Commit);
        Assert.True(third.Exists("k"));
    }

    private StoreOptions Options(DurabilityMode mode, int versions = 1) => new() { Durability = mode, VersionsToKeep = versions, TimeProvider = _clock };

    private Store Open(DurabilityMode mode, int versions = 1) => Store.Open(Path, Options(mode, versions));

    private string Copy(string name)
    {
        CopyDirectory(Path, _scratch.Under(name));
        return _scratch.Under(name);
    }

    /// <summary>The files as they are, without the lock of their owner.</summary>
    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(file => System.IO.Path.GetExtension(file) is ".log" or ".snp"))
        {
            using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream target = File.Create(System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
            source.CopyTo(target);
        }
    }

    private Dictionary<string, byte[]> Files() => Directory.GetFiles(Path, "*.*").Where(file => System.IO.Path.GetExtension(file) is ".log" or ".snp").ToDictionary(file => file, File.ReadAllBytes);

    private string Picture() =>
        string.Join('\n', Directory.GetFiles(Path).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
