using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Caches;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>Everything about the cache of objects.</summary>
internal static class CacheCases
{
    public static void Measure(Run run)
    {
        if (run.Wants(CacheWork.Selector, CacheWork.PausesSelector) && CachePeerKind<string>.Everybody.All(k => k.Name != CacheNames.Lru))
        {
            run.Notes.Add("BitFaster: peer absent; --bitfaster takes the path of BitFaster.Caching.dll.");
        }

        if (run.Wants(CacheWork.Selector))
        {
            foreach (int entries in run.Effort.Sizes)
            {
                CachePointCases.Measure(run, CacheKeys.Strings, CacheWork.Strings, entries);
                CachePointCases.Measure(run, CacheKeys.Longs, CacheWork.Longs, entries);
            }

            foreach (int capacity in (int[])[run.Effort.Small, run.Effort.Churn])
            {
                CacheChurnCases.Measure(run, CacheKeys.Strings, CacheWork.Strings, capacity);
                CacheChurnCases.Measure(run, CacheKeys.Longs, CacheWork.Longs, capacity);
            }

            CacheExpiryCases.MeasureReads(run, run.Effort.Small);
            CacheExpiryCases.MeasureStall(run, run.Effort.Large);
        }

        if (run.Wants(CacheWork.PausesSelector))
        {
            CacheFootprintCases.Measure(run, run.Effort.Millions);
        }
    }
}
