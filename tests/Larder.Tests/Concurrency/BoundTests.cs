using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>Everything at once on a small store, with more threads than cores, while somebody who takes no part watches its bounds.</summary>
[Collection(nameof(Concurrency))]
public sealed class BoundTests
{
    private const int Writers = 8;
    private const int CallsEach = 30_000;
    private const int Keys = 400;

    public static TheoryData<WhenFull, long?, long?, int> Bounds => new()
    {
        { WhenFull.Evict, 100, null, 1 },
        { WhenFull.Evict, null, 12_000, 1 },
        { WhenFull.Evict, 80, 20_000, 3 },
        { WhenFull.Refuse, 100, 12_000, 2 },
        { WhenFull.Refuse, null, null, 3 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_store_under_stress_stays_whole_and_within_its_bounds(WhenFull whenFull, long? maxEntries, long? maxBytes, int versions)
    {
        var clock = new ManualTimeProvider();
        using var store = new Store(new StoreOptions
        {
            WhenFull = whenFull,
            MaxEntries = maxEntries,
            MaxBytes = maxBytes,
            VersionsToKeep = versions,
            TimeProvider = clock,
        });
        long mostEntries = 0;
        long mostBytes = 0;
        long mostScanned = 0;

        Together.Run(
            Writers,
            writer =>
            {
                for (int i = 0; i < CallsEach; i++)
                {
                    Mixed(store, string.Create(CultureInfo.InvariantCulture, $"{Perturbation.Next(4)}:{Perturbation.Next(Keys)}"));
                    if (writer == 0 && i % 16 == 0)
                    {
                        clock.Advance(TimeSpan.FromMilliseconds(50));
                    }
                }
            },
            1,
            _ =>
            {
                StoreStatistics now = store.Statistics;
                mostEntries = Math.Max(mostEntries, now.Entries);
                mostBytes = Math.Max(mostBytes, now.Bytes);
                mostScanned = Math.Max(mostScanned, store.Scan().LongCount());
            });

        Assert.InRange(mostEntries, 1, maxEntries ?? long.MaxValue);
        Assert.InRange(mostScanned, 1, maxEntries ?? long.MaxValue);
        Assert.InRange(mostBytes, 1, maxBytes ?? long.MaxValue);
        store.VerifyIntegrity();
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(store.Scan().LongCount(), store.Statistics.Entries);
        Assert.Equal(store.Count(), store.Statistics.Entries);
        store.Clear();
        store.VerifyIntegrity();
        Assert.Equal((0, 0), (store.Statistics.Entries, store.Statistics.Bytes));
    }

    private static void Mixed(Store store, string key)
    {
        try
        {
            Expiry expiry = Perturbation.Next(3) == 0 ? Expiry.In(TimeSpan.FromMilliseconds(Perturbation.Next(3_000))) : default;
            switch (Perturbation.Next(16))
            {
                case < 5:
                    store.Set(key, new byte[Perturbation.Next(120)], expiry);
                    break;
                case < 7:
                    store.TryGet(key, out _);
                    break;
                case 7:
                    store.TryAdd(key, "7"u8, expiry);
                    break;
                case 8:
                    store.TryUpdate(key, new byte[Perturbation.Next(60)], store.TryGet(key, out Entry entry) ? entry.Version : 0, expiry);
                    break;
                case 9:
                    store.Remove(key);
                    break;
                case 10:
                    store.Touch(key, expiry);
                    break;
                case 11:
                    store.Increment($"{key}:count", 1, expiry);
                    break;
                case 12:
                    store.Write(new WriteBatch().Set(key, "a"u8, expiry).Remove($"{key}:count").Set($"{key}:b", new byte[Perturbation.Next(60)]));
                    break;
                case 13:
                    store.GetOrAdd(key, static _ => "made"u8.ToArray(), expiry);
                    break;
                case 14:
                    _ = store.Scan(key[..2], limit: 10).Count();
                    break;
                default:
                    Rarely(store, key);
                    break;
            }
        }
        catch (Exception refused) when (refused is StoreFullException or NotACounterException or ValueKindException)
        {
            // A full store says so; keys are shared by all kinds of values.
        }
    }

    private static void Rarely(Store store, string key)
    {
        switch (Perturbation.Next(50))
        {
            case 0:
                store.Clear();
                break;
            case 1:
                store.RemovePrefix(key[..2]);
                break;
            default:
                store.History(key);
                break;
        }
    }
}
