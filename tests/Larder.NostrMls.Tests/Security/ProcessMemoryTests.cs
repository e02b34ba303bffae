using Larder.NostrMls.Tests.Child;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>Looks for secrets in the whole memory of a process: they are there while they live, and not afterwards.</summary>
public sealed class ProcessMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Secrets_that_have_ended_are_nowhere_in_the_memory_of_the_process(bool isDurable)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;   // there is no way to look into another process there
        }

        using var directory = new TemporaryDirectory();
        using Child child = isDurable ? new Child(directory.Under("store")) : new Child();
        byte[][] canaries = [.. Enumerable.Range(0, Canary.Kept + 1).Select(number => Bytes(number))];

        child.WaitFor("written");
        int[] written = child.Count(canaries);
        child.GoOn();
        child.WaitFor("ended");
        int[] ended = child.Count(canaries);
        child.GoOn();
        child.WaitFor("closed");
        int[] closed = child.Count(canaries);

        // One copy of each, and the scan finds it: two of the three that the child has just read, none of the one that comes later.
        Assert.Equal([2, 1, 2, 1, 1, 0, 1, 1, 2], written[1..]);
        Assert.All(ended[Canary.Replaced..Canary.Kept], count => Assert.Equal(0, count));
        Assert.Equal(1, ended[Canary.Kept]);
        Assert.All(closed, count => Assert.Equal(0, count));
        Figures.Print($"Nostr MLS secrets in process memory, {(isDurable ? "durable" : "in memory")}: {written[1..].Sum()} while alive, {ended[Canary.Replaced..Canary.Kept].Sum()} after their ends, {closed.Sum()} after dispose");
    }

    [Fact]
    public void A_killed_process_leaves_what_it_was_told_to_keep_and_no_trace_of_what_it_deleted()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Under("store");
        using (var child = new Child(path))
        {
            child.WaitFor("written");
            child.GoOn();
            child.WaitFor("ended");
            child.Kill();
        }

        using NostrMlsStore store = NostrMlsStore.Open(path, new byte[32]);
        Group group = Assert.Single(store.GetAllGroups());
        Assert.Equal(Bytes(Canary.Kept), group.ImageKey!.Span.ToArray());
        Assert.Equal(Bytes(0), store.GetExporterSecret(group.MlsGroupId, 1, ExporterLabel.GroupEvent)!.Secret.Span.ToArray());
        Assert.Null(store.GetExporterSecret(group.MlsGroupId, 0, ExporterLabel.GroupEvent));
        Assert.Null(store.Mls.ReadGroupData(group.MlsGroupId, MlsGroupDataKind.GroupEpochSecrets));
        Assert.Empty(store.ListSnapshots(group.MlsGroupId));
        Assert.Single(store.GetPendingWelcomes());
    }

    private static byte[] Bytes(int number)
    {
        var bytes = new byte[Canary.Size];
        Canary.Fill(bytes, number);
        return bytes;
    }
}
