using Xunit;

namespace Larder.Tests.Issues;

/// <summary>RelativeScan.Walk is an iterator: disposed before its first MoveNext it never reaches its using, and the scan beneath goes on pinning.</summary>
public sealed class ScopedScanDisposedUnreadStaysOpen
{
    [Fact]
    public void Disposing_it_ends_the_scan()
    {
        using var store = new Store();
        store.Set("s:1", "v"u8);
        IEnumerator<Entry> scan = store.Scope("s:").Scan().GetEnumerator();
        scan.Dispose();
        Assert.Equal(0, store.Statistics.Scans);
        GC.KeepAlive(scan);
    }

    [Fact]
    public async Task Disposing_a_stream_of_one_ends_the_scan()
    {
        using var store = new Store();
        store.Set("s:1", "v"u8);
        IAsyncEnumerator<Entry> scan = store.Scope("s:").ScanAsync().GetAsyncEnumerator();
        await scan.DisposeAsync();
        Assert.Equal(0, store.Statistics.Scans);
        GC.KeepAlive(scan);
    }
}
