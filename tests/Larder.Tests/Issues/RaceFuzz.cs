using System.Globalization;
using System.Text;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// No bug found: batches that move amounts between keys, under short lives, clears, eviction pressure elsewhere and open scans; every scan finds the
/// whole sum, every single read finds its key, and the structure is whole afterwards.
/// </summary>
public sealed class RaceFuzz
{
    private const int Accounts = 64;

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public void Sums_hold(int versions, bool bounded)
    {
        using var store = new Store(new StoreOptions
        {
            VersionsToKeep = versions,
            MaxEntries = bounded ? 5_000 : null,
            WhenFull = WhenFull.Refuse,
        });
        var open = new WriteBatch();
        for (int i = 0; i < Accounts; i++)
        {
            open.Set($"acc:{i:D2}", "1000"u8);
        }

        store.Write(open);
        DateTime end = DateTime.UnixEpoch + TimeSpan.FromMilliseconds(Environment.TickCount64 + 6_000);
        bool Over() => DateTime.UnixEpoch + TimeSpan.FromMilliseconds(Environment.TickCount64) > end;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        void Run(Action<Random> body, int seed)
        {
            var random = new Random(seed);
            try
            {
                while (!Over() && failures.IsEmpty)
                {
                    body(random);
                }
            }
            catch (Exception error)
            {
                failures.Enqueue(error.ToString());
            }
        }

        void Move(Random random)
        {
            int from = random.Next(Accounts);
            int to = random.Next(Accounts);
            int by = random.Next(5);
            var batch = new WriteBatch().Increment($"acc:{from:D2}", -by).Increment($"acc:{to:D2}", by);
            if (random.Next(4) == 0)
            {
                // Away and back under the same batch.
                batch.Set($"junk:{random.Next(500)}", "x"u8, TimeSpan.FromMilliseconds(random.Next(5)));
            }

            store.Write(batch);
        }

        void Junk(Random random)
        {
            string key = $"junk:{random.Next(500)}";
            switch (random.Next(6))
            {
                case 0: store.Remove(key); break;
                case 1: store.Touch(key, TimeSpan.FromMilliseconds(random.Next(3))); break;
                case 2: store.TryAdd(key, "y"u8, TimeSpan.FromMilliseconds(random.Next(3))); break;
                case 3 when random.Next(200) == 0: store.Scope("junk:").Clear(); break;
                default: store.Set(key, "z"u8, TimeSpan.FromMilliseconds(1 + random.Next(3))); break;
            }
        }

        void Sum(Random random)
        {
            long sum = 0;
            int count = 0;
            foreach (Entry entry in store.Scan("acc:", reverse: random.Next(2) == 0))
            {
                sum += long.Parse(Encoding.UTF8.GetString(entry.Value.Span), CultureInfo.InvariantCulture);
                count++;
            }

            if (sum != Accounts * 1000 || count != Accounts)
            {
                failures.Enqueue($"{count} accounts, sum {sum}");
            }
        }

        void Read(Random random)
        {
            for (int i = 0; i < 100; i++)
            {
                string key = $"acc:{random.Next(Accounts):D2}";
                if (!store.TryGet(key, out Entry a) || !store.TryGet(key, out Entry b) || b.Version < a.Version)
                {
                    failures.Enqueue("a read missed a key, or went back in time");
                }
            }
        }

        Action<Random>[] bodies = [Move, Move, Junk, Junk, Sum, Read];
        var threads = bodies.Select((body, i) => new Thread(() => Run(body, i))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
        store.VerifyIntegrity();
    }
}
