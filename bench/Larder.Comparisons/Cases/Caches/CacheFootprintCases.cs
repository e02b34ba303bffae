using System.Diagnostics;
using System.Globalization;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Caches;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>
/// What millions of entries cost in memory beyond the keys and values themselves, and what they make the collector do. Every cache is
/// filled in a process of its own, this same program.
/// </summary>
internal static class CacheFootprintCases
{
    /// <summary>The word by which a child process knows what it is.</summary>
    public const string Child = "cache-footprint-of";

    /// <summary>Keys and values in an array and no cache: what everybody has to have.</summary>
    private const string Payload = "payload";

    private const int ArrayBytesPerEntry = 2 * 8;
    private const int ContentBytes = 100;

    public static void Measure(Run run, int entries)
    {
        Footprint payload = InChild(Payload, entries, TimeSpan.Zero);
        var memory = new List<Figure>();
        var pauses = new List<Figure>();
        var full = new List<Figure>();
        foreach (CachePeerKind<string> kind in CachePeerKind<string>.Everybody.Where(k => k.Name is not CacheNames.TLru and not CacheNames.LockedLru))
        {
            Run.Progress($"memory and pauses of {kind.Name}, {Reporting.Text.Count(entries)} entries");
            Footprint found = InChild(kind.Name, entries, TimeSpan.FromSeconds(run.Effort.MeansNothing ? 0.2 : 5));
            memory.Add(Of(kind.Name, found.Resident - payload.Resident + ArrayBytesPerEntry));
            pauses.Add(Of(kind.Name, found.LongestPause.TotalNanoseconds));
            full.Add(Of(kind.Name, found.FullCollection.TotalNanoseconds));
        }

        run.Add(CacheWork.OverPayload, entries, 1, memory);
        run.Add(CacheWork.LongestPause, entries, 1, pauses);
        run.Add(CacheWork.FullCollection, entries, 1, full);

        static Figure Of(string name, double figure) => new(name, figure, figure, figure);
    }

    /// <summary>What the child does: fills one cache and prints resident bytes an entry, the time of a full collection, and the longest pause in churn.</summary>
    public static void RunChild(string name, int entries, double churnSeconds)
    {
        Settle();
        long before = Environment.WorkingSet;
        object kept;
        Action<long, Cached> set;
        if (name == Payload)
        {
            var array = new (string Key, Cached Value)[entries];
            kept = array;
            set = (i, value) => array[i] = (KeyOf(i), value);
        }
        else
        {
            (kept, set) = Filling(name, entries);
        }

        for (long i = 0; i < entries; i++)
        {
            set(i, Fresh(i));
        }

        Settle();
        double resident = (Environment.WorkingSet - before) / (double)entries;
        long start = Stopwatch.GetTimestamp();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: false);
        TimeSpan full = Stopwatch.GetElapsedTime(start);
        TimeSpan longest = Churn(set, entries, TimeSpan.FromSeconds(churnSeconds));
        GC.KeepAlive(kept);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{resident:F1} {full.TotalMilliseconds:F3} {longest.TotalMilliseconds:F3}"));
    }

    /// <summary>New entries, one after the other, each of which drives one out or is followed by a removal where nothing is driven out.</summary>
    private static TimeSpan Churn(Action<long, Cached> set, int entries, TimeSpan time)
    {
        TimeSpan longest = TimeSpan.Zero;
        long last = GC.GetGCMemoryInfo(GCKind.Any).Index;
        long begin = Stopwatch.GetTimestamp();
        for (long i = entries; Stopwatch.GetElapsedTime(begin) < time;)
        {
            for (int k = 0; k < 1_000; k++, i++)
            {
                set(i, Fresh(i));
            }

            GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.Any);
            if (info.Index != last)
            {
                last = info.Index;
                foreach (TimeSpan pause in info.PauseDurations)
                {
                    longest = pause > longest ? pause : longest;
                }
            }
        }

        return longest;
    }

    private static (object Kept, Action<long, Cached> Set) Filling(string name, int entries)
    {
        switch (name)
        {
            case CacheNames.Dictionary:
                DictionaryCachePeer<string> map = DictionaryCachePeer<string>.Create(entries);
                return (map, (i, value) =>
                {
                    if (i >= entries)
                    {
                        map.Remove(KeyOf(i - entries));
                    }

                    map.Set(KeyOf(i), value);
                });
            case CacheNames.MemoryCache:
                MemoryCacheCachePeer<string> cache = MemoryCacheCachePeer<string>.Create(entries);
                return (cache, (i, value) =>
                {
                    if (i >= entries)
                    {
                        cache.Remove(KeyOf(i - entries));
                    }

                    cache.Set(KeyOf(i), value);
                });
            default:
                CachePeer<string> peer = CachePeerKind<string>.Everybody.Single(k => k.Name == name).Create(entries);
                string[] key = new string[1];
                var one = new Cached[1];
                return (peer, (i, value) =>
                {
                    key[0] = KeyOf(i);
                    one[0] = value;
                    peer.Set(key, one, 0, 1);
                });
        }
    }

    private static Cached Fresh(long number) => new(number, new byte[ContentBytes]);

    /// <summary>20 characters.</summary>
    private static string KeyOf(long number) => string.Create(CultureInfo.InvariantCulture, $"us:{Keys.Mix((ulong)number):x16}:");

    private static void Settle()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private static Footprint InChild(string name, int entries, TimeSpan churn)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CacheFootprintCases).Assembly.Location);
        }

        foreach (string argument in new[] { Child, name, entries.ToString(CultureInfo.InvariantCulture), churn.TotalSeconds.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using Process child = Process.Start(start)!;
        string[] figures = child.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        child.WaitForExit();
        return child.ExitCode == 0 && figures.Length == 3
            ? new Footprint(Number(figures[0]), TimeSpan.FromMilliseconds(Number(figures[1])), TimeSpan.FromMilliseconds(Number(figures[2])))
            : throw new InvalidOperationException($"the process that measured {name} ended with {child.ExitCode}");

        static double Number(string figure) => double.Parse(figure, CultureInfo.InvariantCulture);
    }

    private readonly record struct Footprint(double Resident, TimeSpan FullCollection, TimeSpan LongestPause);
}
