using System.Text.Json;
using Larder.Cli;
using Larder.Cli.Tour;
using Spectre.Console;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class TourTests
{
    private static readonly LarderCommand _larder = new();

    [Fact]
    public void The_figures_add_up()
    {
        Outcome ran = _larder.Run("tour", "--json");
        JsonElement figures = ran.Json;

        Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
        Assert.Single(ran.Lines);
        Assert.True(figures.GetProperty("allHold").GetBoolean());
        Assert.All(figures.GetProperty("claims").EnumerateArray(), claim => Assert.True(claim.GetProperty("holds").GetBoolean()));
        Assert.Equal(18, figures.GetProperty("claims").GetArrayLength());

        JsonElement counts = figures.GetProperty("pageCounts");
        Assert.Equal((30_969, 2_088, 30_969), (Number(counts, "requests"), Number(counts, "pages"), Number(counts, "sumOfCounters")));
        JsonElement top = counts.GetProperty("top")[0];
        Assert.Equal((29, 2_140, 786), (Number(top, "page"), Number(top, "hits"), Number(top, "bytes"))); // counted apart, by another program

        long previous = 0;
        Assert.Equal(4, figures.GetProperty("pageCache").GetProperty("sizes").GetArrayLength());
        foreach (JsonElement size in figures.GetProperty("pageCache").GetProperty("sizes").EnumerateArray())
        {
            Assert.Equal(30_969, Number(size, "hits") + Number(size, "misses"));
            Assert.InRange(Number(size, "mostBytes"), 1, Number(size, "maxBytes"));
            Assert.InRange(Number(size, "hits"), previous, 30_969 - 2_088);
            previous = Number(size, "hits");
        }

        JsonElement sessions = figures.GetProperty("sessions");
        Assert.Equal(30_969, Number(sessions, "started") + Number(sessions, "continued"));
        Assert.Equal(Number(sessions, "started"), Number(sessions, "expired"));
        Assert.Equal(24, sessions.GetProperty("aliveByHour").GetArrayLength());

        Assert.Equal((200_000, 0), (Number(figures.GetProperty("sharedCounter"), "counted"), Number(figures.GetProperty("sharedCounter"), "lost")));
        Assert.Equal((8_000, 0), (Number(figures.GetProperty("keyedLock"), "keptWithLock"), Number(figures.GetProperty("keyedLock"), "locksLeft")));
        JsonElement batch = figures.GetProperty("batch");
        Assert.Equal((100_000, 0), (Number(batch, "total"), Number(batch, "scansWithAnotherTotal")));
        Assert.True(Number(batch, "scansMeanwhile") > 0);
        Assert.False(batch.GetProperty("refused").GetProperty("applied").GetBoolean());
        Assert.Equal((2_000, 0), (Number(figures.GetProperty("watch"), "seen"), Number(figures.GetProperty("watch"), "missed")));
    }

    [Fact]
    public void What_a_person_reads_says_what_is_made_up_and_that_all_holds()
    {
        Outcome ran = _larder.Run("tour");

        Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
        Assert.Contains("30,969 requests for 2,088 pages", ran.Out, StringComparison.Ordinal);
        Assert.Contains("Visitors and times are made up.", ran.Out, StringComparison.Ordinal);
        Assert.Contains("their bytes are made up", ran.Out, StringComparison.Ordinal);
        Assert.Contains("page 29  █", ran.Out, StringComparison.Ordinal);
        Assert.Contains("18 of 18 claims hold.", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ran.Out);
        Assert.All(ran.Lines, line => Assert.InRange(line.Length, 1, 100));
    }

    [Fact]
    public void The_trace_is_the_one_that_its_credit_describes()
    {
        WebTrace trace = WebTrace.Embedded();

        Assert.Equal((30_969, 2_088), (trace.Requests.Length, trace.Requests.Distinct().Count()));
        Assert.Equal((109_384_081, 554_234_661), (trace.BytesOfPages, trace.BytesServed));
        Assert.Equal(0, trace.Requests[0]);
        Assert.Equal(trace.Pages - 1, trace.Requests.Max());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_claim_that_does_not_hold_fails_the_tour(bool json)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var tour = new TourCommand(new Terminal(TextReader.Null, output, error, TimeProvider.System));

        int exitCode = tour.Run([new SharedCounter(), new BrokenChapter()], json);

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Equal("larder: a claim does not hold: two and two are five.", error.ToString().TrimEnd());
        Assert.Contains(json ? "\"allHold\":false" : "✗ two and two are five", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(json ? "\"sharedCounter\":{" : "2 of 3 claims hold", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class BrokenChapter() : Chapter("broken", "A chapter that is wrong")
    {
        public override object Figures => new { };

        public override void Draw(IAnsiConsole canvas) => canvas.WriteLine("as it is");

        protected override void Play(WebTrace trace)
        {
            Claim("two and two are four", true);
            Claim("two and two are five", false);
        }
    }

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
