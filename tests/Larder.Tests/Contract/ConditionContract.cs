using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Writes that depend on what is there: add, compare-and-set, conditional removal.</summary>
public abstract class ConditionContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void TryAdd_sets_what_is_absent_and_nothing_else()
    {
        WriteResult added = Store.TryAdd("k", "v"u8);
        Assert.True(added.Applied);
        Assert.Equal(added.Version, Holds("k", "v").Version);

        Assert.Equal(added with { Applied = false }, Store.TryAdd("k", "w"u8));
        Assert.Equal(added with { Applied = false }, Store.TryAdd("k", "w"u8.ToArray()));
        Assert.Equal(added.Version, Holds("k", "v").Version);

        Store.Remove("k");
        Assert.True(Store.TryAdd("k", "x"u8).Version > added.Version);
        Holds("k", "x");
    }

    [Fact]
    public void TryUpdate_sets_what_has_the_expected_version()
    {
        long first = Store.Set("k", "v"u8);
        WriteResult updated = Store.TryUpdate("k", "w"u8, first);

        Assert.True(updated);
        Assert.True(updated.Version > first);
        Assert.Equal(updated.Version, Holds("k", "w").Version);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void An_impossible_version_matches_nothing(long impossible)
    {
        long version = Store.Set("k", "v"u8);

        Assert.Equal(new WriteResult(false, version), Store.TryUpdate("k", "w"u8, impossible));
        Assert.Equal(new WriteResult(false, version), Store.TryUpdate("k", "w"u8.ToArray(), impossible));
        Assert.Equal(new WriteResult(false, 0), Store.TryUpdate("absent", "w"u8, impossible));
        Assert.False(Store.TryUpdate("k", "typed", impossible));
        Assert.False(Store.TryUpdate("absent", "typed", impossible));
        Assert.False(Store.Remove("k", impossible));
        Assert.False(Store.Remove("absent", impossible));

        Assert.Equal(version, Holds("k", "v").Version);
        IsAbsent("absent");
    }

    [Fact]
    public void A_stale_version_is_refused_and_told_the_present_one()
    {
        long stale = Store.Set("k", "v"u8);
        long present = Store.Set("k", "w"u8);

        Assert.Equal(new WriteResult(false, present), Store.TryUpdate("k", "x"u8, stale));
        Assert.False(Store.Remove("k", stale));
        Assert.Equal(present, Holds("k", "w").Version);

        Assert.True(Store.Remove("k", present));
        IsAbsent("k");
    }

    [Fact]
    public void A_key_that_went_and_came_back_is_not_the_same()
    {
        if (!Store.Features.HasFlag(StoreFeatures.UniqueVersions))
        {
            return;
        }

        long version = Store.Set("k", "v"u8);
        Store.Remove("k");
        Store.Set("k", "v"u8);
        Assert.False(Store.TryUpdate("k", "w"u8, version));
        Store.Clear();
        Store.Set("k", "v"u8);
        Assert.False(Store.Remove("k", version));
        Holds("k", "v");
    }

    [Fact]
    public async Task One_of_many_adders_wins()
    {
        for (int round = 0; round < 50; round++)
        {
            string key = $"k{round}";
            using var start = new Barrier(4);
            IEnumerable<Task<WriteResult>> adders = Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Store.TryAdd(key, [(byte)('a' + i)]);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
            WriteResult[] results = await Task.WhenAll(adders);

            long winner = Assert.Single(results, result => result.Applied).Version;
            Assert.All(results, result => Assert.Equal(winner, result.Version));
        }
    }

    [Fact]
    public async Task Compare_and_set_loses_no_update()
    {
        const int Threads = 4, Rounds = 500;
        Store.Set("k", 0);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int done = 0; done < Rounds;)
            {
                Store.TryGet("k", out Entry entry);
                done += Store.TryUpdate("k", Store.Decode<int>(entry) + 1, entry.Version) ? 1 : 0;
            }
        })));

        Assert.True(Store.TryGet("k", out int total));
        Assert.Equal(Threads * Rounds, total);
    }
}
