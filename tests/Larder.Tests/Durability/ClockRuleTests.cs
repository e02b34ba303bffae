using Larder.Durability;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>Deadlines across restarts: a store's clock is never earlier than the newest time in its files.</summary>
public sealed class ClockRuleTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly StoreOnDisk _disk = new();

    public static TheoryData<DurabilityMode> Modes => [DurabilityMode.Snapshot, DurabilityMode.Interval, DurabilityMode.Commit];

    public void Dispose() => _disk.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public void What_expired_while_the_store_was_closed_is_gone(DurabilityMode mode)
    {
        using (Store store = At(_start, mode))
        {
            store.Set("short", "x", TimeSpan.FromMinutes(1));
            store.Set("long", "x", TimeSpan.FromHours(1));
        }

        using (Store store = At(_start.AddMinutes(5), mode))
        {
            Assert.Equal(["long"], Keys(store));
            Assert.Equal(_start.AddHours(1), Find(store, "long").ExpiresAt);
        }

        using Store later = At(_start.AddYears(10), mode);
        Assert.Equal(0, later.Count());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_deadline_is_exact_to_the_tick(DurabilityMode mode)
    {
        using (Store store = At(_start, mode))
        {
            store.Set("key", "x", _start.AddMinutes(1));
        }

        using (Store store = At(_start.AddMinutes(1).AddTicks(-1), mode))
        {
            Assert.Equal(1, store.Count());
        }

        using Store due = At(_start.AddMinutes(1), mode);
        Assert.Equal(0, due.Count());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_clock_that_was_set_back_lengthens_no_life_and_brings_nothing_back(DurabilityMode mode)
    {
        var time = new ManualTimeProvider(_start);
        using (Store store = _disk.Open(mode: mode, time: time))
        {
            store.Set("short", "x", TimeSpan.FromMinutes(10));
            store.Set("long", "x", TimeSpan.FromMinutes(90));
            time.Advance(TimeSpan.FromHours(1));
            store.Set("now", "x");
            Assert.Equal(["long", "now"], Keys(store));
        }

        time = new ManualTimeProvider(_start.AddDays(-1));
        using (Store store = _disk.Open(mode: mode, time: time))
        {
            Assert.Equal(["long", "now"], Keys(store));
            time.Advance(TimeSpan.FromMinutes(30).Add(TimeSpan.FromTicks(-1)));
            Assert.Equal(["long", "now"], Keys(store));
            time.Advance(TimeSpan.FromTicks(1));   // an hour and a half by the store's clock
            Assert.Equal(["now"], Keys(store));
            store.Set("new", "x", TimeSpan.FromMinutes(1));
            Assert.Equal(_start.AddMinutes(91), Find(store, "new").ExpiresAt);
        }

        using Store again = At(_start.AddDays(-2), mode);
        Assert.Equal(["new", "now"], Keys(again));
    }

    [Fact]
    public void Without_a_clean_close_the_newest_time_in_the_log_counts()
    {
        var time = new ManualTimeProvider(_start);
        Store crashed = _disk.Open(time: time);
        crashed.Set("short", "x", TimeSpan.FromMinutes(10));
        time.Advance(TimeSpan.FromHours(1));
        crashed.Set("now", "x");
        string copy = _disk.Under("copy");
        Directory.CreateDirectory(copy);
        foreach (string file in _disk.Files().Where(file => Path.GetFileName(file) != FileName.Lock))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        crashed.Dispose();
        using Store store = _disk.Open(path: copy, time: new ManualTimeProvider(_start));

        Assert.Equal(["now"], Keys(store));
        store.Set("new", "x", TimeSpan.FromMinutes(1));
        Assert.Equal(_start.AddMinutes(61), Find(store, "new").ExpiresAt);
    }

    [Fact]
    public void A_clock_that_jumped_ahead_and_back_has_taken_what_it_took()
    {
        using (Store store = At(_start, DurabilityMode.Commit))
        {
            store.Set("key", "x", TimeSpan.FromDays(30));
            store.Set("stays", "x");
        }

        using (Store ahead = At(_start.AddYears(1), DurabilityMode.Commit))
        {
            Assert.Equal(["stays"], Keys(ahead));
        }

        using Store back = At(_start.AddDays(1), DurabilityMode.Commit);
        Assert.Equal(["stays"], Keys(back));
    }

    [Fact]
    public void Whoever_only_reads_goes_by_the_same_clock()
    {
        var time = new ManualTimeProvider(_start);
        using (Store store = _disk.Open(time: time))
        {
            store.Set("short", "x", TimeSpan.FromMinutes(10));
            time.Advance(TimeSpan.FromHours(1));
            store.Set("now", "x");
        }

        using Store reader = Store.Open(new StoreOptions { Path = _disk.Path, ReadOnly = true, TimeProvider = new ManualTimeProvider(_start) });
        Assert.Equal(["now"], Keys(reader));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_latest_deadlines_survive(int ticksBefore)
    {
        DateTimeOffset deadline = DateTimeOffset.MaxValue.AddTicks(-ticksBefore);
        DateTimeOffset? before;
        using (Store store = At(_start, DurabilityMode.Commit))
        {
            store.Set("key", "x", deadline);
            before = Find(store, "key").ExpiresAt;
            store.Compact();
        }

        using Store reopened = At(_start.AddYears(100), DurabilityMode.Commit);
        Assert.Equal(before, Find(reopened, "key").ExpiresAt);
    }

    private Store At(DateTimeOffset now, DurabilityMode mode) => _disk.Open(mode: mode, time: new ManualTimeProvider(now));

    private static IEnumerable<string> Keys(Store store) => store.Scan().Select(entry => entry.Key);

    private static Entry Find(Store store, string key) => store.TryGet(key, out Entry entry) ? entry : throw new KeyNotFoundException(key);
}
