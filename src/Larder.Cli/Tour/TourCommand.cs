using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Larder.Cli.Commands;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary><c>larder tour</c>: a real web server's day through the store, with figures, charts, and checked claims.</summary>
internal sealed class TourCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Option<string> _path = new("--path") { Description = "The directory whose store outlives the tour", HelpName = "DIR", DefaultValueFactory = _ => TourDirectory.DefaultPath };

    public TourCommand(Terminal terminal)
        : base("tour", "See what Larder does, on a real web server's day")
    {
        _terminal = terminal;
        Add(_path);
        SetAction(parsed =>
        {
            var directory = new TourDirectory(parsed.GetRequiredValue(_path));
            return Run(
                [
                    new PageCounts(), new PageCache(), new VisitorSessions(), new SharedCounter(), new LockedRecord(), new Transfers(), new WatchedPages(),
                    new DurableDay(directory), new KilledWriters(directory), new BackedUp(directory, terminal),
                ],
                parsed.GetValue<bool>(JsonOption.LongName),
                directory.Path);
        });
    }

    /// <summary>Runs the chapters in order; fails when a claim of one does not hold.</summary>
    internal int Run(Chapter[] chapters, bool json, string path)
    {
        IAnsiConsole canvas = _terminal.Canvas();
        long begun = Stopwatch.GetTimestamp();
        WebTrace trace = WebTrace.Embedded();
        if (!json)
        {
            Introduce(canvas, trace);
        }

        foreach (Chapter chapter in chapters)
        {
            chapter.Run(trace);
            if (!json)
            {
                Show(canvas, chapter);
                _terminal.Out.Flush();
            }
        }

        List<Claim> claims = [.. chapters.SelectMany(chapter => chapter.Claims)];
        List<Claim> broken = claims.FindAll(claim => !claim.Holds);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (json)
        {
            _terminal.Out.WriteLine(JsonText.Of(Figures(trace, chapters, claims, seconds)));
        }
        else
        {
            canvas.WriteLine();
            canvas.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{claims.Count - broken.Count} of {claims.Count} claims hold. All of it took {seconds:N1} s."));
            canvas.WriteLine($"What it left: 'larder stats --path {path}', 'larder verify {path}'; run the tour again to find it.");
            canvas.WriteLine("Next: 'larder shell' to try it by hand, 'larder bench' for speed, 'larder --help' for the rest.");
        }

        broken.ForEach(claim => _terminal.Complain($"a claim does not hold: {claim.Text}."));
        return broken.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Introduce(IAnsiConsole canvas, WebTrace trace)
    {
        canvas.MarkupLine("[bold]Larder: a day in the store[/]");
        canvas.WriteLine(
            $"The web server of NASA's Kennedy Space Center on 1 August 1995: {Bars.Number(trace.Requests.Length)} requests for {Bars.Number(trace.Pages)} pages "
            + $"of {Bars.Megabytes(trace.BytesOfPages)}, {Bars.Megabytes(trace.BytesServed)} served. The order of the requests and the sizes of the pages are real; "
            + "pages have numbers instead of names, and whatever else is made up is said to be.");
    }

    private static void Show(IAnsiConsole canvas, Chapter chapter)
    {
        canvas.WriteLine();
        canvas.MarkupLineInterpolated($"[bold cyan]{chapter.Title}[/] [dim]({Bars.Milliseconds(chapter.Elapsed)})[/]");
        chapter.Draw(canvas);
        foreach (Claim claim in chapter.Claims)
        {
            canvas.MarkupLineInterpolated(claim.Holds ? (FormattableString)$"  [green]✓[/] {claim.Text}" : $"  [red]✗ {claim.Text}[/]");
        }
    }

    private static Dictionary<string, object> Figures(WebTrace trace, Chapter[] chapters, List<Claim> claims, double seconds)
    {
        var figures = new Dictionary<string, object>
        {
            ["trace"] = new { name = "NASA Kennedy Space Center web server, 1995-08-01", requests = trace.Requests.Length, pages = trace.Pages, bytesOfPages = trace.BytesOfPages, bytesServed = trace.BytesServed },
        };
        Array.ForEach(chapters, chapter => figures.Add(chapter.Name, chapter.Figures));
        figures.Add("claims", claims);
        figures.Add("allHold", claims.TrueForAll(claim => claim.Holds));
        figures.Add("seconds", seconds);
        return figures;
    }
}
