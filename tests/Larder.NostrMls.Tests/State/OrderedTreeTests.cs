using Larder.NostrMls.State;
using Xunit;

namespace Larder.NostrMls.Tests.State;

/// <summary>The tree beside a sorted list, over enough items for several levels.</summary>
public sealed class OrderedTreeTests
{
    [Fact]
    public void A_tree_does_what_a_sorted_list_would_and_older_versions_stay()
    {
        var random = new Random(5);
        var tree = new OrderedTree<Entry, int, ByKey>();
        var model = new SortedDictionary<int, Entry>();
        var old = new List<(OrderedTree<Entry, int, ByKey> Tree, int[] Keys)>();
        for (int step = 0; step < 30_000; step++)
        {
            int key = step < 3_000 ? step : random.Next(4_000);   // in order first, as messages come
            if (step < 3_000 || random.Next(step < 18_000 ? 3 : 2) > 0 == step < 18_000)
            {
                model[key] = new Entry(key, step);
                tree = tree.Set(model[key]);
            }
            else
            {
                model.Remove(key);
                tree = tree.Remove(key);
            }

            if (step % 500 == 0)
            {
                old.Add((tree, [.. model.Keys]));
                Check(tree, model, random);
            }
        }

        Assert.All(old, version => Assert.Equal(version.Keys, version.Tree.Ascending().Select(entry => entry.Key)));
        foreach (int key in model.Keys.ToList())
        {
            tree = tree.Remove(key);
        }

        Assert.Equal((0, null, null), (tree.Count, tree.Least, tree.Greatest));
        Assert.Same(tree, tree.Remove(1));
    }

    private static void Check(OrderedTree<Entry, int, ByKey> tree, SortedDictionary<int, Entry> model, Random random)
    {
        Entry[] sorted = [.. model.Values];
        Assert.Equal(sorted, tree.Ascending());
        Assert.Equal(sorted.Reverse(), tree.Descending());
        Assert.Equal((sorted.Length, sorted.FirstOrDefault(), sorted.LastOrDefault()), (tree.Count, tree.Least, tree.Greatest));
        int from = random.Next(4_000);
        Assert.Equal(sorted.Where(entry => entry.Key >= from), tree.From(from));
        Assert.Equal(model.GetValueOrDefault(from), tree.Find(from));
        int offset = random.Next(sorted.Length + 10);
        int limit = random.Next(100);
        Assert.Equal(sorted.Reverse().Skip(offset).Take(limit), tree.Page(offset, limit));
        Assert.Equal(sorted.Reverse(), tree.Page(0, int.MaxValue));
        Assert.Empty(tree.Page(int.MaxValue, 5));
    }

    private sealed record Entry(int Key, int Value);

    private readonly struct ByKey : IOrder<Entry, int>
    {
        public static int KeyOf(Entry item) => item.Key;
    }
}
