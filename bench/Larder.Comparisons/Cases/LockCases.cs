using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Cases;

/// <summary>A lock on a key that nobody else wants, against one semaphore that is entered and left.</summary>
internal static class LockCases
{
    public const string Semaphore = "one SemaphoreSlim";

    public const int LockedKeys = 4_096;

    public static void Measure(Run run)
    {
        using var store = new Store();
        using var semaphore = new SemaphoreSlim(1, 1);
        string[] keys = Keys.Lookups(Keys.Range(0, LockedKeys), run.Effort.Operations, seed: 7);
        run.Measure(
            Work.LockSync,
            LockedKeys,
            1,
            [
                Contender.Fixed("Larder", keys.Length, 1, (_, from, to) => Lock(store, keys, from, to)),
                Contender.Fixed(Semaphore, keys.Length, 1, (_, from, to) => Enter(semaphore, from, to)),
            ]);
        run.Measure(
            Work.LockAsync,
            LockedKeys,
            1,
            [
                Contender.Fixed("Larder", keys.Length, 1, (_, from, to) => LockAsync(store, keys, from, to).GetAwaiter().GetResult()),
                Contender.Fixed(Semaphore, keys.Length, 1, (_, from, to) => EnterAsync(semaphore, from, to).GetAwaiter().GetResult()),
            ]);
    }

    private static void Lock(Store store, string[] keys, int from, int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            using KeyLock held = store.Lock(keys[i]);
            sum += held.Token;
        }

        Sink.Take(sum);
    }

    private static async Task LockAsync(Store store, string[] keys, int from, int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            await using KeyLock held = await store.LockAsync(keys[i]);
            sum += held.Token;
        }

        Sink.Take(sum);
    }

    private static void Enter(SemaphoreSlim semaphore, int from, int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            semaphore.Wait();
            try
            {
                sum += i;
            }
            finally
            {
                semaphore.Release();
            }
        }

        Sink.Take(sum);
    }

    private static async Task EnterAsync(SemaphoreSlim semaphore, int from, int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            await semaphore.WaitAsync();
            try
            {
                sum += i;
            }
            finally
            {
                semaphore.Release();
            }
        }

        Sink.Take(sum);
    }
}
