using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace Larder.Tests.Issues;

/// <summary>Maintain expires in slices of 256 but tidies the whole limbo inside one hold of the gate.</summary>
public sealed class TidyingAfterAScanHoldsTheGate(ITestOutputHelper output)
{
    [Fact]
    public void No_writer_waits_long_after_a_removal_of_a_prefix()
    {
        using var store = new Store();
        for (int i = 0; i < 500_000; i++)
        {
            store.Set($"p:{i}", "v"u8);
        }

        store.RemovePrefix("p:");
        TimeSpan longest = default;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3))
        {
            long from = Stopwatch.GetTimestamp();
            store.TryGet("x", out _);
            store.Touch("x", Expiry.None);   // a commit of nothing: waits for the gate only
            TimeSpan took = Stopwatch.GetElapsedTime(from);
            longest = took > longest ? took : longest;
            Thread.Yield();
            for (int spin = 0; spin < 50; spin++)
            {
                Thread.SpinWait(2_000);
            }
        }

        output.WriteLine($"longest wait {longest.TotalMilliseconds:F1} ms");
        Assert.True(longest < TimeSpan.FromMilliseconds(40), $"a writer waited {longest.TotalMilliseconds:F1} ms");
    }
}
