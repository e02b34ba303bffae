using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace Larder.Tests.Issues;

/// <summary>The sweeper expires 256 entries a hold of the gate; a write into a full store expires all that is due in one.</summary>
public sealed class ExpiringTogetherHoldsTheGate(ITestOutputHelper output)
{
    [Fact]
    public void A_write_into_a_full_store_takes_no_longer_than_others()
    {
        const int most = 500_000;
        using var store = new Store(new StoreOptions { MaxEntries = most });
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(4);
        for (int i = 0; i < most; i++)
        {
            store.Set($"p:{i}", "v"u8, end);
        }

        SpinWait.SpinUntil(() => TimeProvider.System.GetUtcNow() > end + TimeSpan.FromMilliseconds(5));
        long start = Stopwatch.GetTimestamp();
        store.Set("new", "v"u8);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{took.TotalMilliseconds:F1} ms");
        Assert.True(took < TimeSpan.FromMilliseconds(40), $"the set took {took.TotalMilliseconds:F1} ms");
    }
}
