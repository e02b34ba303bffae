using Larder.Comparisons.Disk;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Durable;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>Puts that reach a file but are not flushed, against the designs that Larder replaces, at the size they were used at.</summary>
internal static class SeedCases
{
    public static void Measure(Run run, BenchDirectory directory)
    {
        string[] keys = Keys.Range(0, run.Effort.Seeds);
        string[] lookups = Keys.Lookups(keys, 4 * keys.Length, seed: 7);
        byte[][] values = Values.Make();
        using var larder = new LarderOnDisk(directory.New("larder"), DurabilityMode.Interval);
        using var json = new JsonFile(directory.New("json"));
        using var buckets = new BucketFiles(directory.New("buckets"));
        DurablePeer[] peers = [larder, json, buckets];
        Array.ForEach(peers, p => p.Load(keys, values));
        run.Measure(
            Work.SeedPut,
            keys.Length,
            1,
            [.. peers.Select(p => Contender.Paced(p.Name, run.Effort.Slice, 1, (_, from, to) => Put(p, from, to)))]);

        void Put(DurablePeer peer, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                peer.Put(0, lookups[i % lookups.Length], values[i % values.Length]);
            }
        }
    }
}
