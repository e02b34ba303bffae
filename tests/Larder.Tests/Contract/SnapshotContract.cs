using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>A scan sees one point in time, that of its GetEnumerator, and holds nobody up and nothing back.</summary>
public abstract class SnapshotContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("set")]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("increment")]
    [InlineData("touch")]
    [InlineData("batch")]
    [InlineData("remove prefix")]
    [InlineData("clear")]
    [InlineData("clear and refill")]
    public void What_is_written_later_is_not_seen(string write)
    {
        if (!Store.Features.HasFlag(StoreFeatures.SnapshotScan))
        {
            return;
        }

        for (int i = 0; i < 50; i++)
        {
            Store.Set($"k{i:d2}", "1"u8);
        }

        string before = Picture();
        using IEnumerator<Entry> begun = Store.Scan().GetEnumerator();
        using IEnumerator<Entry> halfway = Store.Scan().GetEnumerator();
        using IEnumerator<Entry> backwards = Store.Scan(reverse: true).GetEnumerator();
        List<string> read = [.. Take(halfway, 25)];
        List<string> end = [.. Take(backwards, 25)];

        switch (write)
        {
            case "set": Each(key => Store.Set(key, "other"u8)); break;
            case "add": Each(key => Store.TryAdd($"{key}+", "new"u8)); break;
            case "remove": Each(key => Store.Remove(key)); break;
            case "increment": Each(key => Store.Increment(key)); break;
            case "touch": Each(key => Store.Touch(key, _life)); break;
            case "batch": Store.Write(new WriteBatch().Remove("k30").Set("k31", "w"u8).Set("k30a", "w"u8).Set("a", "w"u8)); break;
            case "remove prefix": Store.RemovePrefix("k"); break;
            case "clear": Store.Clear(); break;
            default: Store.Clear(); Each(key => Store.Set(key, "refilled"u8)); break;
        }

        Assert.NotEqual(before, Picture());
        IEnumerable<string> expected = Enumerable.Range(0, 50).Select(i => $"k{i:d2}=1");
        Assert.Equal(expected, Take(begun, 100));
        Assert.Equal(expected, [.. read, .. Take(halfway, 100)]);
        Assert.Equal(expected.Reverse(), [.. end, .. Take(backwards, 100)]);

        void Each(Action<string> change)
        {
            for (int i = 0; i < 50; i++)
            {
                change($"k{i:d2}");
            }
        }
    }

    [Fact]
    public void The_clock_stands_still_for_a_scan()
    {
        if (!Store.Features.HasFlag(StoreFeatures.SnapshotScan))
        {
            return;
        }

        Store.Set("due", "v"u8, TimeSpan.FromTicks(1));
        Store.Set("soon", "v"u8, _life);
        Store.Set("stays", "v"u8);
        Advance(TimeSpan.FromTicks(1));
        IEnumerable<Entry> scan = Store.Scan();
        using IEnumerator<Entry> begun = scan.GetEnumerator();

        Advance(_life * 2);

        Assert.Equal(["soon=v", "stays=v"], Take(begun, 10));
        Assert.Equal(["stays"], scan.Select(entry => entry.Key));
    }

    [Fact]
    public void Writers_may_write_between_the_steps_of_a_scan()
    {
        for (int i = 0; i < 200; i++)
        {
            Store.Set($"k{i:d3}", "v"u8);
        }

        int seen = 0;
        foreach (Entry entry in Store.Scan("k"))
        {
            seen++;
            Assert.True(Store.Remove(entry.Key, entry.Version));
            Store.Set($"l{entry.Key}", "v"u8);
        }

        Assert.Equal(200, seen);
        Assert.Equal(200, Store.Count("lk"));
        Assert.Equal(200, Store.Count());
    }

    [Fact]
    public void An_enumerator_that_was_left_halfway_leaves_nothing_behind()
    {
        for (int i = 0; i < 100; i++)
        {
            Store.Set($"k{i}", "v"u8);
        }

        Assert.Equal(3, Store.Scan().Take(3).Count());
        using (IEnumerator<Entry> scan = Store.Scan().GetEnumerator())
        {
            Assert.True(scan.MoveNext());
        }

        Assert.Equal(0, Subject.Engine?.Statistics.Scans ?? 0);
        Store.Clear();
        Store.Set("k", "v"u8);
        Assert.Single(Store.Scan());
    }

    [Fact]
    public void An_enumerator_that_nobody_disposed_pins_nothing_once_collected()
    {
        Store.Set("a", "v"u8);
        Store.Set("b", "v"u8);
        Abandon(Store);
        for (int i = 0; i < 10 && Subject.Engine is { Statistics.Scans: > 0 }; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Store.Set("a", "w"u8);
        }

        Assert.Equal(0, Subject.Engine?.Statistics.Scans ?? 0);
        Holds("a", Subject.Engine is null ? "v" : "w");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(IStore store)
    {
        IEnumerator<Entry> scan = store.Scan().GetEnumerator();
        Assert.True(scan.MoveNext());
    }

    private static IEnumerable<string> Take(IEnumerator<Entry> entries, int most)
    {
        while (most-- > 0 && entries.MoveNext())
        {
            yield return $"{entries.Current.Key}={Text(entries.Current)}";
        }
    }
}
