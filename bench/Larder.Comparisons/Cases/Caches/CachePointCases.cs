using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Caches;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>Reads and writes of single keys in caches that are half full, so that nothing is evicted.</summary>
internal static class CachePointCases
{
    /// <summary>Larder's own look-ups one by one, beside those in batches.</summary>
    public const string OneByOne = "Larder, one by one";

    /// <summary>What the designs that Larder grew from promised for a hit.</summary>
    public const string ThousandthOfAMillisecond = "0.001 ms";

    private const int Batch = 32;

    private static readonly Contender _promised = new(ThousandthOfAMillisecond, null, static () => 1_000);

    public static void Measure<TKey>(Run run, CacheKeys<TKey> make, CacheWork work, int entries)
        where TKey : notnull
    {
        int operations = run.Effort.Operations / Batch * Batch;
        TKey[] keys = make.Range(0, entries);
        TKey[] lookups = make.Lookups(keys, operations, seed: 7);
        TKey[] absent = make.Lookups(make.Range(Keys.Absent, entries), operations, seed: 9);
        Run.Progress($"loading caches, {Reporting.Text.Count(entries)} entries, {make.Name}");
        using var batched = new Cache<TKey, Cached>(2 * entries);
        for (int i = 0; i < entries; i++)
        {
            batched.Set(keys[i], Cached.Some[i % Cached.Some.Length]);
        }

        var peers = CachePeerKind<TKey>.Everybody.Select(kind => (Kind: kind, Peer: kind.Create(2 * entries))).ToList();
        peers.ForEach(p => p.Peer.Set(keys, Cached.Some, 0, entries));
        try
        {
            foreach (int threads in Run.ThreadCounts)
            {
                Compare(work.Hit, threads, CacheTraits.None, peer => (_, from, to) => Expect(to - from, peer.Get(lookups, from, to), peer));
                Compare(work.Miss, threads, CacheTraits.None, peer => (_, from, to) => Expect(0, peer.Get(absent, from, to), peer));
                Compare(work.GetOrAdd, threads, CacheTraits.None, peer => (_, from, to) => Expect(to - from, peer.GetOrAdd(lookups, from, to), peer));
                Compare(work.Update, threads, CacheTraits.None, peer => (_, from, to) => peer.Set(lookups, Cached.Some, from, to));
                CompareBatches(threads);
            }

            // Last, because from then on the entries have deadlines.
            Compare(work.TimedUpdate, 1, CacheTraits.Lifetimes, peer => (_, from, to) => peer.SetFor(lookups, Cached.Some, from, to));
        }
        finally
        {
            peers.ForEach(p => p.Peer.Dispose());
        }

        void Compare(Work what, int threads, CacheTraits traits, Func<CachePeer<TKey>, Share> share) =>
            run.Measure(what, entries, threads, [.. Contenders(threads, traits, share), .. what == work.Hit ? (Contender[])[_promised] : []]);

        IEnumerable<Contender> Contenders(int threads, CacheTraits traits, Func<CachePeer<TKey>, Share> share) =>
            from p in peers
            where (p.Kind.Traits & traits) == traits
            select Contender.Fixed(p.Peer.Name, operations, threads, share(p.Peer));

        void CompareBatches(int threads)
        {
            Contender inBatches = Contender.Fixed(CacheNames.Larder, operations, threads, (_, from, to) => GetMany(batched, lookups, from, to));
            IEnumerable<Contender> oneByOne = Contenders(
                threads, CacheTraits.None, peer => (_, from, to) => Expect(to - from, peer.Get(lookups, from, to), peer));
            run.Measure(
                work.Batched, entries, threads, [inBatches, .. oneByOne.Select(c => c.Name == CacheNames.Larder ? c with { Name = OneByOne } : c)]);
        }
    }

    private static void GetMany<TKey>(Cache<TKey, Cached> cache, TKey[] keys, int from, int to)
        where TKey : notnull
    {
        var values = new Cached?[Batch];
        bool[] found = new bool[Batch];
        long sum = 0;
        long hits = 0;
        for (int i = from; i < to; i += Batch)
        {
            int count = Math.Min(Batch, to - i);
            hits += cache.GetMany(keys.AsSpan(i, count), values.AsSpan(0, count), found.AsSpan(0, count));
            for (int k = 0; k < count; k++)
            {
                sum += values[k]!.Number;
            }
        }

        Sink.Take(sum);
        if (hits != to - from)
        {
            throw new InvalidOperationException($"{hits} keys were found in batches where there are {to - from}");
        }
    }

    private static void Expect<TKey>(long expected, long found, CachePeer<TKey> peer)
        where TKey : notnull
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"{peer.Name} found {found} keys where there are {expected}");
        }
    }
}
