using System.Diagnostics;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Caches;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>What deadlines cost: in a read, and to readers when very many pass at once.</summary>
internal static class CacheExpiryCases
{
    public const string Untimed = "Larder, entries without a deadline";
    public const string NothingDue = "Larder, nothing expiring";

    public static void MeasureReads(Run run, int entries)
    {
        string[] keys = CacheKeys.Strings.Range(0, entries);
        string[] lookups = CacheKeys.Strings.Lookups(keys, run.Effort.Operations, seed: 7);
        using var timed = new CachePeer<LarderCachePeer<string>, string>(LarderCachePeer<string>.Create(2 * entries));
        using var untimed = new CachePeer<LarderCachePeer<string>, string>(LarderCachePeer<string>.Create(2 * entries));
        timed.SetFor(keys, Cached.Some, 0, entries);
        untimed.Set(keys, Cached.Some, 0, entries);
        foreach (int threads in Run.ThreadCounts)
        {
            run.Measure(
                CacheWork.TimedGet,
                entries,
                threads,
                [
                    Contender.Fixed(CacheNames.Larder, lookups.Length, threads, (_, from, to) => timed.Get(lookups, from, to)),
                    Contender.Fixed(Untimed, lookups.Length, threads, (_, from, to) => untimed.Get(lookups, from, to)),
                ]);
        }
    }

    /// <summary>
    /// One reader looks up keys that stay, and times each look-up, while all others pass their deadline at the same moment; from a little before
    /// until all have left, and as long again with nothing to expire.
    /// </summary>
    public static void MeasureStall(Run run, int entries)
    {
        Run.Progress($"reading while {Reporting.Text.Count(entries)} entries expire together");
        string[] staying = CacheKeys.Strings.Range(0, 4_096);
        string[] lookups = CacheKeys.Strings.Lookups(staying, 1 << 16, seed: 7);
        using var cache = new Cache<string, Cached>(entries + staying.Length);
        foreach (string key in staying)
        {
            cache.Set(key, Cached.Some[0]);
        }

        Read(until: () => false, TimeSpan.FromMilliseconds(200)); // for the compiler
        string[] passing = CacheKeys.Strings.Range(1L << 41, entries);
        DateTimeOffset due = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(Math.Max(1_000, entries / 250));
        foreach (string key in passing)
        {
            cache.Set(key, Cached.Some[1], due);
        }

        while (TimeProvider.System.GetUtcNow() < due - TimeSpan.FromMilliseconds(50))
        {
            Thread.Yield();
        }

        long expiring = cache.Statistics.Expirations;
        long start = Stopwatch.GetTimestamp();
        double[] meanwhile = Read(until: () => cache.Count <= staying.Length, TimeSpan.FromMinutes(1));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        double[] quiet = Read(until: () => false, took);
        run.Notes.Add($"{cache.Statistics.Expirations - expiring:N0} entries that fell due together had left {took.TotalMilliseconds:F0} ms after the reader began, 50 ms before that moment.");
        run.Add(CacheWork.RareWhileExpiring, entries, 1, [At(CacheNames.Larder, meanwhile, 0.999), At(NothingDue, quiet, 0.999)]);
        run.Add(CacheWork.WorstWhileExpiring, entries, 1, [At(CacheNames.Larder, meanwhile, 1), At(NothingDue, quiet, 1)]);

        double[] Read(Func<bool> until, TimeSpan atMost)
        {
            var waits = new List<long>(1 << 22);
            long begin = Stopwatch.GetTimestamp();
            long last = begin;
            long most = (long)(atMost.TotalSeconds * Stopwatch.Frequency);
            for (int i = 0; last - begin < most && ((i & 1_023) != 0 || !until()); i++)
            {
                if (!cache.TryGet(lookups[i & (lookups.Length - 1)], out _))
                {
                    throw new InvalidOperationException("a key that stays was not found");
                }

                long now = Stopwatch.GetTimestamp();
                waits.Add(now - last);
                last = now;
            }

            return [.. waits.Order().Select(Timing.Nanoseconds)];
        }

        static Figure At(string name, double[] waits, double share)
        {
            double figure = waits[(int)Math.Min(waits.Length - 1, waits.Length * share)];
            return new Figure(name, figure, figure, figure);
        }
    }
}
