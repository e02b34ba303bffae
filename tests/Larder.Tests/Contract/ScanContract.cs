using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Scans: in the byte order of UTF-8, from where they were asked to, as far as they were asked to.</summary>
public abstract class ScanContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void A_scan_yields_what_starts_with_the_prefix()
    {
        Set("a", "user", "user:", "user:1", "user:2", "user;", "v");

        Assert.Equal(["user:", "user:1", "user:2"], Keys(Store.Scan("user:")).Order(StringComparer.Ordinal));
        Assert.Equal(7, Store.Scan().Count());
        Assert.Equal(7, Store.Scan("").Count());
        Assert.Empty(Store.Scan("user:1:"));
        Assert.Empty(Store.Scan("zebra"));
        Assert.Empty(Store.Scan("user:", limit: 0));
        Assert.Equal(2, Store.Scan("user:", limit: 2).Count());
        Assert.Equal(3, Store.Scan("user:", limit: int.MaxValue).Count());
    }

    [Fact]
    public void Entries_of_a_scan_are_whole()
    {
        long version = Store.Set("k", "v", TimeSpan.FromMinutes(1));

        Entry entry = Assert.Single(Store.Scan("k"));

        Assert.Equal(("k", "v", version, ValueKind.Text), (entry.Key, Text(entry), entry.Version, entry.Kind));
        Assert.Equal(Now + TimeSpan.FromMinutes(1), entry.ExpiresAt);
        Assert.True(entry.Utf8Key.Span.SequenceEqual("k"u8));
        Assert.Equal("v", Store.Decode<string>(entry));
    }

    [Fact]
    public void Order_is_that_of_the_bytes_in_utf8()
    {
        if (Unordered())
        {
            return;
        }

        // In UTF-16 the surrogates of 😀 come before U+E000 and U+FFFF, in UTF-8 after them.
        string[] ordered = ["\0", "\0a", "\n", " ", "A", "Z", "a", "a\0", "aa", "b", "\u007f", "\u0080", "é", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufeff", "\uffff", "\U00010000", "😀", "\U0010ffff"];
        Set([.. ordered.Reverse()]);

        Assert.Equal(ordered, Keys(Store.Scan()));
        Assert.Equal(ordered.Reverse(), Keys(Store.Scan(reverse: true)));
        Assert.Equal(["a", "a\0", "aa"], Keys(Store.Scan("a")));
        Assert.Equal(["\U0010ffff"], Keys(Store.Scan("\U0010ffff")));
        Assert.Equal(["\uffff"], Keys(Store.Scan("\uffff")));
    }

    [Fact]
    public void After_and_reverse_say_where_to_begin_and_which_way_to_go()
    {
        if (Unordered())
        {
            return;
        }

        Set("a", "p1", "p2", "p3", "p4", "q");

        Assert.Equal(["p3", "p4"], Keys(Store.Scan("p", after: "p2")));
        Assert.Equal(["p3", "p4"], Keys(Store.Scan("p", after: "p2x")));
        Assert.Equal(["p3"], Keys(Store.Scan("p", after: "p2", limit: 1)));
        Assert.Equal(["p1", "p2", "p3", "p4"], Keys(Store.Scan("p", after: "a")));
        Assert.Equal(["p1", "p2", "p3", "p4"], Keys(Store.Scan("p", after: "p")));
        Assert.Empty(Store.Scan("p", after: "p4"));
        Assert.Empty(Store.Scan("p", after: "q"));
        Assert.Equal(["p4", "p3", "p2", "p1"], Keys(Store.Scan("p", reverse: true)));
        Assert.Equal(["p4", "p3"], Keys(Store.Scan("p", limit: 2, reverse: true)));
        Assert.Equal(["p2", "p1"], Keys(Store.Scan("p", after: "p3", reverse: true)));
        Assert.Equal(["p3", "p2", "p1"], Keys(Store.Scan("p", after: "p3x", reverse: true)));
        Assert.Equal(["p4", "p3", "p2", "p1"], Keys(Store.Scan("p", after: "q", reverse: true)));
        Assert.Empty(Store.Scan("p", after: "p1", reverse: true));
        Assert.Empty(Store.Scan("p", after: "a", reverse: true));
        Assert.Equal(["q", "p4"], Keys(Store.Scan(limit: 2, reverse: true)));
        Assert.Equal(["p1", "p2", "p3", "p4", "q"], Keys(Store.Scan(after: "a")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pages_add_up_to_the_whole(bool reverse)
    {
        if (Unordered())
        {
            return;
        }

        string[] keys = [.. Enumerable.Range(0, 257).Select(i => $"p:{i:x4}")];
        Set(keys);
        Set("o", "p", "p;", "q");

        var paged = new List<string>();
        string? after = null;
        while (true)
        {
            Entry[] page = [.. Store.Scan("p:", after, 10, reverse)];
            if (page.Length == 0)
            {
                break;
            }

            paged.AddRange(Keys(page));
            after = page[^1].Key;
        }

        Assert.Equal(reverse ? keys.Reverse() : keys, paged);
    }

    [Fact]
    public void Many_random_keys_come_in_order_through_sets_and_removals()
    {
        if (Unordered())
        {
            return;
        }

        var random = new Random(7);
        var model = new SortedSet<string>(Comparer<string>.Create((x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))));
        for (int i = 0; i < 3_000; i++)
        {
            string key = $"{(char)('a' + random.Next(3))}{random.Next(400)}";
            if (random.Next(3) == 0)
            {
                Assert.Equal(model.Remove(key), Store.Remove(key));
            }
            else
            {
                model.Add(key);
                Store.Set(key, "v"u8);
            }

            if (i % 100 == 0)
            {
                Assert.Equal(model.Where(name => name.StartsWith('b')), Keys(Store.Scan("b")));
                Assert.Equal(model.Where(name => name.StartsWith("c1", StringComparison.Ordinal)).Reverse().Take(5), Keys(Store.Scan("c1", limit: 5, reverse: true)));
            }
        }

        Assert.Equal(model, Keys(Store.Scan()));
        Assert.Equal(model.Count, Store.Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void Order_outlasts_growth_and_shrinkage(int step)
    {
        if (Unordered())
        {
            return;
        }

        const int Count = 10_000;
        string[] keys = [.. Enumerable.Range(0, Count).Select(i => $"k{i:d5}")];
        foreach (int i in Enumerable.Range(0, Count).OrderBy(i => i * 7_919L % Count))
        {
            Store.Set(keys[i], "v"u8);
        }

        Assert.Equal(keys, Keys(Store.Scan()));
        for (int i = 0; i < Count; i++)
        {
            if (i % step != 0 || step == 1)
            {
                Store.Remove(keys[i]);
            }
        }

        string[] left = step == 1 ? [] : [.. keys.Where((_, i) => i % step == 0)];
        Assert.Equal(left, Keys(Store.Scan()));
        Assert.Equal(left.Reverse(), Keys(Store.Scan("k", reverse: true)));
        Assert.Equal(left.Skip(1).Take(3), Keys(Store.Scan(after: "k00000", limit: 3)));
        Store.Set("k", "v"u8);
        Assert.Equal(["k", .. left], Keys(Store.Scan()));
    }

    [Fact]
    public async Task The_async_scan_yields_the_same()
    {
        Set([.. Enumerable.Range(0, 100).Select(i => $"p{i:d3}")]);

        var keys = new List<string>();
        await foreach (Entry entry in Store.ScanAsync("p0"))
        {
            keys.Add(entry.Key);
        }

        Assert.Equal(Keys(Store.Scan("p0")), keys);
    }

    [Fact]
    public void An_enumerable_begins_anew_each_time()
    {
        Set("a");
        IEnumerable<Entry> scan = Store.Scan();
        Assert.Equal(["a"], Keys(scan));
        Set("b");
        Assert.Equal(["a", "b"], Keys(scan).Order(StringComparer.Ordinal));

        using IEnumerator<Entry> ended = scan.GetEnumerator();
        while (ended.MoveNext())
        {
        }

        Set("c");
        Assert.False(ended.MoveNext());
        Assert.Throws<NotSupportedException>(ended.Reset);
        Assert.Equal(3, ((System.Collections.IEnumerable)scan).Cast<Entry>().Count());
    }

    private bool Unordered() => Lacks(StoreFeatures.OrderedScan, () => Store.Scan(reverse: true));

    private void Set(params string[] keys)
    {
        foreach (string key in keys)
        {
            Store.Set(key, "v"u8);
        }
    }

    private static IEnumerable<string> Keys(IEnumerable<Entry> entries) => entries.Select(entry => entry.Key);
}
