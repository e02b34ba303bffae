using System.Text;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// Stores as released versions left them, kept for ever: every later version must open them and find everything. <c>LARDER_APPROVE=1</c>
/// makes those of the present format anew; those of older formats are never touched.
/// </summary>
public sealed class GoldenTests
{
    private const string Format = "v1";
    private static readonly DateTimeOffset _deadline = new(2126, 8, 1, 12, 30, 15, TimeSpan.Zero);
    private static readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(number => (byte)(number * 7))];
    private static readonly string _folder = Path.Combine(Source.Root, "tests", "Larder.Tests", "Durability", "golden");

    [Theory]
    [InlineData("v1", "plain")]
    [InlineData("v1", "crashed")]
    [InlineData("v1", "image")]
    [InlineData("v1", "encrypted")]
    public void A_store_of_an_old_format_opens_and_nothing_is_missing(string format, string name)
    {
        string golden = Path.Combine(_folder, format, name);
        if (format == Format && Environment.GetEnvironmentVariable("LARDER_APPROVE") == "1")
        {
            Make(golden, name);
        }

        using var scratch = new TemporaryDirectory();
        byte[]? key = name == "encrypted" ? _key : null;
        string copy = Copy(golden, scratch.Under("store"));
        var options = new StoreOptions { Path = copy, VersionsToKeep = 3, EncryptionKey = key, Durability = ModeOf(name) };

        Assert.True(StoreFiles.Verify(copy, key).IsSound);
        using (Store reader = Store.Open(new StoreOptions { Path = copy, VersionsToKeep = 3, EncryptionKey = key, ReadOnly = true }))
        {
            Expect(reader);
        }

        using (Store store = Store.Open(options))
        {
            Expect(store);
            store.Set("more", "written by a later version"u8);
        }

        using Store reopened = Store.Open(options);
        Assert.True(reopened.Remove("more"));
        Expect(reopened);
    }

    [Fact]
    public void The_golden_stores_have_what_matters()
    {
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, Format, "plain"), "snap-*.snp").Length);
        Assert.InRange(Directory.GetFiles(Path.Combine(_folder, Format, "plain"), "wal-*.log").Length, 2, 10);
        Assert.All(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file => Assert.InRange(new FileInfo(file).Length, 64, 8192));
    }

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private static DurabilityMode ModeOf(string name) => name == "image" ? DurabilityMode.Snapshot : DurabilityMode.Commit;

    private static void Make(string golden, string name)
    {
        if (Directory.Exists(golden))
        {
            Directory.Delete(golden, recursive: true);
        }

        var files = new ByteFiles();
        var options = new StoreOptions { Path = files.Path, VersionsToKeep = 3, EncryptionKey = name == "encrypted" ? _key : null, Durability = ModeOf(name) };
        Store store = Store.Open(options, files, FuzzCorpus.Tuning);
        store.Set("gone", "before the first checkpoint"u8);
        store.Set("user:1", "first"u8);
        store.Increment("visits", 40);
        store.Compact();
        store.Remove("gone");
        store.Set("user:1", "second"u8);
        store.Set("user:2", "with a deadline"u8, _deadline);
        store.Compact();
        store.Set("user:1", "third"u8);
        store.Set("user:1", "fourth"u8);
        store.Write(new WriteBatch().Increment("visits", 2).Set("batch:a", "one"u8).Set("batch:b", [0, 255, 0]).Remove("nothing"));
        store.Set("text", "Grüße 🍯");
        store.Set("object", new[] { 1, 2, 3 });
        store.Set("empty", []);
        store.Set("long", [.. Enumerable.Repeat((byte)'x', 1000)]);
        store.Touch("empty", _deadline);
        store.Set("schlüssel/\n\0", "odd key"u8);
        if (name == "image")
        {
            store.Flush();
        }

        Dictionary<string, byte[]> crashed = files.Snapshot();
        store.Dispose();
        Directory.CreateDirectory(golden);
        foreach ((string file, byte[] bytes) in (name == "crashed" ? crashed : files.Snapshot()).Where(file => file.Key != "LOCK"))
        {
            File.WriteAllBytes(Path.Combine(golden, file), bytes);
        }
    }

    private static void Expect(Store store)
    {
        Assert.Equal(
            ["batch:a", "batch:b", "empty", "long", "object", "schlüssel/\n\0", "text", "user:1", "user:2", "visits"],
            store.Scan().Select(entry => entry.Key));
        Assert.Equal(["fourth", "third", "second"], store.History("user:1").Select(Text));
        Assert.Equal([8L, 7, 5], store.History("user:1").Select(entry => entry.Version));
        Assert.Equal(["42", "40"], store.History("visits").Select(Text));
        Assert.Equal((42L, ValueKind.Counter), (Typed<long>(store, "visits"), Find(store, "visits").Kind));
        Assert.Equal(("with a deadline", _deadline), (Text(Find(store, "user:2")), Find(store, "user:2").ExpiresAt));
        Assert.Equal((9L, 9L, 9L), (Find(store, "batch:a").Version, Find(store, "batch:b").Version, Find(store, "visits").Version));
        Assert.Equal([0, 255, 0], Find(store, "batch:b").Value.ToArray());
        Assert.Equal("Grüße 🍯", Typed<string>(store, "text"));
        Assert.Equal([1, 2, 3], Typed<int[]>(store, "object")!);
        Assert.Equal((0, _deadline, 14L), (Find(store, "empty").Value.Length, Find(store, "empty").ExpiresAt, Find(store, "empty").Version));
        Assert.Equal(new string('x', 1000), Text(Find(store, "long")));
        Assert.Equal("odd key", Text(Find(store, "schlüssel/\n\0")));
    }

    private static Entry Find(Store store, string key) => store.TryGet(key, out Entry entry) ? entry : throw new KeyNotFoundException(key);

    private static T? Typed<T>(Store store, string key) => store.TryGet(key, out T? value) ? value : throw new KeyNotFoundException(key);

    private static string Text(Entry entry) => Encoding.UTF8.GetString(entry.Value.Span);
}
