using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Disposed while MoveNextAsync is under way, the watch leaves the hub and then throws: the reader is never woken, not even by the store's Dispose.</summary>
public sealed class DisposingAWatchLeavesItsReaderWaiting
{
    [Fact]
    public async Task The_reader_ends()
    {
        using var store = new Store();
        IAsyncEnumerator<Change> watch = store.Watch().GetAsyncEnumerator();
        Task<bool> next = watch.MoveNextAsync().AsTask();
        await Record.ExceptionAsync(async () => await watch.DisposeAsync());
        store.Set("k", "v"u8);
        store.Dispose();
        await Record.ExceptionAsync(() => next.WaitAsync(TimeSpan.FromSeconds(2)));
        Assert.True(next.IsCompleted);
    }
}
