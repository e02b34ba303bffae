using Xunit;

namespace Larder.Tests.Contract;

/// <summary>The versions before the present one, as many as the options say, until the key goes.</summary>
public abstract class HistoryContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void By_default_there_is_the_present_only()
    {
        if (Lacking())
        {
            return;
        }

        Assert.Empty(Store.History("k"));
        Store.Set("k", "a"u8);
        Store.Set("k", "b"u8);
        Assert.Equal(["b"], Values());
        Store.Remove("k");
        Assert.Empty(Store.History("k"));
    }

    [Fact]
    public void Predecessors_are_kept_newest_first()
    {
        Open(options => options.VersionsToKeep = 3);
        if (Lacking())
        {
            return;
        }

        long[] versions = [Store.Set("k", "a"u8), Store.Set("k", "b"u8), Store.Set("k", "c"u8), Store.Set("k", "d"u8)];

        Assert.Equal(["d", "c", "b"], Values());
        Assert.Equal(versions.Reverse().Take(3), Store.History("k").Select(entry => entry.Version));
        Assert.All(Store.History("k"), entry => Assert.Equal("k", entry.Key));
        Holds("k", "d");
        Assert.Equal(1, Store.Count());
        Assert.Single(Store.Scan());
        Assert.Empty(Store.History("other"));
    }

    [Fact]
    public void Every_write_of_a_value_adds_a_version()
    {
        Open(options => options.VersionsToKeep = 10);
        if (Lacking())
        {
            return;
        }

        Store.TryAdd("k", "1"u8);
        Store.TryAdd("k", "refused"u8);
        Store.TryUpdate("k", "2"u8, Store.History("k")[0].Version);
        Store.TryUpdate("k", "refused"u8, 0);
        Store.Increment("k");
        Store.Write(new WriteBatch().Set("k", "4"u8));
        Store.Write(new WriteBatch().Require("k", 0).Set("k", "refused"u8));

        Assert.Equal(["4", "3", "2", "1"], Values());
    }

    [Fact]
    public void Touch_adds_none()
    {
        Open(options => options.VersionsToKeep = 3);
        if (Lacking())
        {
            return;
        }

        Store.Set("k", "a"u8);
        Store.Set("k", "b"u8);
        Store.Touch("k", TimeSpan.FromMinutes(1));
        Store.Touch("k", TimeSpan.FromMinutes(2));

        IReadOnlyList<Entry> history = Store.History("k");
        Assert.Equal(["b", "a"], Values());
        Assert.Equal(Holds("k", "b").Version, history[0].Version);
        Assert.Equal(Now + TimeSpan.FromMinutes(2), history[0].ExpiresAt);
        Assert.True(history[0].Version > history[1].Version);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("remove prefix")]
    [InlineData("clear")]
    [InlineData("expire")]
    [InlineData("expire unswept")]
    [InlineData("set with a past expiry")]
    [InlineData("batch")]
    public void What_removes_the_key_ends_its_history(string removal)
    {
        Open(options => options.VersionsToKeep = 3);
        if (Lacking())
        {
            return;
        }

        Store.Set("k", "a"u8);
        Store.Set("k", "b"u8, TimeSpan.FromTicks(5));
        switch (removal)
        {
            case "remove": Store.Remove("k"); break;
            case "remove prefix": Store.RemovePrefix("k"); break;
            case "clear": Store.Clear(); break;
            case "expire": Advance(TimeSpan.FromHours(1)); break;
            case "expire unswept": Advance(TimeSpan.FromTicks(5)); break;
            case "set with a past expiry": Store.Set("k", "c"u8, TimeSpan.Zero); break;
            default: Store.Write(new WriteBatch().Remove("k")); break;
        }

        Assert.Empty(Store.History("k"));
        Store.Set("k", "anew"u8);
        Assert.Equal(["anew"], Values());
    }

    [Fact]
    public async Task The_async_twin_returns_the_same_and_what_was_read_stays()
    {
        Open(options => options.VersionsToKeep = 2);
        if (Lacking())
        {
            return;
        }

        Store.Set("k", "a"u8);
        Store.Set("k", "b"u8);
        IReadOnlyList<Entry> read = await Store.HistoryAsync("k");
        Store.Set("k", "c"u8);
        Store.Clear();

        Assert.Equal(["b", "a"], read.Select(Text));
    }

    private bool Lacking() => Lacks(StoreFeatures.History, () => Store.History("k"));

    private IEnumerable<string> Values() => Store.History("k").Select(Text);
}
