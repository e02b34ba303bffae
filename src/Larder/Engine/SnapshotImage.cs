using Larder.Changes;
using Larder.Entries;
using Larder.Indexing;

namespace Larder.Engine;

/// <summary>
/// Walks everything at one point in time, with the history that each key had then, though writers go on. The sequence of each set is its version,
/// the commit that made it.
/// </summary>
internal sealed class SnapshotImage(SnapshotScan scan, Snapshot snapshot, OrderedIndex index, bool hasHistory) : IChangeImage
{
    private readonly List<Record> _history = [];   // of the present key, newest first; taken from the end
    private Node? _node;
    private Record _present;
    private bool _isMerged;

    public long Sequence => snapshot.Sequence;

    public long Now => snapshot.Now;

    public bool Next(out Change change)
    {
        if (_history.Count > 0)
        {
            change = ChangeOf(_node!, _history[^1]);
            _history.RemoveAt(_history.Count - 1);
            return true;
        }

        if (!_present.IsNone)
        {
            change = ChangeOf(_node!, _present);
            _present = default;
            return true;
        }

        return NextKey(out change);
    }

    public void Dispose()
    {
        _history.Clear();
        _present = default;
        scan.Dispose();
    }

    private bool NextKey(out Change change)
    {
        if (!_isMerged)
        {
            index.Merge();   // all keys are wanted: their notes are merged once, for everybody, rather than for this walk alone
            _isMerged = true;
        }

        if (!scan.Next(out _node, out Record present))
        {
            change = default;
            return false;
        }

        if (hasHistory)
        {
            Chain.AddHistoryAt(_node, present, snapshot.Sequence, _history);
            if (_history.Count > 0)
            {
                _present = present;
                return Next(out change);
            }
        }

        change = ChangeOf(_node, present);
        return true;
    }

    private static Change ChangeOf(Node node, Record record) =>
        new(ChangeKind.Set, record.Version, node.Key, record.Value, record.Version, record.ExpiresAt, record.Kind);
}
