using System.Collections.Immutable;
using System.Text;

namespace Larder.Tests.Model;

/// <summary>
/// What a store should do, in the plainest words: a sorted dictionary, a clock that is a number, and a journal of what a watcher
/// should be told. Only entries that are there are held; what falls due leaves at once.
/// </summary>
/// <remarks>
/// Two things are the store's own choice, so the model is told of them and only checks that the choice was allowed: the numbers of
/// the versions (they must grow) and the victims of evictions (no more than needed, never a key that the same commit writes).
/// </remarks>
internal sealed class StoreModel(Settings settings, long now)
{
    private ImmutableSortedDictionary<string, ModelEntry> _entries = ImmutableSortedDictionary.Create<string, ModelEntry>(Utf8Order.Instance);
    private int _commits;

    public Settings Settings { get; } = settings;

    public long Now { get; private set; } = now;

    /// <summary>The largest version so far.</summary>
    public long LastVersion { get; private set; }

    public List<ModelChange> Journal { get; } = [];

    public IReadOnlyCollection<ModelEntry> Entries => [.. _entries.Values];

    public long Charge => _entries.Values.Sum(entry => entry.Charge);

    public ModelEntry? Find(string key) => _entries.GetValueOrDefault(key);

    public IReadOnlyList<ModelEntry> Under(string prefix) =>
        [.. _entries.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))];

    public IReadOnlyList<ModelEntry> Scan(string prefix, string? after, int limit, bool reverse)
    {
        IEnumerable<ModelEntry> found = Under(prefix);
        found = reverse ? found.Reverse() : found;
        int wanted = reverse ? -1 : 1;
        return [.. found.Where(entry => after is null || Math.Sign(Utf8Order.Instance.Compare(entry.Key, after)) == wanted).Take(limit)];
    }

    public IReadOnlyList<ModelEntry> History(string key) => Find(key) is { } entry ? [entry, .. entry.Older] : [];

    /// <summary>Refuses what no store of these settings takes, whatever it holds.</summary>
    public void CheckLimits(string key, string value = "")
    {
        if (!Takes(key) || Encoding.UTF8.GetByteCount(value) > Settings.MaxValueBytes)
        {
            throw new StoreLimitException("of the model", 0, 0, "bytes");
        }
    }

    public bool Takes(string key) => Encoding.UTF8.GetByteCount(key) <= Settings.MaxKeyBytes;

    /// <summary>Moves the clock; what falls due is gone.</summary>
    public void Advance(long ticks)
    {
        Now += ticks;
        foreach (ModelEntry due in _entries.Values.Where(entry => entry.Deadline <= Now))
        {
            _entries = _entries.Remove(due.Key);
            Journal.Add(new ModelChange(ChangeKind.Expire, due.Key, due, ++_commits));
        }
    }

    /// <summary>Applies one commit, all of it or, when <paramref name="write"/> or a bound refuses, nothing.</summary>
    /// <param name="version">The version that the store gave.</param>
    /// <param name="victims">The keys that the store evicted meanwhile.</param>
    /// <param name="write">The commit.</param>
    public T Commit<T>(long version, IReadOnlyList<string> victims, Func<Draft, T> write)
    {
        var draft = new Draft(this, _entries, version);
        T result = write(draft);
        Fit(draft, victims);
        if (draft.Written.Any(draft.Entries.ContainsKey))
        {
            Demand(version > LastVersion, $"version {version} is not larger than {LastVersion}");
            LastVersion = version;
        }

        _entries = draft.Entries;
        _commits++;
        Journal.AddRange(draft.NetChanges().Select(change => new ModelChange(change.Kind, change.Key, change.Entry, _commits)));
        return result;
    }

    /// <summary>A write may grow the store up to its bounds, and beyond them only at the cost of others.</summary>
    private void Fit(Draft draft, IReadOnlyList<string> victims)
    {
        if (!Exceeds(draft.Entries))
        {
            Demand(victims.Count == 0, $"evicted without need: {string.Join(", ", victims)}");
            return;
        }

        ImmutableSortedDictionary<string, ModelEntry> newcomers = draft.Entries.RemoveRange(draft.Entries.Keys.Where(key => !draft.Written.Contains(key)));
        if (Settings.WhenFull == WhenFull.Refuse || Exceeds(newcomers))
        {
            throw new StoreFullException("the model is full");
        }

        ImmutableSortedDictionary<string, ModelEntry> before = draft.Entries;
        foreach (string victim in victims)
        {
            Demand(before.ContainsKey(victim) && !draft.Written.Contains(victim), $"'{victim}' must not be evicted");
            draft.Evict(victim);
        }

        Demand(!Exceeds(draft.Entries), $"over the bound after evicting {string.Join(", ", victims)}");
        Demand(victims.Any(victim => Exceeds(draft.Entries.Add(victim, before[victim]))), $"evicted more than needed: {string.Join(", ", victims)}");
    }

    private bool Exceeds(ImmutableSortedDictionary<string, ModelEntry> entries) =>
        entries.Count > Settings.MaxEntries || entries.Values.Sum(entry => entry.Charge) > Settings.MaxBytes;

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new DifferenceException(otherwise);
        }
    }
}
