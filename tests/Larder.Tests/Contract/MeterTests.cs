using System.Diagnostics.Metrics;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>The meter tells a listener what the statistics tell a caller.</summary>
public sealed class MeterTests
{
    [Fact]
    public void The_instruments_follow_the_store()
    {
        // Figures of other stores that run beside this test come in as well, so this store has figures that no other has.
        using var store = new Store(new StoreOptions { MaxEntries = 104_729, WhenFull = WhenFull.Evict });
        for (int i = 0; i < 104_729 + 1_299; i++)
        {
            store.Set($"{i:d6}", [1]);
        }

        for (int i = 0; i < 7_919; i++)
        {
            store.TryGet("absent", out Entry _);
        }

        string last = $"{104_729 + 1_298:d6}";
        for (int i = 0; i < 6_007; i++)
        {
            store.TryGet(last, out Entry _);
        }

        HashSet<(string Name, long Value, string? Type)> seen = Observe();

        Assert.Contains(("dotnet.cache.requests", 6_007, "hit"), seen);
        Assert.Contains(("dotnet.cache.requests", 7_919, "miss"), seen);
        Assert.Contains(("dotnet.cache.evictions", 1_299, null), seen);
        Assert.Contains(("dotnet.cache.entries", 104_729, null), seen);
        Assert.Contains(("dotnet.cache.estimated_size", 104_729L * (6 + 1 + 64), null), seen);

        store.Dispose();
        Assert.DoesNotContain(("dotnet.cache.entries", 104_729, null), Observe());
    }

    private static HashSet<(string Name, long Value, string? Type)> Observe()
    {
        var seen = new HashSet<(string, long, string?)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Larder")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string? type = null;
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                type = tag.Key == "dotnet.cache.request.type" ? tag.Value as string : type;
            }

            seen.Add((instrument.Name, value, type));
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
