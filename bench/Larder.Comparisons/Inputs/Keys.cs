using System.Text;

namespace Larder.Comparisons.Inputs;

/// <summary>
/// Keys of 24 characters that share prefixes as real ones do: <c>us:0042:6b1f…</c>, 1,000 keys to a prefix. The same number gives
/// the same key in every run.
/// </summary>
internal static class Keys
{
    public const int PerPrefix = 1_000;

    /// <summary>What all keys start with.</summary>
    public const string Root = "us:";

    /// <summary>Bytes that any key fits into.</summary>
    public const int Room = 64;

    /// <summary>Numbers from here on belong to keys that are never stored.</summary>
    public const long Absent = 1L << 40;

    /// <summary>Numbers from here on belong to keys that come and go.</summary>
    public const long Passing = 1L << 41;

    public static string Make(long number) => Make(number, number);

    /// <summary>Another key under the prefix of key <paramref name="neighbour"/>.</summary>
    public static string Make(long neighbour, long number) => $"{Prefix(neighbour / PerPrefix % 10_000)}{Mix((ulong)number):x16}";

    public static string Prefix(long group) => $"{Root}{group:0000}:";

    public static string[] Range(long first, int count)
    {
        var keys = new string[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = Make(first + i);
        }

        return keys;
    }

    /// <summary>The prefixes under which exactly <see cref="PerPrefix"/> of <paramref name="entries"/> keys lie, in random order.</summary>
    public static string[] Prefixes(int entries)
    {
        var prefixes = new string[entries / PerPrefix];
        for (int i = 0; i < prefixes.Length; i++)
        {
            prefixes[i] = Prefix(i);
        }

        new Random(11).Shuffle(prefixes);
        return prefixes;
    }

    /// <summary>
    /// <paramref name="count"/> look-ups of <paramref name="keys"/> in random order, every key about as often as every other. They are
    /// new instances: a look-up by the instance that was stored would be decided by comparing references.
    /// </summary>
    public static string[] Lookups(string[] keys, int count, int seed)
    {
        var random = new Random(seed);
        string[] order = [.. keys];
        var lookups = new string[count];
        for (int i = 0; i < count; i++)
        {
            if (i % order.Length == 0)
            {
                random.Shuffle(order);
            }

            lookups[i] = new string(order[i % order.Length].AsSpan());
        }

        return lookups;
    }

    /// <summary>The bytes of a key, for peers that take bytes.</summary>
    public static ReadOnlySpan<byte> Utf8(string key, Span<byte> room) => room[..Encoding.UTF8.GetBytes(key, room)];

    /// <summary>Spreads numbers over all 64 bits (the finalizer of splitmix64).</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
