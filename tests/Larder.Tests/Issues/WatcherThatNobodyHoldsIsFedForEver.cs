using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>The hub holds watchers strongly: an enumerator dropped without disposal keeps up to 16 MiB and costs every commit, for ever. Scans are known weakly.</summary>
public sealed class WatcherThatNobodyHoldsIsFedForEver
{
    [Fact]
    public void It_is_forgotten_once_collected()
    {
        using var store = new Store();
        Forget(store);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            store.Set("k", "v"u8);
        }

        Assert.Equal(0, store.Statistics.Watchers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Store store) => _ = store.Watch().GetAsyncEnumerator();
}
