using System.Globalization;
using System.Text;
using Larder.Entries;
using Larder.Indexing;
using Larder.Tests.Engine;
using Larder.Tests.Model;
using Xunit;

namespace Larder.Tests.Indexing;

/// <summary>The index against a sorted set, over enough keys for a tree of several floors.</summary>
public sealed class OrderedIndexTests
{
    private readonly Random _random = new(13);
    private readonly OrderedIndex _index = new();
    private readonly SortedDictionary<string, Node> _expected = new(Utf8Order.Instance);

    [Fact]
    public void Every_range_either_way_is_that_of_a_sorted_set()
    {
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < 5_000; i++)
            {
                Change(AnyKey(), comes: _random.Next(10) < (round < 8 ? 7 : 2));
            }

            for (int query = 0; query < 60; query++)
            {
                string key = AnyKey();
                string prefix = key[..Math.Min(key.Length, _random.Next(4))];
                Compare(prefix, _random.Next(2) == 0 ? null : AnyKey(), reverse: _random.Next(2) == 0);
            }
        }

        Compare("", null, reverse: false);
        Compare("", null, reverse: true);
    }

    [Fact]
    public void An_emptied_index_is_empty_and_can_be_filled_again()
    {
        string[] keys = [.. Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        foreach (bool comes in (bool[])[true, false, true])
        {
            foreach (string key in keys)
            {
                Change(key, comes);
            }

            Compare("", null, reverse: false);
            Compare("5", "55", reverse: true);
        }
    }

    [Fact]
    public void A_tree_that_was_handed_out_does_not_change()
    {
        Change("a", comes: true);
        _index.HandOver();
        Page? before = _index.Merge();

        Change("b", comes: true);
        Change("a", comes: false);
        _index.HandOver();
        _index.Merge();

        Assert.Equal(["a"], Walk(before, new KeyRange([], false, null), reverse: false));
    }

    private string AnyKey()
    {
        int number = _random.Next(20_000);
        return number % 7 == 0 ? $"é{number % 100}\u0001" : number.ToString(CultureInfo.InvariantCulture);
    }

    private void Change(string key, bool comes)
    {
        if (comes && !_expected.ContainsKey(key))
        {
            Node node = Nodes.New(key);
            node.IsLinked = true;
            _expected.Add(key, node);
            _index.Note(node);
        }
        else if (!comes && _expected.Remove(key, out Node? node))
        {
            node.IsLinked = false;
            _index.Note(node);
        }
    }

    private void Compare(string prefix, string? after, bool reverse)
    {
        IEnumerable<string> expected = _expected.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal));
        expected = (reverse ? expected.Reverse() : expected)
            .Where(key => after is null || Math.Sign(Utf8Order.Instance.Compare(key, after)) == (reverse ? -1 : 1));

        _index.HandOver();
        KeyRange range = KeyRange.Of(Encoding.UTF8.GetBytes(prefix), after is null ? null : Encoding.UTF8.GetBytes(after), reverse);
        Assert.Equal(expected, Walk(_index.Merge(), range, reverse));
    }

    private static List<string> Walk(Page? root, KeyRange range, bool reverse)
    {
        var cursor = new IndexCursor(root, range, reverse);
        var keys = new List<string>();
        while (cursor.Next() is { } node)
        {
            keys.Add(Nodes.KeyOf(node));
        }

        Assert.Null(cursor.Next());
        return keys;
    }
}
