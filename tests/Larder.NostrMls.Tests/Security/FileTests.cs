using Larder.NostrMls.Durability;
using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Child;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>What the files of a store in a directory hold. To look into them they are written without the encryption of files; secrets are sealed all the same.</summary>
public sealed class FileTests : IDisposable
{
    private static readonly byte[] _key = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Lives => [.. SecretLife.All.Where(life => !life.EndsAtOnce).Select(life => life.Name)];

    public void Dispose() => _directory.Dispose();

    /// <summary>A secret is never in a file as it is; and the sealed records that go with it are in no file when the call returns.</summary>
    [Theory]
    [MemberData(nameof(Lives))]
    public void A_secret_that_has_ended_is_in_no_file(string name)
    {
        SecretLife life = SecretLife.All.Single(each => each.Name == name);
        var canary = new Canary(815);
        using NostrMlsStore store = Open(new MlsStoreOptions { EraseReplacedWithin = TimeSpan.Zero }, out Store below);
        life.Begin(store, canary);
        List<byte[]> before = [.. below.Scan().Select(entry => entry.Value.ToArray())];
        Assert.All(before.Where(value => value.Length > 16), value => Assert.True(IsInFiles(value)));
        Assert.False(IsInFiles(canary.ToArray()[..12]));

        life.End(store);
        HashSet<string> after = [.. below.Scan().Select(entry => Convert.ToHexString(entry.Value.Span))];
        List<byte[]> ended = [.. before.Where(value => value.Length > 16 && !after.Contains(Convert.ToHexString(value)))];
        Assert.NotEmpty(ended);
        Assert.All(ended, value => Assert.False(IsInFiles(value)));
        Assert.False(IsInFiles(canary.ToArray()[..12]));
    }

    [Fact]
    public void The_files_of_a_store_hold_no_name_no_content_and_no_secret_in_the_open()
    {
        using (var store = NostrMlsStore.Open(_directory.Path, _key))
        {
            store.SaveGroup(SampleRecords.Group);
            store.SaveMessage(SampleRecords.Message);
            store.SaveWelcome(SampleRecords.Welcome);
            store.SaveExporterSecret(SampleRecords.ExporterSecret);
            store.Mls.WriteGroupData(SampleRecords.GroupId, MlsGroupDataKind.Tree, SampleRecords.Canary);
            store.CreateSnapshot(SampleRecords.GroupId, SampleRecords.Name);
        }

        Assert.All(SampleRecords.Forbidden, text => Assert.False(IsInFiles(System.Text.Encoding.ASCII.GetBytes(text))));
    }

    private NostrMlsStore Open(MlsStoreOptions options, out Store below)
    {
        below = Store.Open(new StoreOptions { Path = _directory.Path, MaxValueBytes = 1024 * 1024 * 1024 });
        var clock = new UseClock();
        var journal = StoreJournal.Open(below, _key, options, clock, out StoreState state);
        return new NostrMlsStore(new Calls(new Core(options, state, clock, journal), null));
    }

    private bool IsInFiles(byte[] bytes) => Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories)
        .Any(file => Path.GetFileName(file) != "LOCK" && Read(file).AsSpan().IndexOf(bytes) >= 0);

    /// <summary>The store has it open for itself; its lock cannot be opened, and holds nothing.</summary>
    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
