using Larder.Comparisons.Disk;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Durable;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>Bytes in all files of a store for each entry, key and value (124 bytes) included, after a load and a close in good order.</summary>
internal static class DiskCases
{
    public static void Measure(Run run, BenchDirectory directory)
    {
        int entries = run.Effort.Large;
        Run.Progress($"bytes on disk, {Text.Count(entries)} entries");
        string[] keys = Keys.Range(0, entries);
        byte[][] values = Values.Make();
        Figure batched = BytesOf(path => new LarderOnDisk(path, DurabilityMode.Interval), larder => larder.Load(keys, values));
        Figure single = BytesOf(path => new LarderOnDisk(path, DurabilityMode.Interval), LoadOneByOne);

        // How RocksDB was loaded makes no difference: its log goes once its tables are written.
        Figure[] peers = RocksDb.IsPresent ? [BytesOf(path => new RocksDbPeer(path, flushes: false), rocks => rocks.Load(keys, values))] : [];
        run.Add(Work.DiskBatched, entries, 1, [batched, .. peers]);
        run.Add(Work.DiskSingle, entries, 1, [single, .. peers]);

        Figure BytesOf(Func<string, DurablePeer> open, Action<DurablePeer> load)
        {
            string path = directory.New("loaded");
            string name;
            using (DurablePeer peer = open(path))
            {
                load(peer);
                name = peer.Name;
            }

            double each = BenchDirectory.BytesIn(path) / (double)entries;
            Directory.Delete(path, recursive: true);
            return new Figure(name, each, each, each);
        }

        void LoadOneByOne(DurablePeer larder)
        {
            for (int i = 0; i < entries; i++)
            {
                larder.Put(0, keys[i], values[i % values.Length]);
            }
        }
    }
}
