using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>Scans of the 1,000 entries under a prefix. Peers without an order do not take part.</summary>
internal static class ScanCases
{
    public static void Measure(Run run, LoadedPeers loaded)
    {
        string[] prefixes = Keys.Prefixes(loaded.Entries);
        List<Peer> peers = [.. loaded.All.Where(l => l.Kind.Scans).Select(l => l.Peer)];
        using Peer? lmdb = LmdbPeer.IsPresent ? LmdbPeer.Load(loaded.Keys, loaded.Values) : null;
        if (lmdb is not null)
        {
            peers.Add(lmdb);
        }

        foreach (int threads in Run.ThreadCounts)
        {
            run.Measure(
                Work.Scan,
                loaded.Entries,
                threads,
                [.. peers.Select(p => Contender.Paced(p.Name, run.Effort.Slice, threads, (thread, from, to) => Scan(p, thread, from, to)))]);
        }

        void Scan(Peer peer, int thread, int from, int to)
        {
            long visited = peer.Scan(thread, prefixes, from, to);
            if (visited != (to - from) * (long)Keys.PerPrefix)
            {
                throw new InvalidOperationException($"{peer.Name} visited {visited} entries in {to - from} scans of {Keys.PerPrefix}");
            }
        }
    }
}
