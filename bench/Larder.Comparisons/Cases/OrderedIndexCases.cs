using System.Diagnostics;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Cases;

/// <summary>What the order of keys costs: the beginning of a scan, a scan after writes, writes between scans. Larder against itself.</summary>
internal static class OrderedIndexCases
{
    public const string FewMatches = "when 1,000 match";
    public const string WithoutWrites = "a scan without writes before it";
    public const string NeverScanned = "a store that was never scanned";

    public static void MeasureFirstEntry(Run run, Store store, int entries)
    {
        string[] few = Keys.Prefixes(entries);
        string[] all = [Keys.Root];
        run.Measure(
            Work.FirstEntry,
            entries,
            1,
            [
                Contender.Paced("Larder", run.Effort.Slice, 1, (_, from, to) => First(store, all, from, to)),
                Contender.Paced(FewMatches, run.Effort.Slice, 1, (_, from, to) => First(store, few, from, to)),
            ],
            rounds: run.Effort.Rounds * 3);
    }

    public static void MeasureWrites(Run run, Store store, int entries)
    {
        string[] prefixes = Keys.Prefixes(entries);
        var random = new Random(17);
        var puts = new Puts(entries, run.Effort);
        run.Measure(
            Work.ScanAfterWrites,
            entries,
            1,
            [
                new("Larder", () => AfterWrites(1), () => AfterWrites(puts.Blocks)),
                new(WithoutWrites, () => Scan(store), () => Undisturbed(puts.Blocks)),
            ]);

        using var unscanned = new Store();
        Load(unscanned, entries);
        run.Measure(
            Work.PutIndexed,
            entries,
            1,
            [
                new("Larder", () => Write(store, 1, scan: true), () => Write(store, puts.Blocks, scan: true)),
                new(NeverScanned, () => Write(unscanned, 1, scan: false), () => Write(unscanned, puts.Blocks, scan: false)),
            ]);

        double AfterWrites(int blocks)
        {
            long ticks = 0;
            for (int block = 0; block < blocks; block++)
            {
                puts.Write(store, block);
                ticks += Scan(store);
            }

            puts.Undo(store, blocks);
            Scan(store);
            return Timing.Nanoseconds(ticks) / blocks;
        }

        double Undisturbed(int scans)
        {
            long ticks = 0;
            for (int i = 0; i < scans; i++)
            {
                ticks += Scan(store);
            }

            return Timing.Nanoseconds(ticks) / scans;
        }

        double Write(Store target, int blocks, bool scan)
        {
            long ticks = 0;
            for (int block = 0; block < blocks; block++)
            {
                ticks += puts.Write(target, block);
                if (scan)
                {
                    Scan(target);
                }
            }

            puts.Undo(target, blocks);
            if (scan)
            {
                Scan(target);
            }

            return Timing.Nanoseconds(ticks) / blocks / Puts.PerBlock;
        }

        long Scan(Store target)
        {
            string prefix = prefixes[random.Next(prefixes.Length)];
            long start = Stopwatch.GetTimestamp();
            long sum = 0;
            foreach (Entry entry in target.Scan(prefix, limit: Keys.PerPrefix))
            {
                sum += entry.Value.Length + entry.Value.Span[0];
            }

            Sink.Take(sum);
            return Stopwatch.GetTimestamp() - start;
        }
    }

    /// <summary>The same entries as every other store of this size.</summary>
    public static void Load(Store store, int entries)
    {
        byte[][] values = Values.Make();
        for (int i = 0; i < entries; i++)
        {
            store.Set(Keys.Make(i), values[i % values.Length]);
        }
    }

    private static void First(Store store, string[] prefixes, int from, int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            using IEnumerator<Entry> scan = store.Scan(prefixes[i % prefixes.Length]).GetEnumerator();
            if (!scan.MoveNext())
            {
                throw new InvalidOperationException("a scan found nothing");
            }

            sum += scan.Current.Value.Length;
        }

        Sink.Take(sum);
    }
}
