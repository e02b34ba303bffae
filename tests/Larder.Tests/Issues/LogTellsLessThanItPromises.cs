using Xunit;

namespace Larder.Tests.Issues;

/// <summary>StoreLogLevel promises: Debug every merge, Info cleared, Warning a watcher that missed changes. None of the three is told.</summary>
public sealed class LogTellsLessThanItPromises
{
    [Fact]
    public void Cleared_and_missed_are_told()
    {
        var told = new List<string>();
        using var store = new Store(new StoreOptions { Log = e => told.Add(e.Name), LogLevel = StoreLogLevel.Info });
        IAsyncEnumerator<Change> watch = store.Watch().GetAsyncEnumerator();
        for (int i = 0; i < 5_000; i++)
        {
            store.Set("k", "v"u8);
        }

        store.Clear();
        GC.KeepAlive(watch);
        Assert.Contains(told, name => name.Contains("clear", StringComparison.Ordinal));
        Assert.Contains(told, name => name.Contains("miss", StringComparison.Ordinal));
    }
}
