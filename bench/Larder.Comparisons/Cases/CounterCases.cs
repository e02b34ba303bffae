using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>Increments of counters that are there. Peers without an atomic counter do not take part.</summary>
internal static class CounterCases
{
    public static void Measure(Run run, int entries)
    {
        string[] keys = Keys.Range(0, entries);
        string[] lookups = Keys.Lookups(keys, run.Effort.Operations, seed: 7);
        List<Peer> peers = [.. run.Peers.Where(k => k.Counts).Select(k => k.Create(entries))];
        foreach (Peer peer in peers)
        {
            peer.SetCounters(keys);
        }

        foreach (int threads in Run.ThreadCounts)
        {
            IEnumerable<Contender> contenders = peers.Select(p =>
                Contender.Fixed(p.Name, lookups.Length, threads, (thread, from, to) => p.Increment(thread, lookups, from, to)));
            run.Measure(Work.Increment, entries, threads, [.. contenders]);
        }

        foreach (Peer peer in peers)
        {
            peer.Dispose();
        }
    }
}
