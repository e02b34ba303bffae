using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Caches;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>Full caches: new keys that drive others out, and reads that put in what is missing.</summary>
internal static class CacheChurnCases
{
    /// <summary>The misses of BitFaster's ConcurrentLfu and one point more, which is what is allowed.</summary>
    public const string LfuAndOne = "ConcurrentLfu and 1 point";

    private const int WritesPerHundred = 5;

    public static void Measure<TKey>(Run run, CacheKeys<TKey> make, CacheWork work, int capacity)
        where TKey : notnull
    {
        CachePeerKind<TKey>[] kinds = [.. CachePeerKind<TKey>.With(CacheTraits.Evicts)];
        MeasureInserts(run, make, work, capacity, kinds);
        MeasureZipf(run, make, work, capacity, kinds);
    }

    private static void MeasureInserts<TKey>(Run run, CacheKeys<TKey> make, CacheWork work, int capacity, CachePeerKind<TKey>[] kinds)
        where TKey : notnull
    {
        // Every slice takes the next keys, so that each is long gone when its turn comes again.
        int slice = Math.Min(run.Effort.Operations, 1 << 18);
        TKey[] keys = make.Range(Keys.Passing, Math.Max(8 * capacity, 4 * slice));
        var peers = kinds.Select(kind => kind.Create(capacity)).ToList();
        peers.ForEach(p => p.Set(keys, Cached.Some, keys.Length - capacity, keys.Length));
        foreach (int threads in Run.ThreadCounts)
        {
            run.Measure(work.Evicting, capacity, threads, [.. peers.Select(peer => Inserting(peer, threads))]);
        }

        peers.ForEach(p => p.Dispose());

        Contender Inserting(CachePeer<TKey> peer, int threads)
        {
            int next = 0;
            return new Contender(
                peer.Name,
                () => peer.Set(keys, Cached.Some, 0, Math.Min(slice, 1_024)),
                () =>
                {
                    int first = next;
                    next = first + (2 * slice) <= keys.Length ? first + slice : 0;
                    return Timing.NanosecondsEach(slice, threads, (_, from, to) => peer.Set(keys, Cached.Some, first + from, first + to));
                });
        }
    }

    private static void MeasureZipf<TKey>(Run run, CacheKeys<TKey> make, CacheWork work, int capacity, CachePeerKind<TKey>[] kinds)
        where TKey : notnull
    {
        TKey[] keys = make.Range(0, 10 * capacity);
        int[] sequence = new Zipf(keys.Length, seed: 5).Sequence(Math.Max(run.Effort.Operations / 2, 8 * capacity), WritesPerHundred);
        long reads = sequence.LongCount(index => index >= 0);
        var peers = kinds.Select(kind => kind.Create(capacity)).ToList();
        foreach (int threads in Run.ThreadCounts)
        {
            run.Measure(
                work.Zipf,
                capacity,
                threads,
                [.. peers.Select(peer => Contender.Fixed(peer.Name, sequence.Length, threads, (_, from, to) => peer.Mixed(keys, sequence, Cached.Some, from, to)))]);
        }

        Figure[] misses = [.. peers.Select(MissesOf)];
        Figure? lfu = misses.FirstOrDefault(m => m.Name == CacheNames.Lfu);
        run.Add(work.ZipfMisses, capacity, 1, lfu is null ? misses : [.. misses, Of(LfuAndOne, lfu.Median + 1)]);
        peers.ForEach(p => p.Dispose());

        Figure MissesOf(CachePeer<TKey> peer) =>
            Of(peer.Name, 100.0 * (reads - peer.Mixed(keys, sequence, Cached.Some, 0, sequence.Length)) / reads);

        static Figure Of(string name, double percent) => new(name, percent, percent, percent);
    }
}
