using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Counting and removing what lies under a prefix, or everything.</summary>
public abstract class PrefixContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Count_counts_what_starts_with_the_prefix()
    {
        foreach (string key in new[] { "a", "a:", "a:1", "a:2", "a;", "b", "ä", "äa" })
        {
            Store.Set(key, "v"u8);
        }

        Assert.Equal(8, Store.Count());
        Assert.Equal(8, Store.Count(""));
        Assert.Equal(5, Store.Count("a"));
        Assert.Equal(3, Store.Count("a:"));
        Assert.Equal(2, Store.Count("ä"));
        Assert.Equal(0, Store.Count("a:1:"));
        Assert.Equal(0, Store.Count("zebra"));
    }

    [Fact]
    public void RemovePrefix_removes_what_starts_with_it_and_says_how_many()
    {
        foreach (string key in new[] { "a", "a:", "a:1", "a:2", "a;", "b" })
        {
            Store.Set(key, "v"u8);
        }

        Assert.Equal(3, Store.RemovePrefix("a:"));
        Assert.Equal(0, Store.RemovePrefix("a:"));

        Assert.Equal(["a", "a;", "b"], Store.Scan().Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.Equal(3, Store.RemovePrefix(""));
        Assert.Equal(0, Store.Count());
    }

    [Fact]
    public void RemovePrefix_takes_many()
    {
        for (int i = 0; i < 3_000; i++)
        {
            Store.Set($"{(i % 2 == 0 ? "even" : "odd")}:{i}", "v"u8);
        }

        Assert.Equal(1_500, Store.RemovePrefix("even:"));
        Assert.Equal(1_500, Store.Count());
        Assert.Equal(1_500, Store.Count("odd:"));
    }

    [Fact]
    public void Clear_removes_everything_and_the_store_goes_on()
    {
        for (int i = 0; i < 100; i++)
        {
            Store.Set($"k{i}", "v"u8);
        }

        Store.Clear();

        Assert.Equal(0, Store.Count());
        Assert.Empty(Store.Scan());
        IsAbsent("k1");
        Store.Clear();
        Store.Set("k1", "again"u8);
        Holds("k1", "again");
        Assert.Equal(1, Store.Count());
    }

    [Fact]
    public async Task Flush_returns_when_all_is_stored()
    {
        if (Lacks(StoreFeatures.Flush, Store.Flush))
        {
            return;
        }

        Store.Set("k", "v"u8);
        Store.Flush();
        await Store.FlushAsync();
        Holds("k", "v");
    }
}
