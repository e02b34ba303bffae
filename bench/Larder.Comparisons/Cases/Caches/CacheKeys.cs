using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>Keys of one type: the same number gives the same key, and a copy is another instance where that makes a difference.</summary>
internal sealed record CacheKeys<TKey>(string Name, Func<long, TKey> Make, Func<TKey, TKey> Copy)
    where TKey : notnull
{
    public TKey[] Range(long first, int count)
    {
        var keys = new TKey[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = Make(first + i);
        }

        return keys;
    }

    /// <summary>Look-ups in random order, every key about as often as every other.</summary>
    public TKey[] Lookups(TKey[] keys, int count, int seed)
    {
        var random = new Random(seed);
        TKey[] order = [.. keys];
        var lookups = new TKey[count];
        for (int i = 0; i < count; i++)
        {
            if (i % order.Length == 0)
            {
                random.Shuffle(order);
            }

            lookups[i] = Copy(order[i % order.Length]);
        }

        return lookups;
    }
}

/// <summary>The two types of keys that are measured.</summary>
internal static class CacheKeys
{
    public static readonly CacheKeys<string> Strings = new("string", Keys.Make, static key => new string(key.AsSpan()));

    /// <summary>Numbers all over the range.</summary>
    public static readonly CacheKeys<long> Longs = new("long", static number => (long)Keys.Mix((ulong)number), static key => key);
}
