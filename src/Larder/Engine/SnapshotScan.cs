using System.Diagnostics.CodeAnalysis;
using Larder.Entries;
using Larder.Indexing;

namespace Larder.Engine;

/// <summary>Walks a range of keys at one point in time. Used by one thread at a time; pins what it sees until it is disposed or collected.</summary>
internal sealed class SnapshotScan(MemoryEngine engine, OrderedIndex index, Snapshot snapshot, KeyRange range, bool reverse) : IDisposable
{
    private IndexCursor? _cursor;
    private bool _isOver;

    /// <summary>The next entry; false at the end.</summary>
    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    internal bool Next(out Entry entry)
    {
        if (Next(out Node? node, out Record record))
        {
            entry = MemoryEngine.EntryOf(node, record);
            return true;
        }

        entry = default;
        return false;
    }

    /// <summary>The next key that is there, and what it was; false at the end.</summary>
    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    internal bool Next([NotNullWhen(true)] out Node? node, out Record record)
    {
        if (engine.IsClosed)
        {
            throw Closed.Error();
        }

        if (!_isOver)
        {
            _cursor ??= Begin();
            while ((node = _cursor.Next()) is not null)
            {
                record = Chain.At(node, snapshot);
                if (!record.IsNone)
                {
                    return true;
                }
            }

            Dispose();
        }

        node = null;
        record = default;
        return false;
    }

    private IndexCursor Begin()
    {
        Page? tree = index.View(range, out bool isCostly);
        if (isCostly)
        {
            engine.MergeLater(index);
        }

        return new IndexCursor(tree, range, reverse);
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _cursor = null;
            engine.CloseScan(snapshot);
        }
    }
}
