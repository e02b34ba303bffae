using System.Globalization;
using Larder.NostrMls.Durability;
using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Child;
using Larder.NostrMls.Tests.Concurrency;
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

    /// <summary>One message, one commit, one snapshot, one rollback: what is logged for it depends on what it changes, not on what its group holds.</summary>
    [Fact]
    public async Task What_is_logged_for_an_operation_does_not_grow_with_its_group()
    {
        using NostrMlsStore store = Open(SecretLife.Options(cacheSize: 10), out Store below);
        await using IAsyncEnumerator<Change> changes = below.Watch().GetAsyncEnumerator();
        var logged = new List<Dictionary<string, long>>();
        (int messages, int values) = (0, 0);
        foreach (int size in (int[])[20, 2_000])
        {
            int group = 1;
            store.SaveGroup(Versioned.Group(group, 1));
            store.RunInTransaction(handle =>
            {
                for (; messages < size; messages++)
                {
                    handle.SaveMessage(Versioned.Message(group, messages, 1));
                }
            });
            await Logged();
            store.RunInTransaction(handle =>
            {
                for (; values < size; values++)
                {
                    handle.Mls.WriteEpochKeyPairs(Versioned.GroupId(group), BitConverter.GetBytes(values), 0, [Versioned.Bytes(values, 64)]);
                }
            });
            await Logged();
            var bytes = new Dictionary<string, long>();
            logged.Add(bytes);
            await Measure("save message", () => store.SaveMessage(Versioned.Message(group, 1_000_000, 7)));
            await Measure("delete message", () => store.DeleteMessage(Versioned.GroupId(group), Versioned.EventId(1_000_000)));
            await Measure("save group", () => store.SaveGroup(Versioned.Group(group, 2)));
            await Measure("save secret", () => store.SaveExporterSecret(new ExporterSecret { MlsGroupId = Versioned.GroupId(group), Epoch = 1, Label = ExporterLabel.GroupEvent, Secret = Versioned.Secret(1) }));
            await Measure("write MLS value", () => store.Mls.WriteGroupData(Versioned.GroupId(group), MlsGroupDataKind.Context, [1, 2, 3]));
            await Measure("snapshot", () => store.CreateSnapshot(Versioned.GroupId(group), "before"));
            await Measure("write after a snapshot", () => store.Mls.WriteGroupData(Versioned.GroupId(group), MlsGroupDataKind.Context, [4, 5, 6]));
            await Measure("roll back", () => store.RollbackToSnapshot(Versioned.GroupId(group), "before"));

            async Task Measure(string what, Action operation)
            {
                operation();
                bytes[what] = await Logged();
            }
        }

        foreach ((string what, long bytes) in logged[0])
        {
            Assert.InRange(logged[1][what], bytes - 64, bytes + 64);
        }

        Figures.Print("nostr mls bytes logged, group of 20 and of 2,000: " + string.Join(", ", logged[0].Select(pair =>
            string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value} and {logged[1][pair.Key]}"))));

        // Keys and values of all changes since the last time, up to a mark.
        async Task<long> Logged()
        {
            below.Set("zz", [1]);
            long sum = 0;
            while (await changes.MoveNextAsync() && changes.Current.Key != "zz")
            {
                Assert.NotEqual(ChangeKind.Missed, changes.Current.Kind);
                sum += changes.Current.Utf8Key.Length + changes.Current.Value.Length;
            }

            return sum;
        }
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
