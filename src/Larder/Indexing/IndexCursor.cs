using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Larder.Entries;

namespace Larder.Indexing;

/// <summary>Walks a range of an immutable tree of pages, either way. Compares keys once a page, not once an entry.</summary>
internal sealed class IndexCursor
{
    private const int Ahead = 8;

    private readonly KeyRange _range;
    private readonly bool _reverse;

    // The way down: the branches above the present leaf and the child taken in each.
    private readonly List<(Page Branch, int Child)> _path = [];
    private Node[] _nodes = [];
    private int _at;
    private int _end;   // where to stop in this leaf; the walk is over when that is inside it

    internal IndexCursor(Page? root, KeyRange range, bool reverse)
    {
        _range = range;
        _reverse = reverse;
        if (root is null)
        {
            return;
        }

        // In reverse the range begins just below its high end.
        byte[]? from = reverse ? range.High : range.Low;
        Descend(root, branch => from is null ? branch.Children.Length - 1 : branch.ChildOf(from));
    }

    /// <summary>The next node of the range; null when there is none. The node may have been removed: ask its versions.</summary>
    internal Node? Next()
    {
        while (true)
        {
            if (!_reverse && _at < _end)
            {
                FetchAhead(_at + Ahead);
                return _nodes[_at++];
            }

            if (_reverse && _at > _end)
            {
                FetchAhead(_at - Ahead);
                return _nodes[--_at];
            }

            if (!Advance())
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Asks the processor for a node that will be wanted soon, and for the key and the version of one that will be wanted sooner: their places in memory
    /// have nothing to do with each other, and waiting for them one by one is most of a scan over many keys.
    /// </summary>
    private unsafe void FetchAhead(int at)
    {
        if (!Sse.IsSupported || (uint)at >= (uint)_nodes.Length)
        {
            return;
        }

        // An address that the collector has made stale meanwhile is only a wasted request.
        Sse.Prefetch0(*(void**)Unsafe.AsPointer(ref _nodes[at]));
        Node sooner = _nodes[(at + _at) / 2];
        byte[] key = sooner.Key;
        Sse.Prefetch0(*(void**)Unsafe.AsPointer(ref key));
        if (sooner.Head.Bytes is { } version)
        {
            Sse.Prefetch0(*(void**)Unsafe.AsPointer(ref version));
        }
    }

    private bool Advance()
    {
        bool stoppedInside = _reverse ? _end > 0 : _end < _nodes.Length;
        if (stoppedInside)
        {
            return false;
        }

        while (_path.Count > 0)
        {
            (Page branch, int child) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            int next = _reverse ? child - 1 : child + 1;
            if (next >= 0 && next < branch.Children.Length)
            {
                _path.Add((branch, next));
                Descend(branch.Children[next], page => _reverse ? page.Children.Length - 1 : 0);
                return true;
            }
        }

        _nodes = [];
        _at = _end = 0;
        return false;
    }

    private void Descend(Page page, Func<Page, int> choose)
    {
        while (!page.IsLeaf)
        {
            int child = choose(page);
            _path.Add((page, child));
            page = page.Children[child];
        }

        _nodes = page.Nodes;
        int low = page.IndexOf(_range.Low, _range.AboveLow);
        int high = _range.High is null ? _nodes.Length : page.IndexOf(_range.High);
        (_at, _end) = _reverse ? (high, low) : (low, high);
        if (low > high)
        {
            _at = _end = _reverse ? 1 : 0;   // an empty range: stop here
        }
    }
}
