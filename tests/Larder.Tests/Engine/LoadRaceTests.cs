using Xunit;

namespace Larder.Tests.Engine;

public sealed class LoadRaceTests
{
    [Fact]
    public async Task Who_asks_after_a_removal_is_not_given_what_was_loaded_before_it()
    {
        using var store = new Store();
        var stale = new TaskCompletionSource<string>();
        Task<string> before = store.GetOrAddAsync("a", (_, _) => new ValueTask<string>(stale.Task)).AsTask();

        store.Remove("a");
        Task<string> after = store.GetOrAddAsync("a", (_, _) => new ValueTask<string>("fresh")).AsTask();
        stale.SetResult("stale");

        Assert.Equal("stale", await before);
        Assert.Equal("fresh", await after);
        Assert.True(store.TryGet("a", out string? kept));
        Assert.Equal("fresh", kept);
    }
}
