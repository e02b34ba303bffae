using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>Impossible options are refused all at once, and a store goes by what it was given.</summary>
public sealed class StoreOptionsTests
{
    [Fact]
    public void Every_problem_is_listed()
    {
        var options = new StoreOptions
        {
            MaxEntries = 0,
            MaxBytes = -1,
            WhenFull = (WhenFull)9,
            VersionsToKeep = 1_025,
            MaxKeyBytes = 65_537,
            MaxValueBytes = -1,
            Serializer = null!,
            TimeProvider = null!,
            LogLevel = (StoreLogLevel)9,
        };

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new Store(options));

        foreach (string problem in new[]
        {
            "MaxEntries must be at least 1, but is 0",
            "MaxBytes must be at least 1, but is -1",
            "WhenFull has no value 9",
            "VersionsToKeep must be from 1 to 1024, but is 1025",
            "MaxKeyBytes must be from 1 to 65536, but is 65537",
            "MaxValueBytes must be from 0 to 1073741824, but is -1",
            "Serializer must not be null",
            "TimeProvider must not be null",
            "LogLevel has no value 9",
        })
        {
            Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Problems_can_be_asked_for_before_a_store_is_opened()
    {
        Assert.Empty(new StoreOptions().Validate());
        Assert.Equal(["MaxEntries must be at least 1, but is 0", "ReadOnly needs a Path"], new StoreOptions { MaxEntries = 0, ReadOnly = true }.Validate());
    }

    [Fact]
    public void The_ends_of_every_range_are_taken()
    {
        using var smallest = new Store(new StoreOptions { MaxEntries = 1, MaxBytes = 1, VersionsToKeep = 1, MaxKeyBytes = 1, MaxValueBytes = 0 });
        using var largest = new Store(new StoreOptions { MaxEntries = long.MaxValue, MaxBytes = long.MaxValue, VersionsToKeep = 1_024, MaxKeyBytes = 65_536, MaxValueBytes = 1_073_741_824 });
        largest.Set(new string('k', 65_536), "v"u8);
        Assert.Equal(1, largest.Count());
        Assert.Throws<StoreLimitException>(() => smallest.Set("kk", []));
        Assert.Throws<StoreLimitException>(() => smallest.Set("k", "v"u8));
    }

    [Fact]
    public void Null_is_refused() => Assert.Throws<ArgumentNullException>("options", () => new Store(null!));

    [Fact]
    public void Later_changes_have_no_effect()
    {
        var options = new StoreOptions { MaxEntries = 1, MaxValueBytes = 10 };
        using var store = new Store(options);
        options.MaxEntries = null;
        options.MaxValueBytes = 1_000;
        options.Serializer = null!;

        store.Set("k", 5);
        Assert.Throws<StoreFullException>(() => store.Set("l", 5));
        Assert.Throws<StoreLimitException>(() => store.Set("k", new byte[11]));
    }

    [Fact]
    public void A_hook_that_throws_harms_nobody()
    {
        int told = 0;
        using var store = new Store(new StoreOptions
        {
            MaxEntries = 1,
            LogLevel = StoreLogLevel.Debug,
            Log = _ =>
            {
                told++;
                throw new InvalidOperationException("the hook failed");
            },
        });
        store.Set("k", "v"u8);
        Assert.Throws<StoreFullException>(() => store.Set("l", "v"u8));
        store.Clear();
        store.Dispose();
        Assert.True(told > 0, "the hook was never called");
    }
}
