namespace Larder.Engine;

/// <summary>What must hold of a cache's contents whenever the gate is free.</summary>
internal static class CacheIntegrity
{
    /// <summary>Walks the index and compares every book with it. The gate is held.</summary>
    internal static (int Count, long Weight) Verify<TKey, TValue>(CacheContents<TKey, TValue> contents)
        where TKey : notnull
    {
        var seen = new HashSet<int>();
        long weight = 0;
        foreach (int slot in contents.Slots())
        {
            Check(seen.Add(slot), $"slot {slot} is in the index twice");
            contents.CheckSlot(slot);
            weight += contents.WeightOf(slot);
        }

        Check(seen.Count == contents.Count, $"the index holds {seen.Count} entries, but {contents.Count} are counted");
        Check(weight == contents.Weight, $"the entries weigh {weight}, but {contents.Weight} is counted");
        Check(contents.Policy.Count == contents.Count, $"{contents.Policy.Count} entries are queued, but {contents.Count} are counted");
        Check(contents.Policy.Weight == weight, $"the queues weigh {contents.Policy.Weight}, but the entries {weight}");
        Check(contents.Policy.Weight <= contents.Policy.Bound, $"{contents.Policy.Weight} is more than the bound of {contents.Policy.Bound}");
        return (seen.Count, weight);
    }

    internal static void Check(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"the cache is not intact: {problem}.");
        }
    }
}
