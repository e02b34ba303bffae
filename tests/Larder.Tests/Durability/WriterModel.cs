using System.Globalization;
using System.Text;
using Larder.Tests.Child;

namespace Larder.Tests.Durability;

/// <summary>What the keys of one writer hold after its first steps: the versions kept of each, the newest first.</summary>
internal sealed class WriterModel(int writer)
{
    private readonly Dictionary<string, List<Kept>> _keys = [];

    /// <summary>Commits that the steps made; a step that changes nothing makes none.</summary>
    public long Commits { get; private set; }

    /// <summary>How many steps there were.</summary>
    public long Steps { get; private set; }

    /// <summary>How often the steps added to the shared counter.</summary>
    public long Shared { get; private set; }

    /// <summary>One step more. The sequence is 0 when the writer was not told, or did not live to hear of it.</summary>
    public void Apply(Step step, long sequence)
    {
        string key = Plan.ValueKey(writer, step.Key);
        string counter = Plan.CounterKey(writer, step.Key);
        Steps++;
        Commits++;
        switch (step.Kind)
        {
            case StepKind.Set:
                Put(key, new Kept(step.Value(), ValueKind.Bytes, sequence, null));
                break;
            case StepKind.SetWithDeadline:
                Put(key, new Kept(step.Value(), ValueKind.Bytes, sequence, step.Deadline));
                break;
            case StepKind.Touch when _keys.TryGetValue(key, out List<Kept>? touched):
                touched[0] = touched[0] with { Sequence = sequence, Deadline = step.Deadline };
                break;
            case StepKind.Increment:
                Add(counter, step.By, sequence);
                break;
            case StepKind.Remove when _keys.Remove(key):
                break;
            case StepKind.RemoveInBatch:
                PutTwins(step, sequence);
                _keys.Remove(key);
                break;
            case StepKind.Batch:
                PutTwins(step, sequence);
                _keys.Remove(key);
                Add(counter, step.By, sequence);
                Shared++;
                break;
            default:
                Commits--;
                break;
        }
    }

    /// <summary>The first difference from what a store holds; null when there is none.</summary>
    public string? DifferenceFrom(IStore store)
    {
        List<Entry> found = [.. store.Scan(Plan.Prefix(writer))];
        string? surplus = found.Select(entry => entry.Key).Except(_keys.Keys).FirstOrDefault();
        string? missing = _keys.Keys.Except(found.Select(entry => entry.Key)).FirstOrDefault();
        if (surplus is not null || missing is not null)
        {
            return surplus is null ? $"{missing} is not there" : $"{surplus} is there";
        }

        return _keys.Select(pair => Difference(pair.Key, pair.Value, store.History(pair.Key))).FirstOrDefault(difference => difference is not null);
    }

    /// <summary>The same, apart.</summary>
    public WriterModel Clone()
    {
        var clone = new WriterModel(writer) { Steps = Steps, Commits = Commits, Shared = Shared };
        foreach ((string key, List<Kept> kept) in _keys)
        {
            clone._keys.Add(key, [.. kept]);
        }

        return clone;
    }

    private static string? Difference(string key, List<Kept> kept, IReadOnlyList<Entry> found)
    {
        if (kept.Count != found.Count)
        {
            return $"{key} has {found.Count} versions, not {kept.Count}";
        }

        for (int at = 0; at < kept.Count; at++)
        {
            (byte[] value, ValueKind kind, long sequence, DateTimeOffset? deadline) = kept[at];
            Entry entry = found[at];
            if (!entry.Value.Span.SequenceEqual(value) || entry.Kind != kind)
            {
                return $"{key}: version {at} from the newest has another value ({entry.Value.Length} bytes, not {value.Length}; sequence {entry.Version}, not {sequence})";
            }

            if ((sequence != 0 && entry.Version != sequence) || (at == 0 && entry.ExpiresAt != deadline))
            {
                return $"{key}: version {at} from the newest is {entry.Version} until {entry.ExpiresAt}, not {sequence} until {deadline}";
            }
        }

        return null;
    }

    private void PutTwins(Step step, long sequence)
    {
        Put(Plan.TwinKey(writer, 0), new Kept(step.Value(), ValueKind.Bytes, sequence, null));
        Put(Plan.TwinKey(writer, 1), new Kept(step.Value(), ValueKind.Bytes, sequence, null));
    }

    private void Add(string counter, long by, long sequence)
    {
        long before = _keys.TryGetValue(counter, out List<Kept>? kept) ? long.Parse(kept[0].Value, CultureInfo.InvariantCulture) : 0;
        byte[] digits = Encoding.ASCII.GetBytes((before + by).ToString(CultureInfo.InvariantCulture));
        Put(counter, new Kept(digits, ValueKind.Counter, sequence, null));
    }

    private void Put(string key, Kept version)
    {
        if (!_keys.TryGetValue(key, out List<Kept>? kept))
        {
            _keys[key] = kept = [];
        }

        kept.Insert(0, version);
        if (kept.Count > Plan.Versions)
        {
            kept.RemoveAt(Plan.Versions);
        }
    }

    private readonly record struct Kept(byte[] Value, ValueKind Kind, long Sequence, DateTimeOffset? Deadline);
}
