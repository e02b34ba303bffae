using Larder.Comparisons.Cases.Caches;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Caches;

namespace Larder.Comparisons.Reporting;

/// <summary>The gates of the cache. Of several peers the best that takes part counts, and the line names it.</summary>
internal static class CacheGates
{
    public static IEnumerable<Gate> Of(Effort effort)
    {
        int small = effort.Small;
        int large = effort.Large;
        CacheWork strings = CacheWork.Strings;
        CacheWork longs = CacheWork.Longs;
        string[] bounded = CacheNames.Bounded;
        yield return new("1", strings.Hit, small, 1, bounded, 0.75, 0.60);
        yield return new("2", strings.Hit, small, 2, bounded, 0.75, 0.45);
        yield return new("3", longs.Hit, small, 1, bounded, 0.60, 0.45);
        yield return new("4", strings.Hit, small, 1, CacheNames.Dictionary, 0.85, 0.70);
        yield return new("4", longs.Hit, small, 1, CacheNames.Dictionary, 1.10, 0.95);
        yield return new("5", strings.Hit, large, 1, bounded, 0.70, 0.55);
        yield return new("6", longs.Hit, large, 1, bounded, 0.60, 0.45);
        foreach (int size in effort.Sizes)
        {
            yield return new("7", strings.Miss, size, 1, bounded, 0.45, 0.30);
            yield return new("7", longs.Miss, size, 1, bounded, 0.45, 0.30);
        }

        yield return new("8", strings.Batched, large, 1, bounded, 0.40, 0.25);
        yield return new("8", longs.Batched, large, 1, bounded, 0.40, 0.25);
        yield return new("9", strings.Batched, small, 1, CachePointCases.OneByOne, 1.10, 1.00);
        yield return new("9", longs.Batched, small, 1, CachePointCases.OneByOne, 1.10, 1.00);
        yield return new("10", strings.GetOrAdd, small, 1, bounded, 0.90, 0.75);
        yield return new("10", longs.GetOrAdd, small, 1, bounded, 0.90, 0.75);
        yield return new("11", strings.Update, small, 1, bounded, 0.85, 0.60);
        yield return new("11", strings.Update, small, 2, bounded, 0.85, 0.60);
        yield return new("12", strings.TimedUpdate, small, 1, CacheNames.TLru, 0.85, 0.60);
        yield return new("12", strings.TimedUpdate, small, 1, CacheNames.MemoryCache, 0.35, 0.25);
        foreach (int threads in Run.ThreadCounts)
        {
            yield return new("13", strings.Evicting, small, threads, CacheNames.BitFaster, 0.45, 0.25);
            yield return new("13", strings.Evicting, small, threads, CacheNames.LockedLru, 0.85, 0.60);
            yield return new("13", longs.Evicting, small, threads, CacheNames.BitFaster, 0.45, 0.25);
            yield return new("13", longs.Evicting, small, threads, CacheNames.LockedLru, 0.85, 0.60);
        }

        foreach (int capacity in (int[])[small, effort.Churn])
        {
            yield return new("14", strings.Zipf, capacity, 1, CacheNames.Evicting, 0.50, 0.35);
            yield return new("14", strings.ZipfMisses, capacity, 1, CacheChurnCases.LfuAndOne, 1.00, 0.95);
        }

        yield return new("15", CacheWork.OverPayload, effort.Millions, 1, CacheNames.Lru, 0.45, 0.33);
        yield return new("17", CacheWork.LongestPause, effort.Millions, 1, CacheNames.Lru, 0.50, 0.30);
        yield return new("17", CacheWork.FullCollection, effort.Millions, 1, CacheNames.Lru, 0.30, 0.15);
        yield return new("20", CacheWork.TimedGet, small, 1, CacheExpiryCases.Untimed, 1.05, 1.00);
        yield return new("37", strings.Hit, small, 1, CachePointCases.ThousandthOfAMillisecond, 0.05, 0.02);
    }
}
