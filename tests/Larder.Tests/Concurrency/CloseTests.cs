using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>A store may be closed at any moment: whoever is in the middle of something finishes or is told so, and nobody hangs.</summary>
[Collection(nameof(Concurrency))]
public sealed class CloseTests
{
    private const int Rounds = 25;

    [Fact]
    public void Closing_meets_every_member_and_nobody_hangs()
    {
        int told = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var store = new Store(new StoreOptions { MaxEntries = 50, WhenFull = WhenFull.Evict });
            Action<Store, string>[] members = Members();
            using var enough = new CountdownEvent(200);
            Action[] works = [.. members.Select(member => (Action)(() =>
            {
                try
                {
                    while (true)
                    {
                        member(store, string.Create(CultureInfo.InvariantCulture, $"{Perturbation.Next(100)}"));
                        Count(enough);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref told);
                }
            }))];
            Together.Run([.. works, () => AwaitEnd(store, enough), () => Close(store, enough)]);
            store.Dispose();
            Assert.Equal((0, 0), (store.Statistics.Watchers, store.Statistics.Locks));
        }

        Assert.Equal(Rounds * Members().Length, told);
    }

    private static Action<Store, string>[] Members() =>
    [
        static (store, key) => store.Set(key, "v"u8, TimeSpan.FromMilliseconds(Perturbation.Next(20))),
        static (store, key) => store.TryGet(key, out _),
        static (store, key) => store.Increment($"count:{key}"),
        static (store, key) => store.SetAsync(key, "v"u8).AsTask().GetAwaiter().GetResult(),
        static (store, key) => _ = store.Scan().Count(),
        static (store, key) => store.Write(new WriteBatch().Set(key, "b"u8).Remove($"count:{key}")),
        static (store, key) => store.GetOrAdd($"load:{key}", static _ => "made"),
        static (store, key) => store.Lock("one").Dispose(),
        static (store, key) => store.LockAsync("one").AsTask().GetAwaiter().GetResult().Dispose(),
        static (store, key) => store.RemovePrefix("1"),
        static (store, key) => store.Clear(),
    ];

    private static void Count(CountdownEvent enough)
    {
        if (!enough.IsSet)
        {
            try
            {
                enough.Signal();
            }
            catch (InvalidOperationException)
            {
                // Somebody else was the last.
            }
        }
    }

    private static void AwaitEnd(Store store, CountdownEvent enough)
    {
        try
        {
            _ = store.Watch().ToBlockingEnumerable().Count();
        }
        catch (ObjectDisposedException)
        {
            Assert.True(enough.IsSet, "closed before the watch began");
        }
    }

    private static void Close(Store store, CountdownEvent enough)
    {
        enough.Wait();
        store.Dispose();
    }
}
