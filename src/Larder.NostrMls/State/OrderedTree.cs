namespace Larder.NostrMls.State;

/// <summary>What an ordered tree orders its items by.</summary>
internal interface IOrder<in T, out TKey>
{
    static abstract TKey KeyOf(T item);
}

/// <summary>
/// An immutable set of items in the order of a key that each of them has: a B+ tree whose nodes are copied on the way to a change, so that an older version costs nothing and
/// stays as it was for whoever reads it. Finding, adding and removing are O(log n); a page from the end costs O(log n) and what it holds.
/// </summary>
internal sealed class OrderedTree<T, TKey, TOrder>
    where T : class
    where TKey : IComparable<TKey>
    where TOrder : struct, IOrder<T, TKey>
{
    internal static readonly OrderedTree<T, TKey, TOrder> Empty = new();

    private const int Most = 16;    // items of a leaf, children of a branch
    private const int Few = 5;     // below that a node looks for a neighbour to merge with

    private readonly Node _root;

    /// <summary>An empty one.</summary>
    internal OrderedTree()
        : this(new Node([], null, 0))
    {
    }

    private OrderedTree(Node root) => _root = root;

    internal int Count => _root.Count;

    internal T? Least => Count == 0 ? null : _root.Items[0];

    internal T? Greatest
    {
        get
        {
            Node node = _root;
            while (node.Children is { } children)
            {
                node = children[^1];
            }

            return node.Items.Length == 0 ? null : node.Items[^1];
        }
    }

    internal T? Find(TKey key)
    {
        Node node = _root;
        while (true)
        {
            int at = LastNotAbove(node.Items, key, out bool isExact);
            if (node.Children is not { } children)
            {
                return isExact ? node.Items[at] : null;
            }

            if (at < 0)
            {
                return null;
            }

            node = children[at];
        }
    }

    /// <summary>Adds an item, in place of one with the same key.</summary>
    internal OrderedTree<T, TKey, TOrder> Set(T item)
    {
        (Node left, Node? right) = Set(_root, TOrder.KeyOf(item), item);
        return new(right is null ? left : Branch([left, right]));
    }

    /// <summary>Adds as many items as a leaf holds, in order, all of them above those that are there.</summary>
    internal OrderedTree<T, TKey, TOrder> Append(T[] items)
    {
        if (Count == 0)
        {
            return new(Leaf(items));
        }

        (Node left, Node? right) = Append(_root, Leaf(items));
        return new(right is null ? left : Branch([left, right]));
    }

    /// <summary>Without the item of this key; the same tree when there is none.</summary>
    internal OrderedTree<T, TKey, TOrder> Remove(TKey key)
    {
        Node root = Remove(_root, key);
        while (root.Children is [{ } only])
        {
            root = only;
        }

        return ReferenceEquals(root, _root) ? this : root.Count == 0 ? Empty : new(root);
    }

    /// <summary>Items in order, from the first whose key is not below.</summary>
    internal IEnumerable<T> From(TKey key) => Ascending(_root, key, hasKey: true);

    internal IEnumerable<T> Ascending() => Ascending(_root, default!, hasKey: false);

    internal IEnumerable<T> Descending() => Descending(_root);

    /// <summary>So many items from the greatest down, after leaving out some.</summary>
    internal List<T> Page(int offset, int limit)
    {
        var page = new List<T>(Math.Clamp(Count - offset, 0, limit));
        Collect(_root, ref offset, limit, page);
        return page;
    }

    private static void Collect(Node node, ref int skip, int limit, List<T> page)
    {
        if (skip >= node.Count)
        {
            skip -= node.Count;
            return;
        }

        int at = node.Items.Length - 1;
        if (node.Children is { } children)
        {
            for (; at >= 0 && page.Count < limit; at--)
            {
                Collect(children[at], ref skip, limit, page);
            }

            return;
        }

        for (at -= skip, skip = 0; at >= 0 && page.Count < limit; at--)
        {
            page.Add(node.Items[at]);
        }
    }

    private static IEnumerable<T> Ascending(Node node, TKey key, bool hasKey)
    {
        int first = 0;
        if (hasKey)
        {
            int at = LastNotAbove(node.Items, key, out bool isExact);
            first = node.Children is null && !isExact ? at + 1 : Math.Max(0, at);
        }

        for (int at = first; at < node.Items.Length; at++)
        {
            if (node.Children is not { } children)
            {
                yield return node.Items[at];
                continue;
            }

            foreach (T item in Ascending(children[at], key, hasKey && at == first))
            {
                yield return item;
            }
        }
    }

    private static IEnumerable<T> Descending(Node node)
    {
        for (int at = node.Items.Length - 1; at >= 0; at--)
        {
            if (node.Children is not { } children)
            {
                yield return node.Items[at];
                continue;
            }

            foreach (T item in Descending(children[at]))
            {
                yield return item;
            }
        }
    }

    private static (Node Left, Node? Right) Set(Node node, TKey key, T item)
    {
        int at = LastNotAbove(node.Items, key, out bool isExact);
        if (node.Children is not { } children)
        {
            return isExact ? (Leaf(With(node.Items, at, item)), null) : Fitting(Inserted(node.Items, at + 1, item), at + 1 == node.Items.Length);
        }

        at = Math.Max(0, at);
        (Node left, Node? right) = Set(children[at], key, item);
        return right is null
            ? (Replaced(node, children, at, left), null)
            : Fitting(Inserted(With(children, at, left), at + 1, right), at + 1 == children.Length);
    }

    private static (Node Left, Node? Right) Append(Node node, Node leaf)
    {
        if (node.Children is not { } children)
        {
            return (node, leaf);
        }

        (Node left, Node? right) = Append(children[^1], leaf);
        Node[] changed = With(children, children.Length - 1, left);
        return Fitting(right is null ? changed : Inserted(changed, children.Length, right), isAtEnd: true);
    }

    private static Node Remove(Node node, TKey key)
    {
        int at = LastNotAbove(node.Items, key, out bool isExact);
        if (node.Children is not { } children)
        {
            return isExact ? Leaf(Without(node.Items, at)) : node;
        }

        if (at < 0)
        {
            return node;
        }

        Node child = Remove(children[at], key);
        if (ReferenceEquals(child, children[at]))
        {
            return node;
        }

        if (child.Items.Length == 0)
        {
            return Branch(Without(children, at));
        }

        int with = at > 0 ? at - 1 : at + 1;
        if (child.Items.Length >= Few || with >= children.Length || child.Items.Length + children[with].Items.Length > Most)
        {
            return Replaced(node, children, at, child);
        }

        (Node first, Node second) = with < at ? (children[with], child) : (child, children[with]);
        Node merged = first.Children is null ? Leaf([.. first.Items, .. second.Items]) : Branch([.. first.Children, .. second.Children!]);
        return Branch(With(Without(children, Math.Max(at, with)), Math.Min(at, with), merged));
    }

    /// <summary>One leaf, or two when there are too many items. What only grows at its end leaves full leaves behind.</summary>
    private static (Node Left, Node? Right) Fitting(T[] items, bool isAtEnd)
    {
        int half = isAtEnd ? items.Length - 1 : items.Length / 2;
        return items.Length <= Most ? (Leaf(items), null) : (Leaf(items[..half]), Leaf(items[half..]));
    }

    private static (Node Left, Node? Right) Fitting(Node[] children, bool isAtEnd)
    {
        int half = isAtEnd ? children.Length - 1 : children.Length / 2;
        return children.Length <= Most ? (Branch(children), null) : (Branch(children[..half]), Branch(children[half..]));
    }

    private static Node Leaf(T[] items) => new(items, null, items.Length);

    /// <summary>A branch with one child changed: the way of nearly every change, so it looks at nothing else.</summary>
    private static Node Replaced(Node node, Node[] children, int at, Node child)
    {
        T[] least = ReferenceEquals(child.Items[0], node.Items[at]) ? node.Items : With(node.Items, at, child.Items[0]);
        return new Node(least, With(children, at, child), node.Count + child.Count - children[at].Count);
    }

    private static Node Branch(Node[] children)
    {
        var least = new T[children.Length];
        int count = 0;
        for (int i = 0; i < children.Length; i++)
        {
            least[i] = children[i].Items[0];
            count += children[i].Count;
        }

        return new Node(least, children, count);
    }

    private static int LastNotAbove(T[] items, TKey key, out bool isExact)
    {
        int low = 0;
        int high = items.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = key.CompareTo(TOrder.KeyOf(items[middle]));
            if (order == 0)
            {
                isExact = true;
                return middle;
            }

            if (order > 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        isExact = false;
        return high;
    }

    private static TItem[] With<TItem>(TItem[] items, int at, TItem item)
    {
        var copy = (TItem[])items.Clone();
        copy[at] = item;
        return copy;
    }

    private static TItem[] Inserted<TItem>(TItem[] items, int at, TItem item)
    {
        var copy = new TItem[items.Length + 1];
        items.AsSpan(0, at).CopyTo(copy);
        copy[at] = item;
        items.AsSpan(at).CopyTo(copy.AsSpan(at + 1));
        return copy;
    }

    private static TItem[] Without<TItem>(TItem[] items, int at)
    {
        var copy = new TItem[items.Length - 1];
        items.AsSpan(0, at).CopyTo(copy);
        items.AsSpan(at + 1).CopyTo(copy.AsSpan(at));
        return copy;
    }

    /// <summary>A leaf with its items, or a branch with its children and the least item of each.</summary>
    private sealed class Node(T[] items, Node[]? children, int count)
    {
        internal readonly T[] Items = items;
        internal readonly Node[]? Children = children;
        internal readonly int Count = count;
    }
}
