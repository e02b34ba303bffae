namespace Larder.Comparisons.HitRate;

/// <summary>Plays a trace against a cache; the results are hit rates in percent.</summary>
internal static class Replay
{
    public static double Of(IReplayed cache, Trace trace)
    {
        using (cache)
        {
            long hits = 0;
            foreach (int key in trace.Keys)
            {
                hits += cache.Access(key) ? 1 : 0;
            }

            return Percent(hits, trace.Keys.Length);
        }
    }

    /// <summary>Also asks the cache's own statistics, which have to say the same.</summary>
    public static double OfLarder(LarderReplay cache, Trace trace)
    {
        using (cache)
        {
            long hits = 0;
            foreach (int key in trace.Keys)
            {
                hits += cache.Access(key) ? 1 : 0;
            }

            CacheStatistics counted = cache.Statistics;
            return counted.Hits == hits && counted.Hits + counted.Misses == trace.Keys.Length
                ? Percent(hits, trace.Keys.Length)
                : throw new InvalidOperationException(
                    $"the statistics say {counted.Hits} hits and {counted.Misses} misses where there were {hits} hits in {trace.Keys.Length} look-ups");
        }
    }

    /// <summary>Every key that is put in is read back at once; those reads are not counted here, but the policy sees them.</summary>
    public static double OfLarderReadingBack(LarderReplay cache, Trace trace)
    {
        using (cache)
        {
            long hits = 0;
            foreach (int key in trace.Keys)
            {
                hits += cache.AccessAndReadBack(key) ? 1 : 0;
            }

            return Percent(hits, trace.Keys.Length);
        }
    }

    /// <summary>
    /// The same trace from many threads: each takes the next access that nobody has taken yet, so the order is kept but for the accesses
    /// under way, one a thread. Two threads that miss the same key at the same time are two misses.
    /// </summary>
    public static double FromThreads(LarderReplay cache, Trace trace, int threads)
    {
        using (cache)
        {
            int[] keys = trace.Keys;
            int taken = -1;
            long hits = 0;
            Exception? failure = null;
            Thread[] players = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Play))];
            foreach (Thread player in players)
            {
                player.Start();
            }

            foreach (Thread player in players)
            {
                player.Join();
            }

            return failure is null ? Percent(hits, keys.Length) : throw new InvalidOperationException($"a thread failed: {failure.Message}", failure);

            void Play()
            {
                try
                {
                    long own = 0;
                    for (int i = Interlocked.Increment(ref taken); i < keys.Length; i = Interlocked.Increment(ref taken))
                    {
                        own += cache.Access(keys[i]) ? 1 : 0;
                    }

                    Interlocked.Add(ref hits, own);
                }
                catch (Exception e)
                {
                    failure = e;
                    Volatile.Write(ref taken, keys.Length);
                }
            }
        }
    }

    /// <summary>Rates of found objects and of found bytes.</summary>
    public static (double Objects, double Bytes) Sized(IReplayed cache, Trace trace)
    {
        using (cache)
        {
            long hits = 0;
            long found = 0;
            long all = 0;
            foreach (int key in trace.Keys)
            {
                long size = trace.Sizes![key];
                bool hit = cache.Access(key);
                hits += hit ? 1 : 0;
                found += hit ? size : 0;
                all += size;
            }

            return (Percent(hits, trace.Keys.Length), Percent(found, all));
        }
    }

    private static double Percent(long part, long whole) => 100.0 * part / whole;
}
