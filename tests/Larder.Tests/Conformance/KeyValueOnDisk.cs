using System.Text;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>The durable twin of the key-value store: what outlives it.</summary>
public sealed class KeyValueOnDisk : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public static TheoryData<DurabilityMode> Modes => [DurabilityMode.Commit, DurabilityMode.Interval, DurabilityMode.Snapshot];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_store_opened_again_has_its_keys(DurabilityMode mode)
    {
        await using (Store store = await Store.OpenAsync(_scratch.Path, Options(mode)))
        {
            store.Set("user:1", "alice"u8);
            await store.SetAsync("user:2", "bob"u8);
            store.Set("empty", ""u8);
            store.Set("gone", "x"u8);
            store.Remove("gone");
        }

        using Store again = Store.Open(_scratch.Path, Options(mode));
        Assert.Equal(["empty=", "user:1=alice", "user:2=bob"], again.Scan().Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Versions_are_kept_across_an_opening(DurabilityMode mode)
    {
        using (Store store = Store.Open(_scratch.Path, Options(mode)))
        {
            for (byte i = 1; i <= 5; i++)
            {
                store.Set("k", [i]);
            }
        }

        using Store again = Store.Open(_scratch.Path, Options(mode));
        Assert.Equal([5, 4, 3], again.History("k").Select(entry => (int)entry.Value.Span[0]));
    }

    [Fact]
    public void A_second_writer_on_one_directory_is_refused_and_the_first_goes_on()
    {
        using Store first = Store.Open(_scratch.Path);

        Assert.Throws<StoreInUseException>(() => Store.Open(_scratch.Path));

        first.Set("k", "v"u8);
        Assert.True(first.Exists("k"));
    }

    [Fact]
    public void After_dispose_nothing_is_written_and_the_directory_is_free()
    {
        Store store = Store.Open(_scratch.Path);
        store.Set("k", "v"u8);
        store.Dispose();
        string before = Picture();

        Assert.Throws<ObjectDisposedException>(() => store.Set("k", "w"u8));
        Assert.Throws<ObjectDisposedException>(() => store.Remove("k"));
        Assert.Throws<ObjectDisposedException>(store.Clear);
        store.Dispose();

        Assert.Equal(before, Picture());
        using Store again = Store.Open(_scratch.Path);
        Assert.True(again.TryGet("k", out Entry entry) && entry.Value.Span.SequenceEqual("v"u8));
    }

    private static StoreOptions Options(DurabilityMode mode) => new() { Durability = mode, VersionsToKeep = 3 };

    private string Picture() =>
        string.Join('\n', Directory.GetFiles(_scratch.Path).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
}
