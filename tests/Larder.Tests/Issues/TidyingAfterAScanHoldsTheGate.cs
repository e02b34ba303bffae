using Xunit;

namespace Larder.Tests.Issues;

/// <summary>What a scan had pinned was let go of in one hold of the gate, however much it was.</summary>
public sealed class TidyingAfterAScanHoldsTheGate
{
    [Fact]
    public void It_goes_in_slices_and_all_of_it_within_a_second()
    {
        var clock = new ManualTimeProvider();
        using var store = new Store(new StoreOptions { TimeProvider = clock });
        for (int i = 0; i < 2_000; i++)
        {
            store.Set($"p:{i}", "v"u8);
        }

        store.RemovePrefix("p:");

        Assert.InRange(store.InLimbo, 1_900, 2_000);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, store.InLimbo);
        store.VerifyIntegrity();
    }
}
