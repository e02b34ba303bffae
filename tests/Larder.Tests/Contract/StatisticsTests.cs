using Xunit;

namespace Larder.Tests.Contract;

/// <summary>The figures of a store count what happened, once.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Store _store;

    public StatisticsTests() => _store = new Store(new StoreOptions { TimeProvider = _clock, MaxEntries = 3, WhenFull = WhenFull.Evict, VersionsToKeep = 2 });

    [Fact]
    public void A_new_store_has_nothing_to_tell()
    {
        Assert.Equal(
            new StoreStatistics { Entries = 0, Bytes = 0, Hits = 0, Misses = 0, Evictions = 0, Expirations = 0, LastSequence = 0, Scans = 0, Watchers = 0, Locks = 0, DurableSequence = 0, DiskBytes = 0, Fault = null },
            _store.Statistics);
    }

    [Fact]
    public void Reads_are_hits_or_misses()
    {
        _store.Set("k", "v"u8, TimeSpan.FromTicks(1));
        _store.TryGet("k", out Entry _);
        _store.TryGet("k"u8, out Entry _);
        _store.TryRead("k"u8, new System.Buffers.ArrayBufferWriter<byte>());
        _store.TryGet("absent", out Entry _);
        _clock.Advance(TimeSpan.FromTicks(1));
        _store.TryGet("k", out Entry _);

        Assert.Equal((3, 2), (_store.Statistics.Hits, _store.Statistics.Misses));
    }

    [Fact]
    public void Bytes_are_charged_for_every_kept_version()
    {
        _store.Set("key", new byte[10]);
        Assert.Equal(3 + 10 + 64, _store.Statistics.Bytes);
        _store.Set("key", new byte[20]);
        Assert.Equal((3 + 10 + 64) + (3 + 20 + 64), _store.Statistics.Bytes);
        _store.Set("key", new byte[5]);
        Assert.Equal((3 + 20 + 64) + (3 + 5 + 64), _store.Statistics.Bytes);
        Assert.Equal(1, _store.Statistics.Entries);
        _store.Remove("key");
        Assert.Equal((0, 0), (_store.Statistics.Bytes, _store.Statistics.Entries));
    }

    [Fact]
    public void Evictions_expirations_and_commits_are_counted()
    {
        for (int i = 0; i < 5; i++)
        {
            _store.Set($"k{i}", "v"u8);
        }

        Assert.Equal((3, 2, 5), (_store.Statistics.Entries, _store.Statistics.Evictions, _store.Statistics.LastSequence));
        _store.RemovePrefix("k");
        _store.Set("due", "v"u8, TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((0, 1, 2), (_store.Statistics.Entries, _store.Statistics.Expirations, _store.Statistics.Evictions));

        long last = _store.Statistics.LastSequence;
        _store.Write(new WriteBatch().Set("a", "v"u8).Set("b", "v"u8));
        Assert.Equal(last + 1, _store.Statistics.LastSequence);
        _store.Remove("absent");
        Assert.Equal(last + 1, _store.Statistics.LastSequence);
    }

    [Fact]
    public async Task What_is_under_way_is_counted_while_it_is()
    {
        _store.Set("k", "v"u8);
        IEnumerator<Entry> scan = _store.Scan().GetEnumerator();
        IAsyncEnumerator<Change> watch = _store.Watch().GetAsyncEnumerator();
        KeyLock held = _store.Lock("k");
        Assert.True(scan.MoveNext());
        Assert.Equal((1, 1, 1), (_store.Statistics.Scans, _store.Statistics.Watchers, _store.Statistics.Locks));

        scan.Dispose();
        await watch.DisposeAsync();
        held.Dispose();
        Assert.Equal((0, 0, 0), (_store.Statistics.Scans, _store.Statistics.Watchers, _store.Statistics.Locks));
    }

    public void Dispose()
    {
        _store.VerifyIntegrity();
        _store.Dispose();
    }
}
