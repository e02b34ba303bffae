namespace Larder.Comparisons.Peers.Caches;

/// <summary>What is cached: an object that a cache hands back by reference. Readers touch it.</summary>
internal sealed class Cached(long number, byte[]? content = null)
{
    public long Number => number;

    public byte[]? Content => content;

    /// <summary>A power of two of them, so that a loop can take them in turn.</summary>
    public static Cached[] Some { get; } = [.. Enumerable.Range(1, 1_024).Select(number => new Cached(number))];
}
