using System.Globalization;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Every request of the day adds one to the counter of its page; one scan then finds the pages that were asked for most.</summary>
internal sealed class PageCounts() : Chapter("pageCounts", "Counting: a counter a page, the top by one scan")
{
    private const int Shown = 10;

    private int _requests;
    private long _sum;
    private double _countsPerSecond;
    private (int Page, long Hits, int Bytes)[] _pages = [];

    public override object Figures => new
    {
        requests = _requests,
        pages = _pages.Length,
        sumOfCounters = _sum,
        countsPerSecond = Math.Round(_countsPerSecond),
        top = _pages.Take(Shown).Select(page => new { page = page.Page, hits = page.Hits, bytes = page.Bytes }),
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"{Bars.Number(_requests)} requests counted under {Bars.Number(_pages.Length)} keys, {Bars.Number((long)_countsPerSecond)} a second.");
        canvas.WriteLine($"The {Shown} most wanted pages had {Bars.Percent((double)_pages.Take(Shown).Sum(page => page.Hits) / _requests)} of the requests:");
        Bars.Draw(canvas, [.. _pages.Take(Shown).Select(page => ($"page {page.Page}", (double)page.Hits, $"{Bars.Number(page.Hits)} hits"))]);
    }

    protected override void Play(WebTrace trace)
    {
        using var store = new Store();
        long begun = TimeProvider.System.GetTimestamp();
        foreach (int page in trace.Requests)
        {
            store.Increment(KeyOf(page));
        }

        _countsPerSecond = trace.Requests.Length / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        _requests = trace.Requests.Length;

        List<(string Key, long Hits)> counters = [.. store.Scan("hits:").Select(entry => (entry.Key, store.Decode<long>(entry)))];
        _sum = counters.Sum(counter => counter.Hits);
        _pages = [.. counters.Select((counter, page) => (page, counter.Hits, trace.Sizes[page])).OrderByDescending(page => page.Hits)];

        int[] tally = new int[trace.Pages];
        Array.ForEach(trace.Requests, page => tally[page]++);
        Claim($"the counters add up to the {Bars.Number(_requests)} requests", _sum == _requests);
        Claim($"the scan finds every one of the {Bars.Number(trace.Pages)} pages, in key order", counters.Select(counter => counter.Key).SequenceEqual(Enumerable.Range(0, trace.Pages).Select(KeyOf)));
        Claim("every counter agrees with a tally kept beside the store", counters.Select(counter => counter.Hits).SequenceEqual(tally.Select(hits => (long)hits)));
    }

    private static string KeyOf(int page) => string.Create(CultureInfo.InvariantCulture, $"hits:page:{page:D4}");
}
