using System.Diagnostics;
using System.Globalization;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Cases;

/// <summary>
/// What readers of living sessions feel while a great many others expire at one moment and everything that they leave is swept, against the same
/// readers in the same store just before.
/// </summary>
internal static class ExpiryCases
{
    private const string Value = "[1,2,3]";
    private const int Living = 1_000;
    private const int MostReads = 1 << 24;
    private const int Burst = 1_024;   // reads between two looks whether to go on

    private static readonly TimeSpan _short = TimeSpan.FromHours(1);
    private static readonly (Work Work, double Share)[] _figures =
        [(Work.ExpiryMedian, 0.5), (Work.ExpiryP99, 0.99), (Work.ExpiryP999, 0.999), (Work.ExpiryWorst, 1)];

    public static void Measure(Run run, int sessions)
    {
        var expiring = _figures.Select(_ => new List<double>()).ToArray();
        var calm = _figures.Select(_ => new List<double>()).ToArray();
        var durations = new List<double>();
        var reads = new long[MostReads];
        for (int round = 0; round < Math.Min(run.Effort.Rounds, 3); round++)
        {
            Run.Progress($"readers while {Reporting.Text.Count(sessions)} sessions expire, round {round + 1}");
            var clock = new JumpingClock();
            using var store = new Store(new StoreOptions { TimeProvider = clock });
            using var dying = store.Sessions(new SessionOptions { IdleTimeout = _short, SweepInterval = TimeSpan.FromSeconds(1), TimeProvider = clock });
            using var living = store.Sessions(new SessionOptions { IdleTimeout = 1000 * _short, SweepInterval = Timeout.InfiniteTimeSpan, TimeProvider = clock });
            for (int i = 0; i < sessions; i++)
            {
                dying.Set(string.Create(CultureInfo.InvariantCulture, $"visitor {i}"), "cart", Value);
            }

            string[] ids = [.. Enumerable.Range(0, Living).Select(_ => living.Create())];
            Array.ForEach(ids, id => living.Set(id, "cart", Value));
            long left = 3 * ids.Length;
            GC.Collect();
            GC.WaitForPendingFinalizers();

            long end = Stopwatch.GetTimestamp() + (long)(run.Effort.Slice.TotalSeconds * 20 * Stopwatch.Frequency);
            Note(calm, reads.AsSpan(0, Read(living, ids, reads, () => Stopwatch.GetTimestamp() < end)));
            long start = Stopwatch.GetTimestamp();
            clock.Jump(_short);
            Note(expiring, reads.AsSpan(0, Read(living, ids, reads, () => store.Statistics.Entries > left)));
            durations.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        for (int i = 0; i < _figures.Length; i++)
        {
            run.Add(_figures[i].Work, sessions, 1, [Figure.Of("Larder", expiring[i]), Figure.Of("the same readers before", calm[i])]);
        }

        durations.Sort();
        run.Notes.Add(string.Create(
            CultureInfo.InvariantCulture, $"From the moment at which {sessions:N0} sessions expired until nothing of them was left: {durations[durations.Count / 2]:0.0} s (median)."));
    }

    /// <summary>Reads living sessions for as long as told; returns how many ticks each took, and how many there were. More are not kept.</summary>
    private static int Read(SessionStorage sessions, string[] ids, long[] reads, Func<bool> goesOn)
    {
        long before = Stopwatch.GetTimestamp();
        int count = 0;
        do
        {
            for (int i = 0; i < Burst; i++)
            {
                Sink.Take(sessions.Get(ids[count % ids.Length], "cart")!.Length);
                long after = Stopwatch.GetTimestamp();
                reads[count % reads.Length] = after - before;
                before = after;
                count++;
            }

            bool more = goesOn();
            before = Stopwatch.GetTimestamp();
            if (!more)
            {
                break;
            }
        }
        while (count < int.MaxValue - Burst);

        return Math.Min(count, reads.Length);
    }

    private static void Note(List<double>[] figures, Span<long> reads)
    {
        reads.Sort();
        for (int i = 0; i < _figures.Length; i++)
        {
            figures[i].Add(Timing.Nanoseconds(reads[Math.Min(reads.Length - 1, (int)(reads.Length * _figures[i].Share))]));
        }
    }
}
