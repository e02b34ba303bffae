using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Flight.Parent and AsyncLocal: a load whose task goes on to the next load, refresh-ahead, keeps every flight, with its result, alive.</summary>
public sealed class LoadsStartedByLoadsAreKeptForEver
{
    private const int Rounds = 200;

    [Fact]
    public async Task A_chain_of_loads_keeps_no_results()
    {
        using var store = new Store();
        var results = new ConcurrentBag<WeakReference>();
        var last = new TaskCompletionSource();
        var stay = new TaskCompletionSource();
        _ = Next(store, 0, results, last, stay.Task);
        await last.Task.WaitAsync(TimeSpan.FromSeconds(20));
        int kept = Rounds;
        for (int attempt = 0; attempt < 100 && kept > Rounds / 10; attempt++)
        {
            // Tasks that have ended may still be on their way out of other threads.
            await Task.Delay(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            kept = results.Count(result => result.IsAlive);
        }

        stay.SetResult();

        Assert.Equal(Rounds, results.Count);
        Assert.InRange(kept, 0, Rounds / 10);   // the last few may still stand on somebody's stack
    }

    private static async Task Next(Store store, int round, ConcurrentBag<WeakReference> results, TaskCompletionSource last, Task stay)
    {
        if (round == Rounds)
        {
            last.SetResult();
            await stay;
            return;
        }

        var done = new TaskCompletionSource();
        Entry? entry = await store.LoadAsync($"k{round}", (_, _) =>
        {
            _ = Task.Run(async () =>
            {
                await done.Task;
                await Next(store, round + 1, results, last, stay);
            }, CancellationToken.None);
            return ValueTask.FromResult<LoadedValue?>(new LoadedValue(new byte[100], ValueKind.Bytes));
        });
        Assert.True(MemoryMarshal.TryGetArray(entry!.Value.Value, out ArraySegment<byte> array));
        results.Add(new WeakReference(array.Array));
        store.Remove($"k{round}");
        done.SetResult();
    }
}
