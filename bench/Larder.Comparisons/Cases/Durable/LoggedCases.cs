using Larder.Comparisons.Disk;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;
using Larder.Comparisons.Peers.Durable;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>
/// Puts that are logged when they return and flushed some time later, by one thread. Larder's ordered index is in use: it has been
/// scanned, and is scanned again before each slice.
/// </summary>
internal static class LoggedCases
{
    public static readonly string Faster = $"{FasterPeer.Name} (no log, no order)";

    /// <summary>SQLite takes so much longer that a smaller share will do.</summary>
    private const int SqliteShare = 16;

    public static void Measure(Run run, BenchDirectory directory)
    {
        int entries = run.Effort.Large;
        int operations = run.Effort.LoggedOperations;
        string[] keys = Keys.Range(0, entries);
        byte[][] values = Values.Make();
        using var larder = new LarderOnDisk(directory.New("larder"), DurabilityMode.Interval);
        using RedisPeer? redis = RedisServer.Executable is null ? null : RedisPeer.EverySecond(directory.New("redis"));
        using RocksDbPeer? rocks = RocksDb.IsPresent ? new RocksDbPeer(directory.New("rocksdb"), flushes: false) : null;
        using SqlitePeer? sqlite = Sqlite.IsPresent && !run.GatesOnly ? new SqlitePeer(directory.New("sqlite"), flushes: false) : null;
        using Peer? faster = run.GatesOnly ? null : new Peer<FasterPeer>(FasterPeer.Create(2 * entries));
        DurablePeer[] peers = [.. new DurablePeer?[] { larder, redis, rocks, sqlite }.OfType<DurablePeer>()];
        Run.Progress($"loading {Text.Count(entries)} entries");
        Array.ForEach(peers, p => p.Load(keys, values));
        faster?.Set(0, keys, values, 0, entries);

        string[] present = Keys.Lookups(keys, operations, seed: 7);
        Compare(Work.Logged, _ => (present, 0));

        // Every round has keys of its own, the same for all; the first round, which does not count, included.
        string[] growing = Growing(entries, operations * (run.Effort.Rounds + 1));
        Compare(Work.LoggedNew, round => (growing, round * operations));

        void Compare(Work work, Func<int, (string[] Keys, int First)> slice)
        {
            List<Contender> contenders = [.. peers.Select(p => Of(p.Name, p == sqlite ? SqliteShare : 1, (k, from, to, shift) => Put(p, k, from, to, shift)))];
            if (faster is not null)
            {
                contenders.Add(Of(Faster, 1, (k, from, to, _) => faster.Set(0, k, values, from, to)));
            }

            run.Measure(work, entries, 1, contenders);

            Contender Of(string name, int share, Action<string[], int, int, int> put)
            {
                int rounds = 0;
                return new(name, () => put(present, 0, Math.Min(64, operations), 0), () =>
                {
                    larder.Scan(Keys.Prefix(0));
                    (string[] sliceKeys, int first) = slice(rounds);
                    int shift = ++rounds;   // other values in each round: SQLite does not write what is there already
                    Calm.Wait(redis is null ? null : () => redis.ProcessorTime);
                    return Timing.NanosecondsEach(operations / share, 1, (_, from, to) => put(sliceKeys, first + from, first + to, shift));
                });
            }
        }

        void Put(DurablePeer peer, string[] sliceKeys, int from, int to, int shift)
        {
            for (int i = from; i < to; i++)
            {
                peer.Put(0, sliceKeys[i], values[(i + shift) % values.Length]);
            }

            peer.Finish(0);
        }
    }

    /// <summary>Every other key is there, every other one is new; all over the store.</summary>
    private static string[] Growing(int entries, int count)
    {
        var random = new Random(19);
        var keys = new string[count];
        for (int i = 0; i < count; i++)
        {
            int neighbour = random.Next(entries);
            keys[i] = i % 2 == 0 ? Keys.Make(neighbour) : Keys.Make(neighbour, Keys.Passing + i);
        }

        return keys;
    }
}
