using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Flight.WaitsFor is one field; a load that waits for two others at once overwrites it, and Leave clears it while the other wait goes on.</summary>
public sealed class TwoWaitsOfOneLoadHideACircle
{
    [Fact]
    public async Task A_circle_through_the_first_of_two_waits_is_refused()
    {
        using var store = new Store();
        var bRuns = new TaskCompletionSource();
        var aWaits = new TaskCompletionSource();
        Task<int> b = store.GetOrAddAsync("b", async (_, _) =>
        {
            bRuns.SetResult();
            await aWaits.Task;
            return await store.GetOrAddAsync("a", (_, _) => ValueTask.FromResult(1), cancellationToken: CancellationToken.None);
        }).AsTask();
        await bRuns.Task;
        Task<int> a = store.GetOrAddAsync("a", async (_, _) =>
        {
            Task<int> first = store.GetOrAddAsync("b", (_, _) => ValueTask.FromResult(1), cancellationToken: CancellationToken.None).AsTask();
            await store.GetOrAddAsync("c", (_, _) => ValueTask.FromResult(1), cancellationToken: CancellationToken.None);
            aWaits.SetResult();
            return await first;
        }).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(a, b).WaitAsync(TimeSpan.FromSeconds(3)));
    }
}
