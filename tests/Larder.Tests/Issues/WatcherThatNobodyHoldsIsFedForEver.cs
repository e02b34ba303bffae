using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// The hub held watchers strongly: an enumerator dropped without disposal kept up to 16 MiB and cost every commit, for ever; and a full buffer
/// still had every value copied for it.
/// </summary>
public sealed class WatcherThatNobodyHoldsIsFedForEver
{
    [Fact]
    public void It_is_forgotten_once_collected()
    {
        using var store = new Store();
        Forget(store);
        for (int i = 0; i < 3; i++)
        {
            Collect();
            store.Set("k", "v"u8);
        }

        Assert.Equal(0, store.Statistics.Watchers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("scope:")]
    public async Task One_that_somebody_waits_for_is_not(string scope)
    {
        using var store = new Store();
        var read = new TaskCompletionSource<string>();
        Wait(scope.Length == 0 ? store : store.Scope(scope), read);
        Collect();
        Assert.Equal(1, store.Statistics.Watchers);
        store.Set($"{scope}k", "v"u8);
        Assert.Equal("k", await read.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Nothing_is_copied_for_a_reader_that_is_behind()
    {
        using var store = new Store();
        IAsyncEnumerator<Change> watch = store.Watch().GetAsyncEnumerator();
        for (int i = 0; i < 5_000; i++)
        {
            store.Set("k", "v"u8);
        }

        byte[] value = new byte[1_000_000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        store.Set("k", value);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1_000_000, 1_500_000);
        GC.KeepAlive(watch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Store store) => _ = store.Watch().GetAsyncEnumerator();

    /// <summary>Nobody holds the enumerator but the wait itself.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Wait(IStore store, TaskCompletionSource<string> read)
    {
        IAsyncEnumerator<Change> watch = store.Watch().GetAsyncEnumerator();
        ValueTask<bool> next = watch.MoveNextAsync();
        var weak = new WeakReference<IAsyncEnumerator<Change>>(watch);
        _ = Read(next, weak, read);

        static async Task Read(ValueTask<bool> next, WeakReference<IAsyncEnumerator<Change>> weak, TaskCompletionSource<string> read)
        {
            bool came = await next;
            read.SetResult(came && weak.TryGetTarget(out IAsyncEnumerator<Change>? watch) ? watch.Current.Key : "nothing");
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
