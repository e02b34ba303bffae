using System.Collections.Immutable;
using System.Globalization;

namespace Larder.Tests.Model;

/// <summary>One commit in the making: works on a copy of the entries, so that a refusal changes nothing.</summary>
internal sealed class Draft(StoreModel model, ImmutableSortedDictionary<string, ModelEntry> entries, long version)
{
    private readonly ImmutableSortedDictionary<string, ModelEntry> _before = entries;

    public ImmutableSortedDictionary<string, ModelEntry> Entries { get; private set; } = entries;

    public List<(ChangeKind Kind, string Key, ModelEntry? Entry)> Changes { get; } = [];

    /// <summary>The keys this commit writes; they are never its victims.</summary>
    public HashSet<string> Written { get; } = [];

    public ModelEntry? Find(string key) => Entries.GetValueOrDefault(key);

    public long VersionOf(string key) => Find(key)?.Version ?? 0;

    /// <summary>The version the key has now, 0 when its lifetime was over at once.</summary>
    public long Set(string key, string value, ValueKind kind, Lifetime lifetime, bool keepByDefault = false)
    {
        ModelEntry? existing = Find(key);
        long? deadline = lifetime.Deadline(model.Now, existing, keepByDefault);
        if (deadline <= model.Now)
        {
            Remove(key);
            return 0;
        }

        return Put(new ModelEntry(key, value, kind, version, deadline, Predecessors(existing)));
    }

    public bool Remove(string key)
    {
        if (Find(key) is not { } entry)
        {
            return false;
        }

        Entries = Entries.Remove(key);
        Changes.Add((ChangeKind.Remove, key, entry));
        return true;
    }

    public bool Touch(string key, Lifetime lifetime)
    {
        if (Find(key) is not { } entry)
        {
            return false;
        }

        long? deadline = lifetime.Deadline(model.Now, entry);
        if (deadline <= model.Now)
        {
            return Remove(key);
        }

        Put(entry with { Version = version, Deadline = deadline });
        return true;
    }

    public long Increment(string key, long by, Lifetime lifetime)
    {
        long sum = checked((Find(key) is { } entry ? Count(entry) : 0) + by);
        Set(key, sum.ToString(CultureInfo.InvariantCulture), ValueKind.Counter, lifetime, keepByDefault: true);
        return sum;
    }

    public void Clear(string prefix)
    {
        Entries = Entries.RemoveRange(Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList());
        Changes.Add((ChangeKind.Clear, prefix, null));
    }

    public void Evict(string key)
    {
        Changes.Insert(Changes.FindLastIndex(change => change.Kind == ChangeKind.Evict) + 1, (ChangeKind.Evict, key, Find(key)));
        Entries = Entries.Remove(key);
    }

    /// <summary>Takes everything back; the result carries the version the key then has.</summary>
    public WriteResult Refuse(string key)
    {
        Entries = _before;
        Changes.Clear();
        Written.Clear();
        return new WriteResult(false, VersionOf(key));
    }

    /// <summary>What the commit comes to: victims, then clears, then one change for every key that is not as it was.</summary>
    public IEnumerable<(ChangeKind Kind, string Key, ModelEntry? Entry)> NetChanges()
    {
        List<(ChangeKind Kind, string Key, ModelEntry? Entry)> clears = [.. Changes.Where(change => change.Kind == ChangeKind.Clear)];
        clears.RemoveRange(0, Math.Max(0, clears.FindLastIndex(clear => clear.Key.Length == 0)));   // everything covers what came before it
        IEnumerable<(ChangeKind Kind, string Key, ModelEntry? Entry)> keys =
            from key in Changes.Where(change => change.Kind is ChangeKind.Set or ChangeKind.Remove).Select(change => change.Key).Distinct()
            let before = _before.GetValueOrDefault(key)
            let after = Entries.GetValueOrDefault(key)
            where after is not null || (before is not null && !clears.Exists(clear => key.StartsWith(clear.Key, StringComparison.Ordinal)))
            select after is not null ? (ChangeKind.Set, key, after) : (ChangeKind.Remove, key, before);
        return [.. Changes.Where(change => change.Kind == ChangeKind.Evict), .. clears, .. keys];
    }

    private static long Count(ModelEntry entry) =>
        long.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long count)
        && count.ToString(CultureInfo.InvariantCulture) == entry.Value
            ? count
            : throw new NotACounterException(entry.Key);

    private long Put(ModelEntry entry)
    {
        Entries = Entries.SetItem(entry.Key, entry);
        Written.Add(entry.Key);
        Changes.Add((ChangeKind.Set, entry.Key, entry));
        return version;
    }

    /// <summary>What becomes history. Within one commit a key has one version: what the same commit wrote before leaves no trace.</summary>
    private ImmutableList<ModelEntry> Predecessors(ModelEntry? existing)
    {
        if (existing is null || existing.Version == version)
        {
            return existing?.Older ?? [];
        }

        return existing.Older.Insert(0, existing with { Older = [] }).Take(model.Settings.VersionsToKeep - 1).ToImmutableList();
    }
}
