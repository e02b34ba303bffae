using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Flight.Parent and AsyncLocal: a load whose task goes on to the next load, refresh-ahead, keeps every flight, with its result, alive.</summary>
public sealed class LoadsStartedByLoadsAreKeptForEver
{
    private const int Rounds = 200;
    private const int Size = 100_000;

    [Fact]
    public async Task A_chain_of_loads_keeps_no_results()
    {
        using var store = new Store();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var last = new TaskCompletionSource();
        var stay = new TaskCompletionSource();
        _ = Next(store, 0, last, stay.Task);
        await last.Task.WaitAsync(TimeSpan.FromSeconds(20));
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        stay.SetResult();
        Assert.True(kept < Rounds * Size / 4, $"{kept:N0} bytes kept for {Rounds} loads of {Size:N0} bytes, none of which is in the store");
    }

    private static async Task Next(Store store, int round, TaskCompletionSource last, Task stay)
    {
        if (round == Rounds)
        {
            last.SetResult();
            await stay;
            return;
        }

        var done = new TaskCompletionSource();
        await store.GetOrAddAsync($"k{round}", (_, _) =>
        {
            _ = Task.Run(async () =>
            {
                await done.Task;
                await Next(store, round + 1, last, stay);
            }, CancellationToken.None);
            return ValueTask.FromResult(new byte[Size]);
        });
        store.Remove($"k{round}");
        done.SetResult();
    }
}
