using Xunit;

namespace Larder.Tests.Issues;

/// <summary>After Dispose watches end; one that has not read all of the present entries throws instead.</summary>
public sealed class WatchWithCurrentThrowsWhenTheStoreCloses
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_ends(bool includeCurrent)
    {
        using var store = new Store();
        store.Set("a", "v"u8);
        store.Set("b", "v"u8);
        await using IAsyncEnumerator<Change> watch = store.Watch(includeCurrent: includeCurrent).GetAsyncEnumerator();
        store.Set("c", "v"u8);
        Assert.True(await watch.MoveNextAsync());
        store.Dispose();
        while (await watch.MoveNextAsync())
        {
        }
    }
}
