using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>Everything at once on a durable store, with a log so small that it rotates and makes checkpoints all the time; then it is opened again and compared.</summary>
[Collection(nameof(RealFiles))]
public sealed class StressTests
{
    private const int Writers = 8;
    private const int Keys = 200;

    private static int StepsEach => RealFiles.IsSlow ? 40_000 : 1_500;

    [Theory]
    [InlineData(DurabilityMode.Commit, WhenFull.Refuse)]
    [InlineData(DurabilityMode.Interval, WhenFull.Refuse)]
    [InlineData(DurabilityMode.Snapshot, WhenFull.Refuse)]
    [InlineData(DurabilityMode.Commit, WhenFull.Evict)]
    [InlineData(DurabilityMode.Interval, WhenFull.Evict)]
    public void What_memory_holds_is_what_comes_back(DurabilityMode mode, WhenFull whenFull)
    {
        using var scratch = new TemporaryDirectory();
        var options = new StoreOptions
        {
            Path = scratch.Under("store"),
            Durability = mode,
            FlushInterval = TimeSpan.FromMilliseconds(3),
            VersionsToKeep = 3,
            MaxEntries = whenFull == WhenFull.Evict ? Keys / 2 : null,
            WhenFull = whenFull,
        };
        long total = 0;
        for (int opening = 0; opening < 3; opening++)
        {
            Store store = TinyStore.Open(options);
            total += Work(store);
            Assert.Null(store.Statistics.Fault);
            store.VerifyIntegrity();
            Assert.Equal(0, store.Statistics.Locks);
            List<string> before = Lasting(store);
            store.Dispose();

            using Store reopened = TinyStore.Open(options);
            reopened.VerifyIntegrity();
            Assert.InRange(reopened.Statistics.LastSequence, store.Statistics.LastSequence, long.MaxValue);   // it may have expired some since
            Assert.Equal(before, Lasting(reopened));
        }

        Figures.Print($"durable stress, {mode}, {whenFull}: {total} calls of {Writers} writers with rotation and checkpoints, differences after opening 0");
    }

    private static long Work(Store store)
    {
        long calls = 0;
        long sum = 0;
        Exception? failure = null;
        string run = Guid.NewGuid().ToString("N");
        Thread[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            var random = new Random(writer);
            try
            {
                for (int step = 0; step < StepsEach; step++)
                {
                    Interlocked.Add(ref sum, Step(store, random, run, writer));
                    Interlocked.Increment(ref calls);
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        }))];
        Array.ForEach(writers, thread => thread.Start());
        Array.ForEach(writers, thread => thread.Join());
        Assert.Null(failure);
        if (store.Statistics.Evictions == 0)
        {
            Assert.Equal(sum, store.TryGet($"sum{run}", out long counted) ? counted : 0);
        }

        return calls;
    }

    /// <summary>One call. Returns what it added to the sum.</summary>
    private static long Step(Store store, Random random, string run, int writer)
    {
        string key = $"key{random.Next(Keys)}";
        byte[] value = new byte[random.Next(40) == 0 ? random.Next(9000) : random.Next(100)];
        random.NextBytes(value);
        switch (random.Next(12))
        {
            case < 4:
                store.Set(key, value);
                return 0;
            case 4:
                store.Set(key, value, TimeSpan.FromMilliseconds(random.Next(1, 50)));
                return 0;
            case 5:
                store.Remove(key);
                return 0;
            case 6:
                store.Increment($"sum{run}");
                return 1;
            case 7:
                store.Write(new WriteBatch().Increment($"sum{run}", 3).Set($"twin{writer}a", value).Remove(key).Set($"twin{writer}b", value));
                return 3;
            case 8:
                store.Touch(key, TimeSpan.FromDays(random.Next(1, 9)));
                return 0;
            case 9:
                using (store.Lock($"lock{random.Next(4)}"))
                {
                    long version = store.TryGet(key, out Entry entry) ? entry.Version : 0;
                    _ = version == 0 ? store.TryAdd(key, value) : store.TryUpdate(key, value, version);
                }

                return 0;
            case 10 when random.Next(20) == 0:
                store.RemovePrefix($"key{random.Next(10)}");
                return 0;
            case 11 when random.Next(50) == 0:
                store.Compact();
                return 0;
            case 11 when random.Next(10) == 0:
                store.Flush();
                return 0;
            default:
                store.SetAsync(key, value).AsTask().GetAwaiter().GetResult();
                return 0;
        }
    }

    /// <summary>Everything with its history, but for what is about to expire.</summary>
    private static List<string> Lasting(Store store)
    {
        DateTimeOffset soon = TimeProvider.System.GetUtcNow().AddHours(1);
        return
        [
            .. store.Scan()
                .Where(entry => entry.ExpiresAt is not { } deadline || deadline > soon)
                .SelectMany(entry => store.History(entry.Key))
                .Select(entry => $"{entry.Key} {entry.Version} {entry.Kind} {entry.ExpiresAt?.UtcTicks} {Convert.ToHexString(entry.Value.Span)}"),
        ];
    }
}
