using System.Diagnostics;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>How long a writer waits while another thread scans without a pause: the longest set, and the one in a thousand.</summary>
internal static class WriterWaitCases
{
    private const int MostWrites = 1 << 23;

    public static void Measure(Run run, LoadedPeers loaded)
    {
        Run.Progress($"{Work.WorstWait.Name}, {Reporting.Text.Count(loaded.Entries)} entries");
        string[] prefixes = Keys.Prefixes(loaded.Entries);
        var waits = new long[MostWrites];
        List<Peer> peers = [.. loaded.All.Where(l => l.Kind.Scans).Select(l => l.Peer)];
        var longest = peers.ConvertAll(_ => new List<double>());
        var rare = peers.ConvertAll(_ => new List<double>());
        for (int round = 0; round <= run.Effort.Rounds; round++)
        {
            for (int i = 0; i < peers.Count; i++)
            {
                GC.Collect(1, GCCollectionMode.Forced, blocking: true);
                TimeSpan time = round > 0 ? run.Effort.Slice * 5 : run.Effort.WarmUp;
                Span<long> sorted = waits.AsSpan(0, WriteDuringScans(peers[i], loaded, prefixes, waits, time));
                sorted.Sort();
                if (round > 0)
                {
                    longest[i].Add(Timing.Nanoseconds(sorted[^1]));
                    rare[i].Add(Timing.Nanoseconds(sorted[(int)(sorted.Length * 0.999)]));
                }
            }
        }

        run.Add(Work.WorstWait, loaded.Entries, 2, [.. peers.Select((p, i) => Figure.Of(p.Name, longest[i]))]);
        run.Add(Work.RareWait, loaded.Entries, 2, [.. peers.Select((p, i) => Figure.Of(p.Name, rare[i]))]);
    }

    /// <summary>Sets keys for as long as told, at least once; returns how many ticks each took, and how many there were.</summary>
    private static int WriteDuringScans(Peer peer, LoadedPeers loaded, string[] prefixes, long[] waits, TimeSpan time)
    {
        bool stop = false;
        using var scanning = new ManualResetEventSlim();
        var scanner = new Thread(() =>
        {
            for (int i = 0; !Volatile.Read(ref stop); i = (i + 1) % prefixes.Length)
            {
                peer.Scan(1, prefixes, i, i + 1);
                scanning.Set();
            }
        });
        scanner.Start();
        scanning.Wait();
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long before = start;
        int writes = 0;
        while (before < end && writes < waits.Length)
        {
            int key = writes % loaded.Lookups.Length;
            peer.Set(0, loaded.Lookups, loaded.Values, key, key + 1);
            long after = Stopwatch.GetTimestamp();
            waits[writes++] = after - before;
            before = after;
        }

        Volatile.Write(ref stop, true);
        scanner.Join();
        return writes;
    }
}
