using System.Text;

namespace Larder.Tests.Model;

/// <summary>
/// Compares what a watcher was told with the model's journal, commit by commit. Both have one order, but for expirations: the store
/// tells them when it finds them, between the moment they fell due and the next change of the same key.
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

    /// <summary>The first difference; null when there is none.</summary>
    public string? Compare(IEnumerable<Told> told)
    {
        List<Told> all = [.. told];
        for (int i = 0; i < current.Count; i++)
        {
            if (all.Count == i || !all[i].IsSetOf(current[i]))
            {
                return $"the present entry {current[i]} was not told first";
            }
        }

        foreach (Told[] commit in Commits(all.Skip(current.Count)))
        {
            if ((Order(commit[0]) ?? (commit[0].Kind == ChangeKind.Expire ? Expire(commit) : Follow(commit))) is { } difference)
            {
                return $"{difference} (sequence {commit[0].Sequence})";
            }
        }

        FallDue();
        return _expected.Count > 0 ? $"the end came before {_expected.Peek()}"
            : _due.Count > 0 ? $"never told that these expired: {string.Join(", ", _due.Keys)}"
            : null;
    }

    /// <summary>Changes that follow each other with one sequence are one commit.</summary>
    private static IEnumerable<Told[]> Commits(IEnumerable<Told> told)
    {
        var commit = new List<Told>();
        foreach (Told next in told)
        {
            if (commit.Count > 0 && commit[0].Sequence != next.Sequence)
            {
                yield return [.. commit];
                commit.Clear();
            }

            commit.Add(next);
        }

        if (commit.Count > 0)
        {
            yield return [.. commit];
        }
    }

    private string? Order(Told first)
    {
        bool isLater = first.Sequence > _sequence;
        _sequence = first.Sequence;
        return isLater ? null : "the sequences do not grow";
    }

    private string? Expire(Told[] commit)
    {
        foreach (Told told in commit)
        {
            while (!_due.ContainsKey(told.Key) && _expected.TryPeek(out ModelChange? next) && next.Kind == ChangeKind.Expire)
            {
                _due.Add(next.Key, _expected.Dequeue().Entry!);
            }

            bool isDue = _lapsed.Remove(told.Key) || (_due.Remove(told.Key, out ModelEntry? entry) && entry.Version == told.Change.Version);
            if (told.Kind != ChangeKind.Expire || !isDue)
            {
                return $"told of {told} at a time when it was not due";
            }
        }

        return null;
    }

    private string? Follow(Told[] commit)
    {
        FallDue();
        var expected = new List<ModelChange>();
        while (_expected.TryPeek(out ModelChange? next) && (expected.Count == 0 || next.Commit == expected[0].Commit))
        {
            expected.Add(_expected.Dequeue());
        }

        // A clear takes along what fell due before it, told or not.
        string[] clears = [.. expected.Where(change => change.Kind == ChangeKind.Clear).Select(change => change.Key)];
        foreach (string cleared in _due.Keys.Concat(_lapsed).Where(due => clears.Any(clear => due.StartsWith(clear, StringComparison.Ordinal))).ToList())
        {
            _due.Remove(cleared);
            _lapsed.Remove(cleared);
        }

        _lapsed.ExceptWith(commit.Select(told => told.Key));
        return commit.Select(told => told.Key).FirstOrDefault(_due.ContainsKey) is { } early ? $"told of '{early}' before its expiration"
            : !Orderly(commit) ? $"victims and clears come first: {Show(commit)}"
            : !Matches(commit, expected, clears) ? $"told of {Show(commit)} instead of {string.Join(", ", expected)}"
            : null;
    }

    /// <summary>Within a commit what makes room comes first; each key has one change, so the order of the rest does not matter.</summary>
    private static bool Orderly(Told[] commit)
    {
        int[] ranks = [.. commit.Select(told => told.Kind switch { ChangeKind.Evict or ChangeKind.Clear => 0, _ => 1 })];
        return ranks.SequenceEqual(ranks.Order());
    }

    private static bool Matches(Told[] commit, List<ModelChange> expected, string[] clears)
    {
        List<ModelChange> left = [.. expected];
        foreach (Told told in commit)
        {
            // That something set and removed again after a clear is told as a removal is of no use to anybody, and of no harm.
            bool isIdle = told.Kind == ChangeKind.Remove && clears.Any(clear => told.Key.StartsWith(clear, StringComparison.Ordinal));
            int match = left.FindIndex(told.Is);
            if (match < 0 && !isIdle)
            {
                return false;
            }

            if (match >= 0)
            {
                left.RemoveAt(match);
            }
        }

        return left.Count == 0;
    }

    private void FallDue()
    {
        while (_expected.TryPeek(out ModelChange? next) && next.Kind == ChangeKind.Expire)
        {
            _due.Add(next.Key, _expected.Dequeue().Entry!);
        }
    }

    private static string Show(Told[] commit) => string.Join(", ", commit.Select(told => told.ToString()));
}

/// <summary>A change as it was told, under the key that the store itself knows.</summary>
internal readonly record struct Told(Change Change, string Key)
{
    public ChangeKind Kind => Change.Kind;

    public long Sequence => Change.Sequence;

    public bool Is(ModelChange expected) => Kind == expected.Kind && Key == expected.Key && Kind switch
    {
        ChangeKind.Set => IsSetOf(expected.Entry!) && Change.Sequence == Change.Version,
        ChangeKind.Clear => true,
        _ => Change.Version == expected.Entry!.Version && Change.Value.IsEmpty,
    };

    public bool IsSetOf(ModelEntry entry) => Kind == ChangeKind.Set && entry.ToString() == Entry();

    public override string ToString() => $"{Sequence}: {Kind} {Entry()}";

    private string Entry() =>
        ModelEntry.Show(Key, Encoding.UTF8.GetString(Change.Value.Span), Change.ValueKind, Change.Version, Change.ExpiresAt?.UtcTicks);
}
