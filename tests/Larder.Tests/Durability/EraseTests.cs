using System.Text;
using Larder.Durability;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>After an erasure no file of the directory holds anything of the key.</summary>
public sealed class EraseTests : IDisposable
{
    private const string Key = "erase-me-by-this-name";
    private const string Value = "nobody-may-read-this-again";

    private readonly StoreOnDisk _disk = new();

    public static TheoryData<DurabilityMode, bool, bool> Modes()
    {
        var modes = new TheoryData<DurabilityMode, bool, bool>();
        foreach (DurabilityMode mode in (DurabilityMode[])[DurabilityMode.Snapshot, DurabilityMode.Interval, DurabilityMode.Commit])
        {
            foreach (bool isEncrypted in (bool[])[false, true])
            {
                modes.Add(mode, isEncrypted, false);
                modes.Add(mode, isEncrypted, true);
            }
        }

        return modes;
    }

    public void Dispose() => _disk.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task No_file_holds_the_key_or_a_value_of_it(DurabilityMode mode, bool isEncrypted, bool isAsync)
    {
        byte[]? key = isEncrypted ? StoreOnDisk.Key : null;
        using (Store store = _disk.Open(key: key, mode: mode, versions: 5))
        {
            Write(store);
        }

        using (Store store = _disk.Open(key: key, mode: mode, versions: 5))
        {
            store.Compact();
            store.Set(Key, Value + " once more");
            store.Flush();
            Assert.True(isEncrypted || Traces().Count > 0);

            Assert.True(isAsync ? await store.EraseAsync(Key) : store.Erase(Key));

            Assert.Empty(Traces());
            Assert.Empty(store.History(Key));
            store.Set("after", "x");
        }

        Assert.Empty(Traces());
        Assert.Equal(["after", "other 0", "other 1", "other 2", "other 3", "other 4"], _disk.Keys(key: key));
        using (Store store = _disk.Open(key: key, mode: mode))
        {
            Assert.False(store.Erase(Key));
        }

        Assert.True(StoreFiles.Verify(_disk.Path, key).IsSound);
        Assert.Empty(Traces());
    }

    [Fact]
    public void What_was_removed_long_ago_leaves_no_trace_either()
    {
        using Store store = _disk.Open(versions: 5);
        Write(store);
        store.Remove(Key);
        Assert.NotEmpty(Traces());

        Assert.False(store.Erase(Key));

        Assert.Empty(Traces());
    }

    [Fact]
    public void A_torn_tail_that_was_put_aside_goes_too()
    {
        using (Store store = _disk.Open(StoreOnDisk.OneSegment))
        {
            store.Set("other", "x");
            store.Set(Key, Value);
        }

        string file = Path.Combine(_disk.Path, Assert.Single(_disk.Segments()));
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Value)) + Value.Length - 1)]);
        _disk.Delete(FileName.Lock);   // as after a crash, which notes nothing in it

        using Store reopened = _disk.Open();
        Assert.Contains(_disk.Files(), name => Path.GetFileName(name).StartsWith("torn-", StringComparison.Ordinal));
        Assert.NotEmpty(Traces());

        reopened.Erase(Key);

        Assert.Empty(Traces());
        Assert.DoesNotContain(_disk.Files(), name => Path.GetFileName(name).StartsWith("torn-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DurabilityMode.Snapshot)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Commit)]
    public async Task Nothing_comes_back_while_others_go_on_writing(DurabilityMode mode)
    {
        using Store store = _disk.Open(StoreOnDisk.Small with { HasThread = true, CheckpointAfterBytes = 4096 }, mode: mode, versions: 3);
        using var stop = new CancellationTokenSource();
        Task[] writers = [.. Enumerable.Range(0, 3).Select(writer => Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                store.Set($"other {writer} {i % 20}", StoreOnDisk.ValueOf(i));
            }
        }))];
        try
        {
            for (int round = 0; round < 5; round++)
            {
                for (int i = 0; i < 5; i++)
                {
                    store.Set(Key, $"{Value} {round} {i}");
                }

                Assert.True(await store.EraseAsync(Key));
                Assert.Empty(Traces());
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }
    }

    private static void Write(Store store)
    {
        for (int i = 0; i < 30; i++)
        {
            store.Set(Key, $"{Value} {i}");
            store.Set($"other {i % 5}", StoreOnDisk.ValueOf(i));
            if (i % 10 == 9)
            {
                store.Compact();
            }
        }

        store.Write(new WriteBatch().Set(Key, Value + " in a batch").Set("other 1", "x"));
        store.Touch(Key, TimeSpan.FromDays(1));
    }

    /// <summary>The files that still hold something, with what it is. A file may go away while it is being looked at.</summary>
    private List<string> Traces()
    {
        List<string> traces = [];
        foreach (string file in _disk.Files())
        {
            try
            {
                byte[] bytes = ReadBeside(file);
                traces.AddRange(new[] { Key, Value }.Where(text => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0).Select(text => $"{Path.GetFileName(file)}: {text}"));
            }
            catch (FileNotFoundException)
            {
                continue;
            }
        }

        return traces;
    }

    private static byte[] ReadBeside(string file)
    {
        if (Path.GetFileName(file) == FileName.Lock)
        {
            return [];   // its owner holds it; it has no room for keys
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }
}
