using System.Diagnostics;
using Larder.Entries;

namespace Larder.Indexing;

/// <summary>A page of the ordered index, immutable: a leaf of nodes in key order, or a branch over pages in key order. Never empty.</summary>
internal sealed class Page
{
    /// <summary>A leaf of this many references is 1 KiB: cheap to copy when one key comes in, long enough to read on.</summary>
    private const int Most = 128;

    private Page(Node[]? nodes, Page[]? children)
    {
        Debug.Assert((nodes ?? (Array?)children)!.Length > 0, "a page is never empty");
        Nodes = nodes ?? [];
        Children = children ?? [];
        First = children is null ? Nodes[0] : Children[0].First;
        Count = Nodes.Length + Children.Sum(static child => child.Count);
    }

    internal Node[] Nodes { get; }

    internal Page[] Children { get; }

    internal bool IsLeaf => Children.Length == 0;

    /// <summary>The node with the smallest key.</summary>
    internal Node First { get; }

    /// <summary>How many nodes the page and those below it hold.</summary>
    internal int Count { get; }

    private int Length => Nodes.Length + Children.Length;

    /// <summary>
    /// The tree with these edits applied; null when nothing is left. Edits are in key order, one a key: a node that is linked comes in,
    /// one that is not takes out what is not linked either. Pages without edits are shared with the old tree.
    /// </summary>
    internal static Page? Merge(Page? root, ReadOnlySpan<Node> edits)
    {
        var pages = new List<Page>();
        if (root is null)
        {
            MergeNodes([], edits, pages);
        }
        else
        {
            root.MergeInto(edits, pages);
        }

        while (pages.Count > 1)
        {
            var above = new List<Page>();
            Pack([.. pages], static children => new Page(null, children), above);
            pages = above;
        }

        Page? top = pages.Count == 0 ? null : pages[0];
        while (top is { Children.Length: 1 })
        {
            top = top.Children[0];
        }

        return top;
    }

    /// <summary>The position of the first node whose key is at least, or strictly above, <paramref name="key"/>.</summary>
    internal int IndexOf(ReadOnlySpan<byte> key, bool above = false)
    {
        int low = 0;
        int high = Nodes.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = key.SequenceCompareTo(Nodes[middle].Key);
            if (order > 0 || (order == 0 && above))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The child that holds <paramref name="key"/> if any does: the last one that does not begin after it.</summary>
    internal int ChildOf(ReadOnlySpan<byte> key)
    {
        int low = 1;
        int high = Children.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (key.SequenceCompareTo(Children[middle].First.Key) >= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private void MergeInto(ReadOnlySpan<Node> edits, List<Page> output)
    {
        if (IsLeaf)
        {
            MergeNodes(Nodes, edits, output);
            return;
        }

        var children = new List<Page>(Children.Length + 1);
        for (int i = 0; i < Children.Length; i++)
        {
            int mine = i + 1 < Children.Length ? CountBelow(edits, Children[i + 1].First.Key) : edits.Length;
            if (mine == 0)
            {
                children.Add(Children[i]);
            }
            else
            {
                Children[i].MergeInto(edits[..mine], children);
                edits = edits[mine..];
            }
        }

        JoinSmall(children);
        Pack([.. children], static part => new Page(null, part), output);
    }

    private static void MergeNodes(Node[] nodes, ReadOnlySpan<Node> edits, List<Page> output)
    {
        var merged = new List<Node>(nodes.Length + edits.Length);
        int at = 0;
        foreach (Node edit in edits)
        {
            int order = -1;
            while (at < nodes.Length && (order = nodes[at].Key.AsSpan().SequenceCompareTo(edit.Key)) < 0)
            {
                merged.Add(nodes[at++]);
            }

            Node? present = at < nodes.Length && order == 0 ? nodes[at++] : null;
            if (edit.IsLinked)
            {
                merged.Add(edit);
            }
            else if (present is { IsLinked: true })
            {
                merged.Add(present);
            }
        }

        merged.AddRange(nodes.AsSpan(at));
        Pack([.. merged], static part => new Page(part, null), output);
    }

    /// <summary>Cuts items into pages of even size, none above <see cref="Most"/>.</summary>
    private static void Pack<T>(T[] items, Func<T[], Page> page, List<Page> output)
    {
        int pages = (items.Length + Most - 1) / Most;
        for (int i = 0; i < pages; i++)
        {
            int from = (int)((long)items.Length * i / pages);
            int to = (int)((long)items.Length * (i + 1) / pages);
            output.Add(page(pages == 1 ? items : items[from..to]));
        }
    }

    /// <summary>Joins neighbours that removals have left small, so that pages do not stay sparse for ever.</summary>
    private static void JoinSmall(List<Page> pages)
    {
        for (int i = pages.Count - 2; i >= 0; i--)
        {
            if (pages[i].Length + pages[i + 1].Length <= Most / 2)
            {
                pages[i] = pages[i].IsLeaf
                    ? new Page([.. pages[i].Nodes, .. pages[i + 1].Nodes], null)
                    : new Page(null, [.. pages[i].Children, .. pages[i + 1].Children]);
                pages.RemoveAt(i + 1);
            }
        }
    }

    private static int CountBelow(ReadOnlySpan<Node> edits, ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = edits.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (key.SequenceCompareTo(edits[middle].Key) > 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
