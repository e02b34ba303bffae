using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>What went wrong in the original, each as a test that it does not go wrong here. That memory and durable stores agree is shown by running all of it over both.</summary>
public abstract class KeyValuePitfalls<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Theory]
    [InlineData(StoreLogLevel.Debug, "swept,full")]
    [InlineData(StoreLogLevel.Info, "full")]
    [InlineData(StoreLogLevel.Warning, "full")]
    [InlineData(StoreLogLevel.Error, "")]
    public void The_log_level_is_used(StoreLogLevel level, string expected)
    {
        List<StoreLogEvent> told = [];
        Open(options =>
        {
            options.LogLevel = level;
            options.MaxEntries = 1;
            options.Log = told.Add;
        });
        Store.Set("k", "v"u8, TimeSpan.FromSeconds(1));
        Advance(TimeSpan.FromSeconds(10));   // swept: maintenance
        Store.Set("k", "v"u8);
        Assert.Throws<StoreFullException>(() => Store.Set("l", "v"u8));   // full: a warning

        Assert.All(told, one => Assert.True(one.Level >= level, $"{one} is below {level}"));
        Assert.Equal(expected, string.Join(',', told.Select(one => one.Name).Where(name => name is "swept" or "full").Distinct()));
        Assert.Equal(level <= StoreLogLevel.Info, told.Any(one => one.Name == "opened"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_number_of_versions_is_used(int versions)
    {
        Open(options => options.VersionsToKeep = versions);
        for (int i = 0; i < 10; i++)
        {
            Store.Set("k", [(byte)i]);
        }

        Assert.Equal(Enumerable.Range(0, versions).Select(age => (byte)(9 - age)), Store.History("k").Select(entry => entry.Value.Span[0]));
    }

    [Fact]
    public void A_setting_that_cannot_be_is_refused_and_not_ignored()
    {
        Assert.Contains("VersionsToKeep must be from 1 to 1024, but is 0", Assert.Throws<ArgumentException>(() => new Store(new StoreOptions { VersionsToKeep = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("LogLevel has no value 4", Assert.Throws<ArgumentException>(() => new Store(new StoreOptions { LogLevel = (StoreLogLevel)4 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("options", () => new Store(null!));
        Assert.Throws<ArgumentNullException>("options", () => global::Larder.Store.Open(null!));
    }

    [Fact]
    public async Task A_scan_that_nobody_finishes_holds_no_writer_up()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Store.Set($"k{i:D4}", "old"u8);
        }

        using IEnumerator<Entry> scan = Store.Scan().GetEnumerator();
        Assert.True(scan.MoveNext());
        await Soon(Task.Run(() =>
        {
            for (int i = 0; i < 1_000; i += 10)
            {
                Store.Set($"k{i:D4}", "new"u8);
            }
        }));

        int seen = 1;
        while (scan.MoveNext())
        {
            Assert.Equal("old", Text(scan.Current));
            seen++;
        }

        Assert.Equal(1_000, seen);
        Holds("k0990", "new");
    }

    [Fact]
    public void A_scan_is_in_order_and_can_be_read_in_pages()
    {
        string[] keys = ["b", "a", "ä", "aa", "B", "😀", "\uffff", "a\0"];
        foreach (string key in keys)
        {
            Store.Set(key, "v"u8);
        }

        List<string> paged = [];
        string? after = null;
        while (Store.Scan(after: after, limit: 3).ToList() is { Count: > 0 } page)
        {
            paged.AddRange(page.Select(entry => entry.Key));
            after = page[^1].Key;
        }

        Assert.Equal(["B", "a", "a\0", "aa", "b", "ä", "\uffff", "😀"], paged);
        Assert.Equal(paged, Store.Scan().Select(entry => entry.Key));
        Assert.Equal(paged.AsEnumerable().Reverse(), Store.Scan(reverse: true).Select(entry => entry.Key));
    }

    [Fact]
    public void Kinds_of_errors_are_types()
    {
        Open(options => (options.MaxEntries, options.MaxKeyBytes, options.MaxValueBytes) = (1, 8, 8));
        Store.Set("k", "v"u8);
        var validated = new ValidatedStore(Store, [StoreRules.MaxKeyBytes(4)], []);

        Type[] kinds =
        [
            Kind(() => Store.Set("", "v"u8)), Kind(() => Store.Set("over-long key", "v"u8)), Kind(() => Store.Set("l", "v"u8)),
            Kind(() => Store.Increment("k")), Kind(() => Store.TryGet("k", out string? _)), Kind(() => validated.Set("12345", "v"u8)),
        ];

        Assert.Equal(
            [
                typeof(ArgumentException), typeof(StoreLimitException), typeof(StoreFullException),
                typeof(NotACounterException), typeof(ValueKindException), typeof(StoreRuleException),
            ],
            kinds);
        Store.Dispose();
        Assert.Equal(typeof(ObjectDisposedException), Kind(() => Store.Set("k", "v"u8)));

        static Type Kind(Action call) => Record.Exception(call)!.GetType();
    }

    [Fact]
    public void A_length_is_reported_in_the_unit_it_is_counted_in()
    {
        Open(options => options.MaxKeyBytes = 8);
        var validated = new ValidatedStore(Store, [StoreRules.MaxKeyBytes(4)], []);

        Assert.Equal((8, 10), Refused<StoreLimitException>(() => Store.Set("ééééé", "v"u8), "MaxKeyBytes is 8 bytes, but 10 bytes were given") is var limit ? (limit.Maximum, limit.Actual) : default);
        Refused<StoreRuleException>(() => validated.Set("ééé", "v"u8), "key too long: maximum 4 bytes, got 6");
        Store.Set("éééé", "v"u8);
        validated.Set("éé", "v"u8);
    }
}
