using System.Diagnostics;
using Larder.Comparisons.Disk;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Durable;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>A complete image of a store, against writing as many bytes to a new file and to the device.</summary>
internal static class SnapshotCases
{
    public const string Direct = "a direct write of as many bytes";
    public const string Buffered = "a buffered write of as many bytes";

    public static void Measure(Run run, BenchDirectory directory)
    {
        int entries = run.Effort.Large;
        string[] keys = Keys.Range(0, entries);
        byte[][] values = Values.Make();
        string path = directory.New("larder");
        using var larder = new LarderOnDisk(path, DurabilityMode.Interval);
        Run.Progress($"loading {Text.Count(entries)} entries");
        larder.Load(keys, values);
        larder.Store.Compact();
        long bytes = new DirectoryInfo(path).EnumerateFiles("snap-*.snp").MaxBy(f => f.Name, StringComparer.Ordinal)!.Length;
        int changes = 0;
        run.Measure(
            Work.Snapshot,
            entries,
            1,
            [
                Contender.Once("Larder", Compact),
                Contender.Once(Direct, () => Write(RawFile.WriteDirect)),
                Contender.Once(Buffered, () => Write(RawFile.WriteBuffered)),
            ],
            run.Effort.LongRounds);
        run.Facts.Add(("snapshot", $"{bytes:N0} bytes"));

        TimeSpan Compact()
        {
            larder.Put(0, keys[changes++], values[0]);   // a store without changes might not write another
            Calm.Wait();
            long start = Stopwatch.GetTimestamp();
            larder.Store.Compact();
            return Stopwatch.GetElapsedTime(start);
        }

        TimeSpan Write(Action<string, long> write)
        {
            string file = directory.New("raw");
            Calm.Wait();
            long start = Stopwatch.GetTimestamp();
            write(file, bytes);
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
