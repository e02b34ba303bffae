using System.Diagnostics;
using Larder.Comparisons.Disk;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Durable;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>
/// How long it takes until the first entry can be read again: after a close in good order, and after a crash. The files are in the
/// page cache for everybody.
/// </summary>
internal static class ReopenCases
{
    public const string Redis = "Redis, loading its append-only file";

    public static void Measure(Run run, BenchDirectory directory)
    {
        int entries = run.Effort.Large;
        string[] keys = Keys.Range(0, entries);
        byte[][] values = Values.Make();
        string wanted = keys[entries / 2];
        Run.Progress($"loading {Text.Count(entries)} entries");
        string closed = directory.New("larder");
        string crashed = directory.New("larder-crashed");
        string checkpoint = directory.New("faster");
        string server = directory.New("redis");
        WriteLarder();
        WriteFaster();
        run.Measure(
            Work.ReopenClosed,
            entries,
            1,
            [
                Contender.Once("Larder", () => Reopen(() => new LarderOnDisk(closed, DurabilityMode.Interval))),
                Contender.Once(FasterCheckpoint.Title, () => Reopen(() => new FasterCheckpoint(checkpoint, entries))),
            ],
            run.Effort.LongRounds);

        List<Contender> crashes = [Contender.Once("Larder", ReopenCrashed)];
        if (RedisServer.Executable is not null)
        {
            WriteRedis();
            crashes.Add(Contender.Once(Redis, () => Reopen(() => RedisPeer.Reopened(server))));
        }

        run.Measure(Work.ReopenCrashed, entries, 1, crashes, run.Effort.LongRounds);

        // The crash is a copy of the directory while its owner is at work; then the owner closes in good order.
        void WriteLarder()
        {
            using var larder = new LarderOnDisk(closed, DurabilityMode.Interval);
            for (int i = 0; i < entries; i++)
            {
                larder.Put(0, keys[i], values[i % values.Length]);
            }

            larder.Store.Flush();
            Calm.Wait();
            BenchDirectory.CopyLive(closed, crashed);
        }

        void WriteFaster()
        {
            using var faster = new FasterCheckpoint(checkpoint, entries);
            faster.Load(keys, values);
        }

        // Its server is killed, as always.
        void WriteRedis()
        {
            using RedisPeer redis = RedisPeer.Reopened(server);
            redis.Load(keys, values);
            Calm.Wait(() => redis.ProcessorTime);
        }

        // Reopening changes the files, so each time is a crash of its own.
        TimeSpan ReopenCrashed()
        {
            string copy = directory.New("larder-copy");
            BenchDirectory.CopyLive(crashed, copy);
            TimeSpan elapsed = Reopen(() => new LarderOnDisk(copy, DurabilityMode.Interval));
            Directory.Delete(copy, recursive: true);
            return elapsed;
        }

        TimeSpan Reopen(Func<DurablePeer> open)
        {
            GC.Collect();
            Calm.Wait();
            long start = Stopwatch.GetTimestamp();
            using DurablePeer peer = open();
            peer.Expect(wanted);
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
