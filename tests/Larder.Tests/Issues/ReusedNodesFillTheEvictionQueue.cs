using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace Larder.Tests.Issues;

/// <summary>
/// A node that is removed and comes back (it expired in the commit that sets it, or a scan pins it) gets a second place in the queue, and the
/// first counts as valid again. Compact cannot tell them apart: once places outnumber entries two to one, every other removal walks both queues.
/// </summary>
public sealed class ReusedNodesFillTheEvictionQueue(ITestOutputHelper output)
{
    private const int Keys = 20_000;

    [Fact]
    public void Removing_and_setting_under_a_scan_stays_constant()
    {
        using var store = new Store(new StoreOptions { MaxEntries = 1_000_000, WhenFull = WhenFull.Evict });
        for (int i = 0; i < Keys; i++)
        {
            store.Set($"k{i}", "v"u8);
        }

        using IEnumerator<Entry> scan = store.Scan().GetEnumerator();
        scan.MoveNext();
        Round(store);
        TimeSpan second = Round(store);
        output.WriteLine($"{second.TotalMilliseconds:F0} ms for {Keys} removals and sets");
        Assert.True(second < TimeSpan.FromSeconds(1), $"{second.TotalMilliseconds:F0} ms for {Keys} removals and sets under a scan");
    }

    [Fact]
    public void Setting_again_what_has_expired_stays_constant()
    {
        var clock = new ManualTimeProvider();
        using var store = new Store(new StoreOptions { MaxEntries = 1_000_000, WhenFull = WhenFull.Evict, TimeProvider = clock });
        TimeSpan last = default;
        for (int round = 0; round < 4; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Keys; i++)
            {
                store.Set($"k{i}", "v"u8, TimeSpan.FromMilliseconds(1));
            }

            last = Stopwatch.GetElapsedTime(start);
            output.WriteLine($"round {round}: {last.TotalMilliseconds:F0} ms");
            clock.Advance(TimeSpan.FromMilliseconds(2));   // due, and the sweeper comes every 250 ms
        }

        Assert.True(last < TimeSpan.FromSeconds(1), $"{last.TotalMilliseconds:F0} ms for {Keys} sets of expired keys");
    }

    private static TimeSpan Round(Store store)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Keys; i++)
        {
            store.Remove($"k{i}");
            store.Set($"k{i}", "v"u8);
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
