using Larder.Comparisons.Disk;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;
using Larder.Comparisons.Peers.Durable;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>
/// Puts that are on the device when they return, by one writer and by many at once, against the bare device and against stores that
/// promise the same.
/// </summary>
internal static class FlushedCases
{
    public const string Raw = "raw write and fdatasync";

    /// <summary>The most writers, and how many tasks await their puts where tasks write.</summary>
    public const int Most = 64;

    public static readonly int[] Writers = [1, 16, Most];

    private const long RawBytes = 64 << 20;

    public static void Measure(Run run, BenchDirectory directory)
    {
        string[] keys = Keys.Range(0, run.Effort.Flushed);
        string[] lookups = Keys.Lookups(keys, 4 * keys.Length, seed: 7);
        byte[][] values = Values.Make();
        byte[][] loaded = values[^1..];
        using var larder = new LarderOnDisk(directory.New("larder"), DurabilityMode.Commit);
        List<DurablePeer> peers = [.. Peers(directory)];
        foreach (DurablePeer peer in peers.Prepend(larder))
        {
            peer.Load(keys, loaded);
        }

        using RawFile raw = RawFile.WrittenAhead(directory.New("raw"), run.Effort.MeansNothing ? 1 << 20 : RawBytes);
        foreach (int writers in Writers)
        {
            List<Flusher> flushers = [Threads(larder), .. peers.Select(Threads)];
            if (writers == 1)
            {
                flushers.Add(new Flusher(Raw, (_, time, _) => Measuring.Writers.Run(1, time, 0, (_, _) => raw.AppendAndSync())));
            }

            if (writers == Most)
            {
                flushers.Add(new Flusher(larder.Name, (count, time, first) => Measuring.Writers.RunAsync(count, time, first, PutAsync)));
            }

            Run.Progress($"{Work.Flushed.Name}, {Text.Count(keys.Length)} entries, {Text.Threads(writers)}");
            Compare(run, writers, flushers, peers.Count);
        }

        peers.ForEach(p => p.Dispose());

        Flusher Threads(DurablePeer peer) =>
            new(peer.Name, (writers, time, first) => Measuring.Writers.Run(writers, time, first, (writer, i) => Put(peer, writer, i)));

        void Put(DurablePeer peer, int writer, int i) => peer.Put(writer, lookups[i % lookups.Length], Another(i));

        Task PutAsync(int i) => larder.PutAsync(lookups[i % lookups.Length], Another(i)).AsTask();

        // All keys have been looked up once before the first comes again. Never the value that is there: SQLite would write nothing.
        byte[] Another(int i) => values[i / keys.Length % (values.Length - 1)];
    }

    private static IEnumerable<DurablePeer> Peers(BenchDirectory directory)
    {
        if (Sqlite.IsPresent)
        {
            yield return new SqlitePeer(directory.New("sqlite"), flushes: true);
        }

        if (RocksDb.IsPresent)
        {
            yield return new RocksDbPeer(directory.New("rocksdb"), flushes: true);
        }

        if (LmdbPeer.IsPresent)
        {
            yield return new LmdbOnDisk(directory.New("lmdb"));
        }

        if (RedisServer.Executable is not null)
        {
            yield return RedisPeer.Always(directory.New("redis"), Most);
        }

        yield return new FasterLogPeer(directory.New("faster-log"));
    }

    /// <summary>Larder comes first, then its peers, then what is compared but once: the bare device, or Larder's own awaited puts.</summary>
    private static void Compare(Run run, int writers, List<Flusher> flushers, int peers)
    {
        int entries = run.Effort.Flushed;
        TimeSpan warmUp = writers == Writers[0] ? run.Effort.WarmUp : run.Effort.WarmUp / 8;
        flushers.ForEach(f => f.Write(writers, warmUp));
        List<(List<double> Each, List<double> Rare)> paces = flushers.ConvertAll(_ => (new List<double>(), new List<double>()));
        for (int round = 0; round < run.Effort.FlushedRounds; round++)
        {
            for (int i = 0; i < flushers.Count; i++)
            {
                WritePace pace = flushers[i].Write(writers, run.Effort.Slice);
                paces[i].Each.Add(pace.Each);
                paces[i].Rare.Add(pace.Rare);
            }
        }

        Figure[] each = [.. flushers.Select((f, i) => Figure.Of(f.Name, paces[i].Each))];
        Figure[] rare = [.. flushers.Select((f, i) => Figure.Of(f.Name, paces[i].Rare))];
        if (writers == Most)
        {
            run.Add(Work.FlushedAsync, entries, writers, [each[^1], .. each[1..^1]]);
            run.Add(Work.FlushedAsyncRare, entries, writers, [rare[^1], .. rare[1..^1]]);
            (each, rare) = (each[..^1], rare[..^1]);
        }

        run.Add(Work.Flushed, entries, writers, each);
        run.Add(Work.FlushedRare, entries, writers, rare);
    }

    /// <summary>Somebody who flushes: so many writers for so long, from the number of a write on.</summary>
    private sealed class Flusher(string name, Func<int, TimeSpan, int, WritePace> slice)
    {
        private int _next;

        public string Name => name;

        public WritePace Write(int writers, TimeSpan time)
        {
            WritePace pace = slice(writers, time, _next);
            _next += pace.Numbers;
            return pace;
        }
    }
}
