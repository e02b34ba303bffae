using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Bounds in entries and in bytes: they hold at every moment, by refusing or by evicting, and the newcomer stays.</summary>
public abstract class BoundContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private const int Overhead = 64;

    [Fact]
    public void A_full_store_refuses_what_is_new_and_takes_what_is_not()
    {
        Open(options => options.MaxEntries = 2);
        Store.Set("a", "v"u8);
        Store.Set("b", "v"u8);

        Refused<StoreFullException>(() => Store.Set("c", "v"u8));
        Refused<StoreFullException>(() => Store.TryAdd("c", "v"u8));
        Refused<StoreFullException>(() => Store.Increment("c"));
        Refused<StoreFullException>(() => Store.Write(new WriteBatch().Set("a", "w"u8).Set("c", "v"u8)));
        Refused<StoreFullException>(() => Store.GetOrAdd("c", _ => "v"));

        Store.Set("a", "overwritten with more"u8);
        Assert.False(Store.TryAdd("a", "w"u8));
        Assert.True(Store.Touch("b", TimeSpan.FromMinutes(1)));
        Assert.True(Store.Write(new WriteBatch().Remove("b").Set("c", "v"u8)));
        Store.Remove("a");
        Store.Set("d", "v"u8);
        Assert.Equal(["c", "d"], Store.Scan().Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Bytes_are_key_and_value_and_64_for_each_version()
    {
        Open(options => options.MaxBytes = 2 * (1 + 10 + Overhead));
        Store.Set("a", new byte[10]);
        Store.Set("b", new byte[10]);

        Refused<StoreFullException>(() => Store.Set("c", []));
        Refused<StoreFullException>(() => Store.Set("a", new byte[11]));
        Refused<StoreFullException>(() => Store.TryUpdate("a", new byte[11], Holds("a", new string('\0', 10)).Version));
        Store.Set("a", new byte[9]);
        Store.Set("b", new byte[11]);
        Refused<StoreFullException>(() => Store.Set("a", new byte[10]));
    }

    [Theory]
    [InlineData(WhenFull.Refuse)]
    [InlineData(WhenFull.Evict)]
    public void What_could_never_fit_is_refused_before_anything_is_evicted(WhenFull whenFull)
    {
        Open(options => (options.MaxBytes, options.WhenFull) = (1_000, whenFull));
        for (int i = 0; i < 5; i++)
        {
            Store.Set($"k{i}", "v"u8);
        }

        string before = Picture();
        foreach (Action call in new Action[]
        {
            () => Store.Set("large", new byte[1_000]),
            () => Store.Set("k1", new byte[1_000]),
            () => Store.TryAdd("large", new byte[1_000]),
            () => Store.Write(new WriteBatch().Set("large", new byte[500]).Set("larger", new byte[500])),
        })
        {
            Exception? refusal = Record.Exception(call);
            Assert.True(refusal is StoreLimitException or StoreFullException, $"{refusal}");
            Assert.Equal(before, Picture());
        }
    }

    [Fact]
    public async Task Limits_come_before_the_bound()
    {
        Open(options => (options.MaxEntries, options.MaxValueBytes) = (1, 10));
        Store.Set("k", "v"u8);
        Refused<StoreLimitException>(() => Store.Set("new", new byte[11]));
        Refused<StoreFullException>(() => Store.Set("new", new byte[10]), "the store is full");
        await RefusedByTask<StoreFullException>(() => Store.SetAsync("new", new byte[10]).AsTask(), "the store is full");
        await RefusedByTask<OperationCanceledException>(() => Store.SetAsync("new", new byte[10], default, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public void Entries_are_evicted_until_the_newcomer_fits()
    {
        Open(options => (options.MaxEntries, options.WhenFull) = (10, WhenFull.Evict));
        for (int i = 0; i < 500; i++)
        {
            Store.Set($"k{i}", "v"u8);
            Holds($"k{i}", "v");
            Assert.Equal(Math.Min(i + 1, 10), Store.Count());
            Assert.True((Subject.Engine?.Statistics.Entries ?? 0) <= 10);
        }

        Assert.Equal(490, Subject.Engine?.Statistics.Evictions ?? 490);
        Assert.True(Store.TryAdd("added", "v"u8));
        Holds("added", "v");
        Store.Increment("counted");
        Holds("counted", "1");
        Store.Write(new WriteBatch().Set("x", "v"u8).Set("y", "v"u8).Set("z", "v"u8));
        Assert.True(Store.Exists("x") && Store.Exists("y") && Store.Exists("z"));
        Assert.Equal(10, Store.Count());
    }

    [Fact]
    public void Bytes_never_exceed_the_bound()
    {
        const long Bound = 5_000;
        Open(options => (options.MaxBytes, options.WhenFull, options.VersionsToKeep) = (Bound, WhenFull.Evict, 3));
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            string key = $"k{random.Next(100)}";
            byte[] value = new byte[random.Next(1_000)];
            Store.Set(key, value);
            Assert.True(Store.TryGet(key, out Entry entry));
            Assert.Equal(value.Length, entry.Value.Length);
            Assert.InRange(Subject.Engine?.Statistics.Bytes ?? Bound, 1, Bound);
            Assert.True(Store.Scan().Sum(each => each.Utf8Key.Length + each.Value.Length + Overhead) <= Bound);
        }
    }

    [Fact]
    public void A_growing_overwrite_evicts_others_and_stays()
    {
        Open(options => (options.MaxBytes, options.WhenFull) = (4 * (1 + 10 + Overhead), WhenFull.Evict));
        foreach (string key in new[] { "a", "b", "c", "d" })
        {
            Store.Set(key, new byte[10]);
        }

        Store.Set("b", new byte[100]);
        Assert.True(Store.TryGet("b", out Entry grown));
        Assert.Equal(100, grown.Value.Length);
        Assert.InRange(Store.Count(), 1, 3);

        Store.Set("b", new byte[4 * 75 - 1 - Overhead]);
        Assert.Equal("b", Assert.Single(Store.Scan()).Key);
    }

    [Fact]
    public void A_growing_overwrite_of_the_youngest_evicts_its_elders()
    {
        Open(options => (options.MaxBytes, options.WhenFull) = (3 * (1 + 10 + Overhead), WhenFull.Evict));
        foreach (string key in new[] { "a", "b", "c" })
        {
            Store.Set(key, new byte[10]);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.True(Store.TryGet("a", out Entry _) && Store.TryGet("b", out Entry _));
        }

        Store.Set("d", new byte[10]);
        Store.Set("d", new byte[11]);

        Assert.True(Store.TryGet("d", out Entry grown));
        Assert.Equal(11, grown.Value.Length);
        Assert.Equal(2, Store.Count());
    }

    [Fact]
    public void Removing_and_coming_back_keeps_the_bound_exact()
    {
        Open(options => (options.MaxEntries, options.WhenFull) = (100, WhenFull.Evict));
        var random = new Random(11);
        for (int i = 0; i < 5_000; i++)
        {
            string key = $"k{random.Next(300)}";
            _ = random.Next(3) == 0 ? Store.Remove(key) : Store.Set(key, "v"u8) > 0;
            _ = Store.TryGet($"k{random.Next(300)}", out Entry _);
            Assert.InRange(Store.Count(), 0, 100);
        }

        for (int i = 0; i < 300; i++)
        {
            Store.Remove($"k{i}");
        }

        Assert.Equal(0, Store.Count());
        Assert.Equal((0, 0), Subject.Engine is { } engine ? (engine.Statistics.Entries, engine.Statistics.Bytes) : (0, 0));
    }

    [Theory]
    [InlineData(WhenFull.Refuse)]
    [InlineData(WhenFull.Evict)]
    public void What_has_expired_takes_no_room(WhenFull whenFull)
    {
        Open(options => (options.MaxEntries, options.WhenFull) = (10, whenFull));
        for (int i = 0; i < 5; i++)
        {
            Store.Set($"stays{i}", "v"u8);
            Store.Set($"due{i}", "v"u8, TimeSpan.FromTicks(1));
        }

        Advance(TimeSpan.FromTicks(1));
        for (int i = 0; i < 5; i++)
        {
            Store.Set($"new{i}", "v"u8);
        }

        Assert.Equal(10, Store.Count());
        Assert.Equal(5, Store.Count("stays"));
        Assert.Equal(0, Subject.Engine?.Statistics.Evictions ?? 0);
        Assert.Equal(5, Subject.Engine?.Statistics.Expirations ?? 5);
    }

    [Fact]
    public void An_update_of_an_expired_entry_meets_the_bound_as_a_new_one()
    {
        Open(options => options.MaxEntries = 1);
        Store.Set("a", "v"u8, TimeSpan.FromTicks(1));
        Advance(TimeSpan.FromTicks(1));
        Store.Set("b", "v"u8);
        Refused<StoreFullException>(() => Store.Set("a", "w"u8));
    }

    [Fact]
    public void What_is_set_and_gone_at_once_needs_no_room()
    {
        Open(options => options.MaxEntries = 1);
        Store.Set("a", "v"u8);
        Store.Set("b", "v"u8, TimeSpan.Zero);
        Store.Write(new WriteBatch().Set("b", "v"u8).Remove("b"));
        Assert.Equal("a", Assert.Single(Store.Scan()).Key);
    }

    [Fact]
    public async Task Evictions_are_reported_before_the_newcomer_in_its_commit()
    {
        Open(options => (options.MaxEntries, options.WhenFull) = (2, WhenFull.Evict));
        if (Lacks(StoreFeatures.Watch, () => Store.Watch()))
        {
            return;
        }

        Store.Set("a", "v"u8);
        Store.Set("b", "v"u8);
        await using IAsyncEnumerator<Change> watch = Store.Watch().GetAsyncEnumerator();
        long version = Store.Set("c", "v"u8);

        Assert.True(await Soon(watch.MoveNextAsync().AsTask()));
        Change evicted = watch.Current;
        Assert.True(await Soon(watch.MoveNextAsync().AsTask()));
        Change set = watch.Current;
        Assert.Equal((ChangeKind.Evict, version), (evicted.Kind, evicted.Sequence));
        Assert.Contains(evicted.Key, new[] { "a", "b" });
        Assert.Equal((ChangeKind.Set, "c", version), (set.Kind, set.Key, set.Sequence));
        IsAbsent(evicted.Key);
    }

    [Fact]
    public async Task The_bound_holds_while_many_write()
    {
        Open(options => (options.MaxEntries, options.WhenFull) = (50, WhenFull.Evict));
        Task writers = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                Store.Set($"{writer}:{i}", "v"u8);
            }
        })));
        while (!writers.IsCompleted)
        {
            Assert.InRange(Store.Count(), 0, 50);
            Assert.InRange(Subject.Engine?.Statistics.Entries ?? 0, 0, 50);
        }

        await writers;
        Assert.Equal(50, Store.Count());
    }
}
