using System.Globalization;
using System.Text;
using Larder.Engine;
using Larder.Entries;
using Xunit;

namespace Larder.Tests.Engine;

public sealed class KeyTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(50_000)]
    public void A_table_that_was_made_large_enough_finds_what_it_was_filled_with_and_what_came_after(int nodes)
    {
        var table = new KeyTable();
        table.Presize(nodes);
        List<Node> added = [.. Enumerable.Range(0, nodes + 5000).Select(i => Nodes.New(i.ToString(CultureInfo.InvariantCulture)))];
        added.ForEach(table.Add);

        Assert.All(added, node => Assert.Same(node, table.Find(node.Key, node.Hash)));
        Assert.Equal(added.Count, table.Nodes().Count());
    }

    [Fact]
    public void The_table_finds_what_a_dictionary_finds()
    {
        var random = new Random(7);
        var table = new KeyTable();
        var expected = new Dictionary<string, Node>();
        for (int i = 0; i < 200_000; i++)
        {
            // First it mostly grows, over many segments, then it mostly shrinks.
            string key = random.Next(40_000).ToString(CultureInfo.InvariantCulture);
            bool grows = random.Next(10) < (i < 120_000 ? 8 : 2);
            if (!expected.TryGetValue(key, out Node? node) && grows)
            {
                expected.Add(key, node = Nodes.New(key));
                table.Add(node);
            }
            else if (node is not null && !grows)
            {
                expected.Remove(key);
                table.Remove(node);
            }
        }

        for (int i = 0; i < 40_000; i++)
        {
            string key = i.ToString(CultureInfo.InvariantCulture);
            Assert.Same(expected.GetValueOrDefault(key), table.Find(Encoding.UTF8.GetBytes(key), Nodes.HashOf(key)));
        }

        Assert.Equal(expected.Values.ToHashSet(), table.Nodes().ToHashSet());
        Assert.Equal(expected.Count, table.Nodes().Count());
    }

    [Fact]
    public void Keys_of_one_hash_are_told_apart()
    {
        var table = new KeyTable();
        Node[] same = [.. Enumerable.Range(0, 100).Select(i => new Node([(byte)i], 42))];
        foreach (Node node in same)
        {
            table.Add(node);
        }

        table.Remove(same[50]);

        Assert.All(same, node => Assert.Same(node == same[50] ? null : node, table.Find(node.Key, 42)));
    }
}
