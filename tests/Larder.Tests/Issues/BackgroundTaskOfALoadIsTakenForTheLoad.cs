using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Whose load asks is told by the execution context, which flows into tasks that the load does not wait for. Nobody can see whether it is going to; so while
/// it runs they count as the load, and from its end on they are nobody's.
/// </summary>
public sealed class BackgroundTaskOfALoadIsTakenForTheLoad
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_task_that_outlives_the_load_may_ask_for_the_key()
    {
        using var store = new Store();
        var ended = new TaskCompletionSource();
        Task<int>? later = null;
        int loaded = await store.GetOrAddAsync("a", (_, _) =>
        {
            later = Task.Run(async () =>
            {
                await ended.Task;
                return await store.GetOrAddAsync("a", (_, _) => ValueTask.FromResult(2));
            });
            return ValueTask.FromResult(1);
        });
        store.Remove("a");
        ended.SetResult();
        Assert.Equal(1, loaded);
        Assert.Equal(2, await later!.WaitAsync(_soon));
    }

    [Fact]
    public async Task What_an_ended_load_left_behind_closes_no_circle()
    {
        using var store = new Store();
        var ended = new TaskCompletionSource();
        var bRuns = new TaskCompletionSource();
        var aIsThere = new TaskCompletionSource();
        Task<int>? left = null;
        Task<int> b = store.GetOrAddAsync("b", async (_, _) =>
        {
            bRuns.SetResult();
            await aIsThere.Task;
            return await store.GetOrAddAsync("a", (_, _) => ValueTask.FromResult(3), cancellationToken: CancellationToken.None);
        }).AsTask();
        await bRuns.Task;
        await store.GetOrAddAsync("a", (_, _) =>
        {
            left = store.GetOrAddAsync("b", (_, _) => ValueTask.FromResult(0), cancellationToken: CancellationToken.None).AsTask();   // begun in the load, never awaited by it
            return ValueTask.FromResult(1);
        });
        store.Remove("a");
        aIsThere.SetResult();
        Assert.Equal(3, await b.WaitAsync(_soon));
        Assert.Equal(3, await left!.WaitAsync(_soon));
    }

    [Fact]
    public async Task While_the_load_runs_its_task_is_refused_and_does_not_wait()
    {
        using var store = new Store();
        await store.GetOrAddAsync("a", async (_, _) =>
        {
            Task<int> inside = Task.Run(async () => await store.GetOrAddAsync("a", (_, _) => ValueTask.FromResult(2)));
            await Assert.ThrowsAsync<InvalidOperationException>(() => inside.WaitAsync(_soon));
            return 1;
        });
        Assert.True(store.Exists("a"));
    }

    [Fact]
    public async Task A_task_without_the_loads_context_is_not_taken_for_it()
    {
        using var store = new Store();
        Task<int>? later = null;
        int loaded = await store.GetOrAddAsync("a", (_, _) =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                later = Task.Run(async () => await store.GetOrAddAsync("a", (_, _) => ValueTask.FromResult(2)));
            }

            return ValueTask.FromResult(1);
        });
        Assert.Equal(1, loaded);
        Assert.Equal(1, await later!.WaitAsync(_soon));
    }

    [Fact]
    public async Task Loads_that_share_what_they_wait_for_are_no_circle()
    {
        using var store = new Store();
        async ValueTask<long> Fibonacci(int n)
        {
            return n < 2 ? n : await store.GetOrAddAsync($"fib:{n}", async (_, _) =>
            {
                await Task.Yield();
                Task<long> one = Fibonacci(n - 1).AsTask();
                Task<long> two = Fibonacci(n - 2).AsTask();
                return await one + await two;
            });
        }

        Assert.Equal(12_586_269_025, await Fibonacci(50).AsTask().WaitAsync(_soon));
    }
}
