using System.Numerics;

namespace Larder.Cli.Bench;

/// <summary>
/// Counts durations in nanoseconds in buckets whose width grows with the duration, so that every percentile is right within 1/32.
/// One thread records; histograms are added up afterwards.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int BitsWithin = 5;
    private const int Within = 1 << BitsWithin;

    private readonly long[] _counts = new long[(64 - BitsWithin) * Within];

    public long Count { get; private set; }

    public long Largest { get; private set; }

    public void Record(long nanoseconds)
    {
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        Largest = Math.Max(Largest, nanoseconds);
    }

    public void Add(LatencyHistogram other)
    {
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        Largest = Math.Max(Largest, other.Largest);
    }

    /// <summary>The duration that this share of all, from 0 to 1, does not exceed.</summary>
    public long Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return Math.Min(Largest, StartOf(bucket + 1) - 1);
            }
        }

        return Largest;
    }

    /// <summary>How many durations begin in each interval between two bounds that follow each other.</summary>
    public long[] Between(IReadOnlyList<long> bounds)
    {
        var counts = new long[bounds.Count - 1];
        for (int bucket = 0, interval = 0; bucket < _counts.Length; bucket++)
        {
            while (interval < counts.Length - 1 && StartOf(bucket) >= bounds[interval + 1])
            {
                interval++;
            }

            counts[interval] += _counts[bucket];
        }

        return counts;
    }

    private static int BucketOf(long nanoseconds)
    {
        ulong value = (ulong)Math.Max(0, nanoseconds);
        int magnitude = Math.Max(0, 63 - BitOperations.LeadingZeroCount(value | 1) - BitsWithin);
        return (magnitude * Within) + (int)(value >> magnitude);
    }

    private static long StartOf(int bucket)
    {
        int magnitude = Math.Max(0, (bucket / Within) - 1);
        return (long)(bucket - (magnitude * Within)) << magnitude;
    }
}
