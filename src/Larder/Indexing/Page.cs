using System.Diagnostics;
using System.Runtime.InteropServices;
using Larder.Entries;

namespace Larder.Indexing;

/// <summary>A page of the ordered index, immutable: a leaf of nodes in key order, or a branch over pages in key order. Never empty.</summary>
internal sealed class Page
{
    /// <summary>A leaf of this many references is 512 bytes: cheap to copy when one key comes in, long enough to read on.</summary>
    private const int Most = 64;

    private Page(Node[]? nodes, Page[]? children)
    {
        Debug.Assert((nodes ?? (Array?)children)!.Length > 0, "a page is never empty");
        Nodes = nodes ?? [];
        Children = children ?? [];
        First = children is null ? Nodes[0] : Children[0].First;
    }

    internal Node[] Nodes { get; }

    internal Page[] Children { get; }

    internal bool IsLeaf => Children.Length == 0;

    /// <summary>The node with the smallest key.</summary>
    internal Node First { get; }

    private int Length => Nodes.Length + Children.Length;

    /// <summary>
    /// The tree with these edits applied; null when nothing is left. Edits are in key order, one a key: a node that is linked comes in,
    /// one that is not takes out what is not linked either. Pages without edits are shared with the old tree. <paramref name="size"/> is the
    /// number of nodes, before and after.
    /// </summary>
    internal static Page? Merge(Page? root, ReadOnlySpan<Node> edits, ref int size)
    {
        var pages = new List<Page>();
        if (root is null)
        {
            MergeNodes([], edits, pages, ref size);
        }
        else
        {
            root.MergeInto(edits, pages, ref size);
        }

        while (pages.Count > 1)
        {
            var above = new List<Page>();
            Pack<Page>(CollectionsMarshal.AsSpan(pages), static children => new Page(null, children), above);
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
    internal int IndexOf(ReadOnlySpan<byte> key, bool above = false) => IndexOf(Nodes, key, above);

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

    private static int IndexOf(ReadOnlySpan<Node> nodes, ReadOnlySpan<byte> key, bool above)
    {
        int low = 0;
        int high = nodes.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = key.SequenceCompareTo(nodes[middle].Key);
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

    private void MergeInto(ReadOnlySpan<Node> edits, List<Page> output, ref int size)
    {
        if (IsLeaf)
        {
            MergeNodes(Nodes, edits, output, ref size);
            return;
        }

        var children = new List<Page>(Children.Length + 1);
        int next = 0;
        while (!edits.IsEmpty)
        {
            int child = Math.Max(next, ChildOf(edits[0].Key));
            int mine = child + 1 < Children.Length ? IndexOf(edits, Children[child + 1].First.Key, above: false) : edits.Length;
            children.AddRange(Children.AsSpan(next, child - next));
            Children[child].MergeInto(edits[..mine], children, ref size);
            edits = edits[mine..];
            next = child + 1;
        }

        children.AddRange(Children.AsSpan(next));
        JoinSmall(children);
        Pack<Page>(CollectionsMarshal.AsSpan(children), static part => new Page(null, part), output);
    }

    private static void MergeNodes(ReadOnlySpan<Node> nodes, ReadOnlySpan<Node> edits, List<Page> output, ref int size)
    {
        size -= nodes.Length;
        var merged = new List<Node>(nodes.Length + edits.Length);
        foreach (Node edit in edits)
        {
            int before = IndexOf(nodes, edit.Key, above: false);
            merged.AddRange(nodes[..before]);
            nodes = nodes[before..];
            Node? present = !nodes.IsEmpty && nodes[0].Key.AsSpan().SequenceEqual(edit.Key) ? nodes[0] : null;
            nodes = nodes[(present is null ? 0 : 1)..];
            if (edit.IsLinked)
            {
                merged.Add(edit);
            }
            else if (present is { IsLinked: true })
            {
                merged.Add(present);
            }
        }

        merged.AddRange(nodes);
        size += merged.Count;
        Pack<Node>(CollectionsMarshal.AsSpan(merged), static part => new Page(part, null), output);
    }

    /// <summary>Cuts items into pages of even size, none above <see cref="Most"/>.</summary>
    private static void Pack<T>(ReadOnlySpan<T> items, Func<T[], Page> page, List<Page> output)
    {
        int pages = (items.Length + Most - 1) / Most;
        for (int i = 0; i < pages; i++)
        {
            int from = (int)((long)items.Length * i / pages);
            int to = (int)((long)items.Length * (i + 1) / pages);
            output.Add(page(items[from..to].ToArray()));
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
}
