using System.Text;

namespace Larder.Tests.Model;

/// <summary>
/// Compares what a watcher was told with the model's journal. Both have one order, but for expirations: the store tells them when
/// it finds them, between the moment they fell due and the next change of the same key.
/// </summary>
/// <param name="current">The present entries, which come first.</param>
/// <param name="lapsed">Keys that fell due before the watch began; whether their expiration had been told by then is not known.</param>
/// <param name="journal">What happened since.</param>
internal sealed class ChangeStream(IReadOnlyList<ModelEntry> current, IEnumerable<string> lapsed, IEnumerable<ModelChange> journal)
{
    private readonly Queue<ModelChange> _expected = new(journal);
    private readonly HashSet<string> _lapsed = [.. lapsed];
    private readonly Dictionary<string, ModelEntry> _due = [];
    private long _sequence;
    private int _commit;

    /// <summary>The first difference; null when there is none.</summary>
    public string? Compare(IEnumerable<(Change Change, string Key)> told)
    {
        var rest = new Queue<(Change Change, string Key)>(told);
        foreach (ModelEntry entry in current)
        {
            if (!rest.TryDequeue(out (Change Change, string Key) present) || !IsSetOf(present.Change, present.Key, entry))
            {
                return $"the present entry {entry} was not told first";
            }
        }

        while (rest.TryDequeue(out (Change Change, string Key) next))
        {
            string? difference = next.Change.Kind == ChangeKind.Expire ? Expire(next.Key, next.Change) : Follow(next.Key, next.Change);
            if (difference is not null)
            {
                return $"{difference} (sequence {next.Change.Sequence})";
            }
        }

        while (_expected.TryPeek(out ModelChange? left) && left.Kind == ChangeKind.Expire)
        {
            FallDue();
        }

        return _expected.Count > 0 ? $"the end came before {_expected.Peek()}"
            : _due.Count > 0 ? $"never told that these expired: {string.Join(", ", _due.Keys)}"
            : null;
    }

    private string? Expire(string key, Change change)
    {
        while (!_due.ContainsKey(key) && _expected.TryPeek(out ModelChange? next) && next.Kind == ChangeKind.Expire)
        {
            FallDue();
        }

        if (_lapsed.Remove(key))
        {
            return Order(change, commit: 0);
        }

        if (!_due.Remove(key, out ModelEntry? entry))
        {
            return $"'{key}' expired before its time";
        }

        return entry.Version == change.Version ? Order(change, commit: 0) : $"'{key}' expired with version {change.Version} instead of {entry.Version}";
    }

    private string? Follow(string key, Change change)
    {
        while (_expected.TryPeek(out ModelChange? next) && next.Kind == ChangeKind.Expire)
        {
            FallDue();
        }

        if (!_expected.TryDequeue(out ModelChange? expected))
        {
            return $"told of {change.Kind} '{key}', which never happened";
        }

        if (change.Kind == ChangeKind.Clear)
        {
            foreach (string cleared in _due.Keys.Where(due => due.StartsWith(expected.Key, StringComparison.Ordinal)).ToList())
            {
                _due.Remove(cleared);
            }
        }

        _lapsed.Remove(key);
        bool same = change.Kind == expected.Kind && change.Kind switch
        {
            ChangeKind.Set => IsSetOf(change, key, expected.Entry!) && change.Sequence == change.Version,
            ChangeKind.Clear => key == expected.Key,
            _ => key == expected.Key && change.Version == expected.Entry!.Version && change.Value.IsEmpty,
        };
        return !same ? $"told of {change.Kind} '{key}' instead of {expected}"
            : _due.ContainsKey(key) ? $"told of {change.Kind} '{key}' before its expiration"
            : Order(change, expected.Commit);
    }

    /// <summary>Sequences grow from commit to commit and are the same within one.</summary>
    private string? Order(Change change, int commit)
    {
        bool ordered = commit != 0 && commit == _commit ? change.Sequence == _sequence : change.Sequence >= _sequence + (commit == 0 ? 0 : 1);
        _sequence = change.Sequence;
        _commit = commit;
        return ordered ? null : $"sequence {change.Sequence} is out of order";
    }

    private void FallDue()
    {
        ModelChange due = _expected.Dequeue();
        _due.Add(due.Key, due.Entry!);
    }

    private static bool IsSetOf(Change change, string key, ModelEntry entry) =>
        change.Kind == ChangeKind.Set
        && entry.ToString() == ModelEntry.Show(key, Encoding.UTF8.GetString(change.Value.Span), change.ValueKind, change.Version, change.ExpiresAt?.UtcTicks);
}
