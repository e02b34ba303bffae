using System.Globalization;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>
/// Sessions that end half an hour after the last request. The trace has no visitors and no times, so both are made up here, always
/// the same; the day passes on a clock that the tour moves.
/// </summary>
internal sealed class VisitorSessions() : Chapter("sessions", "Expiring: sessions that end when nobody comes back")
{
    private const int Hours = 24;
    private const int Around = 60;          // visitors who may come back
    private const double ShareOfNew = 0.08; // of all requests

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(30);
    private static readonly DateTimeOffset _midnight = new(1995, 8, 1, 0, 0, 0, TimeSpan.Zero);

    // How busy a made-up day is, hour by hour.
    private static readonly int[] _weights = [5, 4, 3, 2, 2, 2, 3, 5, 8, 10, 11, 11, 11, 11, 12, 12, 11, 10, 8, 7, 7, 7, 6, 6];

    private readonly double[] _alive = new double[Hours];
    private readonly Dictionary<int, DateTimeOffset> _lastSeen = [];
    private int _visitors;
    private long _started;
    private long _continued;
    private long _expired;
    private long _left;

    public override object Figures => new
    {
        madeUp = "visitors and times",
        visitors = _visitors,
        started = _started,
        continued = _continued,
        expired = _expired,
        leftOvernight = _left,
        aliveByHour = _alive,
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"Visitors and times are made up. {Bars.Number(_visitors)} visitors began {Bars.Number(_started)} sessions and prolonged them {Bars.Number(_continued)} times.");
        canvas.MarkupLineInterpolated($"Sessions alive, hour by hour from midnight:  [green]{Bars.Line(_alive)}[/]  at most {Bars.Number((long)_alive.Max())}");
        canvas.WriteLine($"Half an hour after the last request the store was empty: {Bars.Number(_expired)} sessions had left by themselves.");
    }

    protected override void Play(WebTrace trace)
    {
        var clock = new TourClock(_midnight);
        using var store = new Store(new StoreOptions { TimeProvider = clock });
        var random = new Random(1995);
        bool agrees = true;
        for (int i = 0; i < trace.Requests.Length; i++)
        {
            DateTimeOffset now = TimeOf(i, trace.Requests.Length);
            NoteHours(store, clock, now);
            clock.MoveTo(now);
            agrees &= Visit(store, random, now);
        }

        NoteHours(store, clock, _midnight.AddHours(Hours));
        clock.MoveTo(_midnight.AddHours(Hours) + _lifetime + TimeSpan.FromSeconds(1));
        _expired = store.Statistics.Expirations;
        _left = store.Statistics.Entries;
        Claim("each session ended exactly when a list kept beside the store says", agrees);
        Claim("all of them left by themselves: as many expired as began, and nothing is left", _expired == _started && _left == 0);
    }

    /// <summary>One request of somebody; whether the store knew the session exactly when it should.</summary>
    private bool Visit(Store store, Random random, DateTimeOffset now)
    {
        bool isNew = _visitors == 0 || random.NextDouble() < ShareOfNew;
        int visitor = isNew ? _visitors++ : random.Next(Math.Max(0, _visitors - Around), _visitors);
        string key = string.Create(CultureInfo.InvariantCulture, $"session:{visitor}");
        bool known = store.Touch(key, _lifetime);
        if (known)
        {
            _continued++;
        }
        else
        {
            store.Set(key, $"visitor {visitor}", _lifetime);
            _started++;
        }

        bool expected = _lastSeen.TryGetValue(visitor, out DateTimeOffset last) && now < last + _lifetime;
        _lastSeen[visitor] = now;
        return known == expected;
    }

    /// <summary>Counts the sessions at every full hour that passes before <paramref name="now"/>.</summary>
    private void NoteHours(Store store, TourClock clock, DateTimeOffset now)
    {
        for (int hour = (clock.GetUtcNow() - _midnight).Hours; hour < Hours && _midnight.AddHours(hour + 1) <= now; hour++)
        {
            clock.MoveTo(_midnight.AddHours(hour + 1));
            _alive[hour] = store.Count("session:");
        }
    }

    /// <summary>Strews the requests over the day by the weights of its hours.</summary>
    private static DateTimeOffset TimeOf(int request, int requests)
    {
        double share = (double)request / requests * _weights.Sum();
        int hour = 0;
        while (share >= _weights[hour])
        {
            share -= _weights[hour++];
        }

        return _midnight.AddHours(hour).AddTicks((long)(share / _weights[hour] * TimeSpan.TicksPerHour));
    }
}
