using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>What nobody can reach any more must not be kept: not by a scan that was left in the middle, not by a timer.</summary>
[Collection(nameof(Concurrency))]
public sealed class CollectionTests
{
    [Fact]
    public void A_scan_left_in_the_middle_pins_nothing_once_it_is_collected()
    {
        var clock = new ManualTimeProvider();
        using var store = new Store(new StoreOptions { TimeProvider = clock });
        store.Set("a", "old"u8);
        store.Set("b", "old"u8);
        WeakReference value = AbandonScan(store);

        Collect();
        clock.Advance(TimeSpan.FromSeconds(1));   // within a second the store looks after its scans
        Collect();

        Assert.Equal(0, store.Statistics.Scans);
        Assert.False(value.IsAlive, "the value that only the scan could still see is kept");
        store.VerifyIntegrity();
    }

    [Fact]
    public void A_store_that_was_forgotten_is_collected_timers_and_all()
    {
        WeakReference store = Forget();

        Collect();

        Assert.False(store.IsAlive, "something keeps a store that nobody knows of");
    }

    /// <summary>Begins a scan, replaces what it has not read yet, and returns the replaced value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AbandonScan(Store store)
    {
        IEnumerator<Entry> scan = store.Scan().GetEnumerator();
        Assert.True(scan.MoveNext());
        Assert.True(store.TryGet("b", out Entry old));
        Assert.True(MemoryMarshal.TryGetArray(old.Value, out ArraySegment<byte> bytes));
        store.Set("b", "new"u8);
        Assert.Equal(1, store.Statistics.Scans);
        return new WeakReference(bytes.Array);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget()
    {
        var store = new Store(new StoreOptions { MaxEntries = 10, WhenFull = WhenFull.Evict });
        store.Set("a", "due soon"u8, TimeSpan.FromSeconds(30));
        store.Increment("b", 1, TimeSpan.FromMilliseconds(1));
        return new WeakReference(store);
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
