using System.Diagnostics.CodeAnalysis;

namespace Larder.Tests.Child;

/// <summary>
/// Many threads on a small cache whose keys and values are objects, while the collector is at work as the environment or the arguments ask: everything that is found
/// must be whole and belong to its key. Says on its standard error how often the collector ran meanwhile, whether it ran at every allocation, and whether it moved what it kept.
/// </summary>
/// <remarks><c>calls</c>: by each thread; <c>collect</c>: one more thread collects all the time; <c>unfinalized</c>: no finalizer runs (see <see cref="FinalizerPause"/>).</remarks>
internal static class Churner
{
    private const int Threads = 4;
    private const int Keys = 300;

    private static readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(number => $"key {number}")];

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    public static int Run(Arguments arguments)
    {
        int calls = (int)arguments.Number("calls", 20_000);
        using FinalizerPause? pause = arguments.Has("unfinalized") ? new FinalizerPause() : null;
        bool isStressed = IsCollectedAtEveryAllocation();
        long removed = 0;
        Exception? failure = null;
        using var cache = new Cache<string, Value>(new CacheOptions<string, Value> { Capacity = 100, Removed = (_, _, _) => Interlocked.Increment(ref removed) });
        int before = GC.CollectionCount(0);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            try
            {
                Churn(cache, new Random(thread), calls);
            }
            catch (Exception error)
            {
                failure = error;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        while (arguments.Has("collect") && threads.Any(thread => thread.IsAlive))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }

        Array.ForEach(threads, thread => thread.Join());
        int collections = GC.CollectionCount(0) - before;
        bool isCompacted = GC.GetGCMemoryInfo(GCKind.FullBlocking).Compacted;
        (int count, _) = cache.VerifyIntegrity();
        Console.Error.WriteLine($"calls {Threads * calls} collections {collections} stressed {isStressed} compacted {isCompacted} removed {removed} held {count}");
        Console.Error.WriteLine(failure?.ToString() ?? "whole");
        return failure is null && count is > 0 and <= 100 && removed > 0 ? 0 : 1;
    }

    private static bool IsCollectedAtEveryAllocation()
    {
        int before = GC.CollectionCount(0);
        for (int i = 0; i < 100; i++)
        {
            GC.KeepAlive(new Value("probe", i));
        }

        return GC.CollectionCount(0) - before >= 50;
    }

    private static void Churn(Cache<string, Value> cache, Random random, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            string key = _keys[Math.Min(random.Next(Keys), random.Next(Keys))];
            switch (random.Next(10))
            {
                case < 5:
                    if (cache.TryGet(key, out Value? found))
                    {
                        found.Check(key);
                    }

                    break;
                case < 8:
                    cache.Set(new string(key.AsSpan()), new Value(key, i), random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(200)) : default(Expiry));
                    break;
                case 8:
                    cache.GetOrAdd(key, static key => new Value(key, 0)).Check(key);
                    break;
                default:
                    if (cache.TryRemove(key, out Value? removed))
                    {
                        removed.Check(key);
                    }

                    break;
            }
        }
    }

    /// <summary>An object that shows whether it is the one that was stored, and still alive.</summary>
    private sealed class Value(string key, int number)
    {
        private readonly string _key = key;
        private readonly int[] _numbers = [number, ~number];

        public void Check(string key)
        {
            if (_key != key || _numbers[0] != ~_numbers[1])
            {
                throw new InvalidOperationException($"under '{key}' was what belongs to '{_key}', or what is left of it.");
            }
        }
    }
}
