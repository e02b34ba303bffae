using Larder.Cli.Commands;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>
/// In each mode a process of its own writes with several threads, says what was acknowledged, and is killed in the midst of it. The store is opened
/// again and held against what was said.
/// </summary>
internal sealed class KilledWriters(TourDirectory directory) : Chapter("killedWriters", "Surviving: a process that is killed while it writes")
{
    private readonly List<Outcome> _outcomes = [];

    public override object Figures => new { threads = WriterCommand.Threads, modes = _outcomes };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"{WriterCommand.Threads} threads of another process write and say what was acknowledged, until it is killed (SIGKILL).");
        canvas.WriteLine("What of that is there when the store is opened again:");
        Bars.Draw(
            canvas,
            [.. _outcomes.Select(outcome => (outcome.Mode, 1 - ((double)outcome.Lost / Math.Max(1, outcome.Acknowledged)), $"{Bars.Number(outcome.Acknowledged)} acknowledged, {Bars.Number(outcome.Recovered)} recovered, {Bars.Number(outcome.Lost)} lost"))],
            scale: 1);
    }

    protected override void Play(WebTrace trace)
    {
        using (Store store = directory.Open())
        {
            store.Scope(TourDirectory.Killed).Clear();
        }

        foreach (DurabilityMode mode in new[] { DurabilityMode.Commit, DurabilityMode.Interval, DurabilityMode.Snapshot })
        {
            Outcome outcome = Kill(mode);
            _outcomes.Add(outcome);
            Claim($"{outcome.Mode}: the process was killed while it wrote", outcome.WasKilled);
            Claim($"{outcome.Mode}: {Promise(mode)}", (mode == DurabilityMode.Commit ? outcome.Lost : outcome.LostOfFlushed) == 0);
        }

        Claim("in every mode what came back is all up to one moment: no hole, nothing that was not written", _outcomes.TrueForAll(outcome => outcome.Holes == 0 && outcome.NeverWritten == 0));
        using Store left = directory.Open();
        left.Set(TourDirectory.Left, TourDirectory.LeftBehind.Of(left));
    }

    private static string Promise(DurabilityMode mode) => mode switch
    {
        DurabilityMode.Commit => "not one acknowledged write is lost",
        DurabilityMode.Interval => "only the newest are lost, none from before the last flush",
        _ => "the newest image came back, none is lost from before the last flush",
    };

    private Outcome Kill(DurabilityMode mode)
    {
        WriterProcess.Told told = WriterProcess.RunAndKill(directory.Path, mode);
        long begun = TimeProvider.System.GetTimestamp();
        using Store store = directory.Open(mode);
        TimeSpan reopening = TimeProvider.System.GetElapsedTime(begun);

        string prefix = TourDirectory.KilledIn(mode);
        Dictionary<(int, int), long> found = store.Scan(prefix).ToDictionary(entry => WriterCommand.Parse(entry.Key.AsSpan(prefix.Length)), entry => entry.Version);
        List<Acknowledgement> lost = told.Acknowledged.FindAll(write => found.GetValueOrDefault((write.Thread, write.Number)) != write.Version);

        // A hole is something older that is missing although something newer is there. And a thread had at most one write under way that it had not
        // heard of: what goes beyond that was never written.
        long newestFound = found.Values.DefaultIfEmpty().Max();
        Dictionary<int, int> newest = told.Acknowledged.GroupBy(write => write.Thread).ToDictionary(thread => thread.Key, thread => thread.Max(write => write.Number));
        return new Outcome(DurabilityOption.NameOf(mode), told.Acknowledged.Count, found.Count, lost.Count)
        {
            LostOfFlushed = told.Flushed == 0 ? -1 : lost.Count(write => write.Version <= told.Flushed),
            Holes = lost.Count(write => write.Version < newestFound),
            NeverWritten = found.Keys.Count(key => key.Item2 > newest.GetValueOrDefault(key.Item1, -1) + 1),
            WasKilled = told.WasKilled,
            ReopeningMilliseconds = reopening.TotalMilliseconds,
        };
    }

    private sealed record Outcome(string Mode, int Acknowledged, int Recovered, int Lost)
    {
        /// <summary>Acknowledged before the last flush and lost all the same; -1 when there was no flush.</summary>
        public int LostOfFlushed { get; init; }

        public int Holes { get; init; }

        public int NeverWritten { get; init; }

        public bool WasKilled { get; init; }

        public double ReopeningMilliseconds { get; init; }
    }
}
