using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>New keys into a store that starts empty and has to grow; making and closing the stores is not counted.</summary>
internal static class InsertCases
{
    private const int WarmUpEntries = 1_024;

    public static void Measure(Run run, int entries)
    {
        string[] keys = Keys.Range(0, entries);
        new Random(13).Shuffle(keys);
        byte[][] values = Values.Make();
        int stores = Math.Max(1, Math.Min(run.Effort.Operations, 1 << 18) / entries);
        foreach (int threads in Run.ThreadCounts)
        {
            IEnumerable<Contender> contenders = run.Peers
                .Where(k => k.HoldsValues)
                .Select(kind => new Contender(kind.Name, () => WarmUp(kind), () => Fill(kind, threads)));
            run.Measure(Work.Insert, entries, threads, [.. contenders]);
        }

        void WarmUp(PeerKind kind)
        {
            using Peer peer = kind.Create(WarmUpEntries);
            peer.Set(0, keys, values, 0, WarmUpEntries);
        }

        double Fill(PeerKind kind, int threads)
        {
            var peers = new Peer[stores];
            for (int i = 0; i < stores; i++)
            {
                peers[i] = kind.Create(entries);
            }

            // The stores filled before are garbage by now; nobody pays for those of another.
            GC.Collect();
            double each = Timing.NanosecondsEach(entries, threads, (thread, from, to) =>
            {
                foreach (Peer peer in peers)
                {
                    peer.Set(thread, keys, values, from, to);
                }
            });
            foreach (Peer peer in peers)
            {
                peer.Dispose();
            }

            return each / stores;
        }
    }
}
