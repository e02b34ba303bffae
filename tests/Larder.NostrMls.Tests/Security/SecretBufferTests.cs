using Larder.NostrMls.Tests.Child;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>Every buffer of a store that holds a secret is found by walking through its objects; when the secret has ended, each of them is zero, also those that nobody refers to any more.</summary>
public sealed class SecretBufferTests
{
    private const int Sought = 12;   // a nonce is so short

    private static readonly Canary _canary = new(4_711);

    public static TheoryData<string> Lives => [.. SecretLife.All.Where(life => !life.EndsAtOnce).Concat(SecretLife.Evicted).Select(life => life.Name)];

    [Theory]
    [MemberData(nameof(Lives))]
    public void A_secret_that_ends_is_zeroed_where_it_was(string name)
    {
        SecretLife life = SecretLife.All.Concat(SecretLife.Evicted).Single(each => each.Name == name);
        using var store = new NostrMlsStore(SecretLife.Options(cacheSize: 1));
        life.Begin(store, _canary);
        IReadOnlyList<byte[]> buffers = Find(store);
        Assert.NotEmpty(buffers);

        life.End(store);
        Assert.All(buffers, buffer => Assert.DoesNotContain(buffer, octet => octet != 0));
        Assert.Empty(Find(store));
    }

    [Fact]
    public void A_closed_store_and_a_capture_that_was_disposed_of_hold_zeros()
    {
        var store = new NostrMlsStore(SecretLife.Options(cacheSize: 1_000));
        foreach (SecretLife life in SecretLife.All.Where(life => !life.EndsAtOnce))
        {
            life.Begin(store, _canary);
        }

        MlsCapture capture = store.CaptureAll();
        IReadOnlyList<byte[]> buffers = Find(store);
        IReadOnlyList<byte[]> captured = Find(capture);
        Assert.True(buffers.Count >= SecretLife.All.Count - 4);
        Assert.NotEmpty(captured);

        capture.Dispose();
        store.Dispose();
        Assert.All(buffers.Concat(captured), buffer => Assert.DoesNotContain(buffer, octet => octet != 0));
        Assert.Throws<ObjectDisposedException>(() => store.GetAllGroups());
    }

    [Fact]
    public void Nothing_that_a_store_hands_out_shares_its_buffers()
    {
        using var store = new NostrMlsStore();
        var id = new MlsGroupId([1]);
        _canary.Give(secret => store.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, secret));
        IReadOnlyList<byte[]> buffers = Find(store);
        using (SecretBytes? copy = store.Mls.ReadGroupData(id, MlsGroupDataKind.Tree))
        {
            Assert.DoesNotContain(buffers, buffer => ReferenceEquals(buffer, copy!.Buffer));
        }

        Assert.All(buffers, buffer => Assert.True(ObjectGraph.Holds(buffer, _canary.ToArray())));
    }

    [Fact]
    public void The_collector_never_moves_a_secret()
    {
        using var store = new NostrMlsStore();
        var garbage = new List<byte[]>();
        for (int i = 0; i < 200; i++)
        {
            garbage.Add(new byte[64]);
            new Canary(i).Give(secret => store.Mls.WritePsk(BitConverter.GetBytes(i), secret));
        }

        List<byte[]> buffers = [.. Enumerable.Range(0, 200).SelectMany(i => ObjectGraph.Find(store, new Canary(i).ToArray()))];
        List<nuint> before = [.. buffers.Select(ObjectGraph.AddressOf)];
        garbage.Clear();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(200, buffers.Count);
        Assert.Equal(before, buffers.Select(ObjectGraph.AddressOf));
    }

    private static IReadOnlyList<byte[]> Find(object root) => ObjectGraph.Find(root, _canary.ToArray()[..Sought]);
}
