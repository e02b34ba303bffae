using Xunit;

namespace Larder.Tests.Issues;

/// <summary>StoreLogLevel promised merges, clears and missed changes, of which nothing was told. It promises four events now, and all of them are told.</summary>
public sealed class LogTellsLessThanItPromises
{
    private readonly List<StoreLogEvent> _told = [];
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Opened_swept_and_closed_are_told()
    {
        Store store = Open();
        store.Set("k", "v"u8, TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(2));
        store.Dispose();
        Assert.Equal(
            [(StoreLogLevel.Info, "opened"), (StoreLogLevel.Debug, "swept"), (StoreLogLevel.Info, "closed")],
            _told.Select(told => (told.Level, told.Name)));
    }

    [Fact]
    public void A_full_store_is_told()
    {
        using Store store = Open();
        store.Set("k", "v"u8);
        Assert.Throws<StoreFullException>(() => store.Set("l", "v"u8));
        Assert.Contains(_told, told => told is { Level: StoreLogLevel.Warning, Name: "full" });
    }

    private Store Open() => new(new StoreOptions { MaxEntries = 1, TimeProvider = _clock, Log = _told.Add, LogLevel = StoreLogLevel.Debug });
}
