using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Eight threads add to one counter.</summary>
internal sealed class SharedCounter() : Chapter("sharedCounter", "Counting together: eight threads, one counter")
{
    private const int Threads = 8;
    private const int EachAdds = 25_000;

    private long _counted;
    private double _perSecond;

    public override object Figures => new { threads = Threads, incrementsEach = EachAdds, counted = _counted, lost = Lost, incrementsPerSecond = Math.Round(_perSecond) };

    private long Lost => ((long)Threads * EachAdds) - _counted;

    public override void Draw(IAnsiConsole canvas) =>
        canvas.WriteLine($"{Threads} threads × {Bars.Number(EachAdds)} increments = {Bars.Number(_counted)}, {Bars.Number(Lost)} lost, {Bars.Number((long)_perSecond)} a second.");

    protected override void Play(WebTrace trace)
    {
        using var store = new Store();
        long begun = TimeProvider.System.GetTimestamp();
        Crowd.Run(Threads, _ =>
        {
            for (int i = 0; i < EachAdds; i++)
            {
                store.Increment("visits");
            }
        });
        _perSecond = Threads * EachAdds / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        _counted = store.TryGet("visits", out long visits) ? visits : 0;
        Claim("not one increment is lost", Lost == 0);
    }
}
