using System.Globalization;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>The same day counted into a store on disk, where every run of the tour finds what the runs before it have left.</summary>
internal sealed class DurableDay(TourDirectory directory) : Chapter("durableDay", "Keeping: a store in a directory, from run to run")
{
    private TourDirectory.LeftBehind? _left;
    private long _run;
    private long _before;
    private long _after;
    private int _mostWanted;
    private double[] _growth = [];
    private TimeSpan _reopening;

    public override object Figures => new
    {
        path = directory.Path,
        run = _run,
        leftByTheRunBefore = _left,
        requestsBefore = _before,
        requestsNow = _after,
        reopeningMilliseconds = _reopening.TotalMilliseconds,
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"Run {_run} in '{directory.Path}'. {Before()}");
        canvas.WriteLine($"The day was added as one batch, on disk before the call returned: {Bars.Number(_before)} requests before, {Bars.Number(_after)} now.");
        if (_growth.Length > 1)
        {
            canvas.MarkupLineInterpolated($"Page {_mostWanted}, the versions of its counter, a run each:  [green]{Bars.Line(_growth)}[/]  {Bars.Number((long)_growth[0])} to {Bars.Number((long)_growth[^1])}");
        }
    }

    protected override void Play(WebTrace trace)
    {
        int[] tally = new int[trace.Pages];
        Array.ForEach(trace.Requests, page => tally[page]++);
        _mostWanted = Array.IndexOf(tally, tally.Max());

        List<(string, long)> written;
        using (Store store = directory.Open())
        {
            _before = TourDirectory.RequestsIn(store);
            if (store.TryGet(TourDirectory.Left, out _left))
            {
                Claim("all that the run before has left is there", _before == _left!.Requests && store.Count(TourDirectory.Killed) == _left.Writes);
            }

            // What was left is true only as long as nothing is added, so it goes with the same batch.
            WriteBatch day = new WriteBatch().Increment(TourDirectory.Runs).Remove(TourDirectory.Left);
            for (int page = 0; page < tally.Length; page++)
            {
                day.Increment(TourDirectory.HitsOf(page), tally[page]);
            }

            store.Write(day);
            _run = store.TryGet(TourDirectory.Runs, out long run) ? run : 0;
            written = Counters(store);
        }

        long begun = TimeProvider.System.GetTimestamp();
        using Store again = directory.Open();
        _reopening = TimeProvider.System.GetElapsedTime(begun);
        _after = TourDirectory.RequestsIn(again);
        _growth = [.. again.History(TourDirectory.HitsOf(_mostWanted)).Select(version => (double)again.Decode<long>(version)).Reverse()];
        Claim("closed and opened again, the store holds every counter as it was", Counters(again).SequenceEqual(written));
        Claim($"they have grown by the {Bars.Number(trace.Requests.Length)} requests of a day", _after - _before == trace.Requests.Length);
    }

    private static List<(string, long)> Counters(Store store) => [.. store.Scan(TourDirectory.Hits).Select(entry => (entry.Key, store.Decode<long>(entry)))];

    private string Before() => _left switch
    {
        null when _run == 1 => "The first one here: run the tour again, and it is still there.",
        null => "The run before it did not get to its end.",
        _ => $"Run {_left.Run} ended on {_left.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC and left {Bars.Number(_left.Requests)} requests counted "
            + $"and {Bars.Number(_left.Writes)} writes of killed processes.",
    };
}
