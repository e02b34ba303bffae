using Xunit;

namespace Larder.Tests.Issues;

/// <summary>The flight flows by AsyncLocal into tasks the load does not wait for; what they wait for counts as what the load waits for.</summary>
public sealed class BackgroundTaskOfALoadIsTakenForTheLoad
{
    [Fact]
    public async Task A_task_that_the_load_does_not_wait_for_may_ask_for_the_key()
    {
        using var store = new Store();
        Task<int>? later = null;
        int loaded = await store.GetOrAddAsync("a", (_, _) =>
        {
            later = Task.Run(async () => await store.GetOrAddAsync("a", (_, _) => ValueTask.FromResult(2)));
            SpinWait.SpinUntil(() => later.IsCompleted, 1_000);
            return ValueTask.FromResult(1);
        });
        Assert.Equal(1, loaded);
        Assert.Equal(1, await later!);
    }
}
