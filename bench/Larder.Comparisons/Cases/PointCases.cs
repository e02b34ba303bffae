using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>Reads and writes of single keys that are there, or are not.</summary>
internal static class PointCases
{
    public static void Measure(Run run, LoadedPeers loaded)
    {
        int operations = run.Effort.Operations;
        byte[][] values = loaded.Values;
        if (run.Wants("get"))
        {
            string[] keys = loaded.Lookups;
            Compare(Work.Get, peer => (thread, from, to) => Expect(to - from, peer.Get(thread, keys, from, to), peer));
        }

        if (run.Wants("missing") && !run.GatesOnly)
        {
            string[] keys = Keys.Lookups(Keys.Range(Keys.Absent, loaded.Entries), operations, seed: 9);
            Compare(Work.Missing, peer => (thread, from, to) => Expect(0, peer.Get(thread, keys, from, to), peer));
        }

        if (run.Wants("set"))
        {
            string[] keys = loaded.Lookups;
            Compare(Work.Set, peer => (thread, from, to) => peer.Set(thread, keys, values, from, to));
        }

        if (run.Wants("mixed"))
        {
            string[] keys = [.. loaded.Keys.Select(k => new string(k.AsSpan()))];
            foreach ((Work work, int writes) in new[] { (Work.Mixed95, 5), (Work.Mixed50, 50) })
            {
                int[] sequence = new Zipf(loaded.Entries, seed: 5).Sequence(operations, writes);
                Compare(work, peer => (thread, from, to) => Expect(to - from, peer.Mixed(thread, keys, sequence, values, from, to), peer));
            }
        }

        void Compare(Work work, Func<Peer, Share> share)
        {
            foreach (int threads in Run.ThreadCounts)
            {
                IEnumerable<Contender> contenders = loaded.All.Select(l => Contender.Fixed(l.Peer.Name, operations, threads, share(l.Peer)));
                run.Measure(work, loaded.Entries, threads, [.. contenders]);
            }
        }
    }

    private static void Expect(long expected, long found, Peer peer)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"{peer.Name} found {found} keys where there are {expected}");
        }
    }
}
