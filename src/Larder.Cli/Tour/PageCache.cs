using System.Globalization;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>A store with a bound as the page cache of that server: how many requests would it have answered from memory?</summary>
internal sealed class PageCache() : Chapter("pageCache", "Caching: pages under a bound in bytes")
{
    private const int Slices = 24;

    private static readonly double[] _shares = [0.01, 0.03, 0.10, 0.30];

    private readonly List<Size> _sizes = [];
    private double _bestHitRate;
    private double[] _hitRateByPart = [];

    public override object Figures => new
    {
        bestHitRate = _bestHitRate,
        sizes = _sizes,
        hitRateByPart = _hitRateByPart,
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine("Sizes and order of the pages are real, their bytes are made up. Requests answered from memory:");
        IEnumerable<(string, double, string)> rows = _sizes.Select(size => (
            $"{Bars.Megabytes(size.MaxBytes)} ({size.Share.ToString("P0", CultureInfo.InvariantCulture)})",
            size.HitRate,
            $"{Bars.Percent(size.HitRate)}, {Bars.Number(size.Evictions)} evicted"));
        Bars.Draw(canvas, [.. rows, ("no bound", _bestHitRate, $"{Bars.Percent(_bestHitRate)}, the most there can be")], scale: 1);
        canvas.WriteLine($"With {_shares[2]:P0}, through {Slices} parts of the day:  {Bars.Line(_hitRateByPart, _hitRateByPart.Min())}  {Bars.Percent(_hitRateByPart.Min())} to {Bars.Percent(_hitRateByPart.Max())}");
    }

    protected override void Play(WebTrace trace)
    {
        _bestHitRate = 1 - ((double)trace.Pages / trace.Requests.Length);
        byte[] body = new byte[trace.Sizes.Max()];
        foreach (double share in _shares)
        {
            Replay(trace, share, (long)(trace.BytesOfPages * share), body);
        }

        Claim("no cache ever held more than its bound, asked after every request", _sizes.All(size => size.MostBytes <= size.MaxBytes));
        Claim("hits and misses are the requests, and the store counted the same", _sizes.All(size => size.Hits + size.Misses == trace.Requests.Length && size.AgreesWithStore));
        Claim("a page just stored is there, whatever had to go for it", _sizes.All(size => size.NewcomersKept));
    }

    private void Replay(WebTrace trace, double share, long maxBytes, byte[] body)
    {
        using var store = new Store(new StoreOptions { MaxBytes = maxBytes, WhenFull = WhenFull.Evict });
        string[] keys = [.. Enumerable.Range(0, trace.Pages).Select(page => string.Create(CultureInfo.InvariantCulture, $"page:{page}"))];
        long hits = 0, mostBytes = 0, tooLarge = 0, stored = 0;
        bool kept = true;
        var hitsByPart = new int[Slices];
        var requestsByPart = new int[Slices];
        for (int i = 0; i < trace.Requests.Length; i++)
        {
            int page = trace.Requests[i];
            int part = (int)((long)i * Slices / trace.Requests.Length);
            requestsByPart[part]++;
            if (store.TryGet(keys[page], out Entry _))
            {
                hits++;
                hitsByPart[part]++;
                continue;
            }

            try
            {
                store.Set(keys[page], body.AsSpan(0, trace.Sizes[page]));
                stored++;
                kept &= store.Exists(keys[page]);
            }
            catch (Exception refused) when (refused is StoreFullException or StoreLimitException)
            {
                tooLarge++; // larger than the whole cache
            }

            mostBytes = Math.Max(mostBytes, store.Statistics.Bytes);
        }

        StoreStatistics figures = store.Statistics;
        long misses = trace.Requests.Length - hits;
        _sizes.Add(new Size(share, maxBytes, hits, misses, (double)hits / trace.Requests.Length, figures.Evictions, tooLarge, mostBytes)
        {
            AgreesWithStore = figures.Hits == hits + stored && figures.Misses == misses, // each newcomer was asked for once more
            NewcomersKept = kept,
        });
        if (share == _shares[2])
        {
            _hitRateByPart = [.. hitsByPart.Zip(requestsByPart, (found, asked) => (double)found / asked)];
        }
    }

    private sealed record Size(double Share, long MaxBytes, long Hits, long Misses, double HitRate, long Evictions, long TooLarge, long MostBytes)
    {
        internal bool AgreesWithStore { get; init; }

        internal bool NewcomersKept { get; init; }
    }
}
