using System.Globalization;
using System.Text.Json;
using Larder.Cli;
using Larder.Cli.Tour;
using Spectre.Console;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class TourTests : IDisposable
{
    private const int Claims = 31;

    private static readonly LarderCommand _larder = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("larder-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_figures_add_up()
    {
        Outcome ran = Tour("--json");
        JsonElement figures = ran.Json;

        Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
        Assert.Single(ran.Lines);
        Assert.True(figures.GetProperty("allHold").GetBoolean());
        Assert.All(figures.GetProperty("claims").EnumerateArray(), claim => Assert.True(claim.GetProperty("holds").GetBoolean()));
        Assert.Equal(Claims, figures.GetProperty("claims").GetArrayLength());

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
        JsonElement day = figures.GetProperty("durableDay");
        Assert.Equal((1, 0, 30_969), (Number(day, "run"), Number(day, "requestsBefore"), Number(day, "requestsNow")));
        Assert.Equal(JsonValueKind.Null, day.GetProperty("leftByTheRunBefore").ValueKind);
        JsonElement[] modes = [.. figures.GetProperty("killedWriters").GetProperty("modes").EnumerateArray()];
        Assert.Equal(["commit", "interval", "snapshot"], modes.Select(mode => mode.GetProperty("mode").GetString()));
        Assert.Equal(0, Number(modes[0], "lost"));
        Assert.All(modes, mode =>
        {
            Assert.True(mode.GetProperty("wasKilled").GetBoolean());
            Assert.True(Number(mode, "acknowledged") > 100);
            Assert.InRange(Number(mode, "recovered"), Number(mode, "acknowledged") - Number(mode, "lost"), Number(mode, "acknowledged") + 8);
            Assert.Equal((0, 0, 0), (Number(mode, "lostOfFlushed"), Number(mode, "holes"), Number(mode, "neverWritten")));
        });
        JsonElement backup = figures.GetProperty("backup");
        Assert.Equal(0, backup.GetProperty("problems").GetArrayLength());
        Assert.Equal(backup.GetProperty("flipped").GetProperty("file").GetString(), Path.GetFileName(backup.GetProperty("problemsWithTheFlippedBit")[0].GetProperty("file").GetString()));
    }

    [Fact]
    public void A_second_run_finds_what_the_first_one_left_and_both_leave_alone_what_else_is_there()
    {
        Run("set", "mine", "as it was");

        Outcome first = Tour();
        string killed = Run("count", "tour:killed:", "--json").Json.GetProperty("count").GetInt64().ToString("N0", CultureInfo.InvariantCulture);
        Outcome second = Tour();

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ""), (first.ExitCode, second.ExitCode, second.Error));
        AssertThatItReads(first);
        Assert.Contains("Run 1 in ", first.Out, StringComparison.Ordinal);
        Assert.Contains("The first one here: run the tour again, and it is still there.", Unwrapped(first), StringComparison.Ordinal);
        Assert.Contains("Run 2 in ", second.Out, StringComparison.Ordinal);
        Assert.Contains($"UTC and left 30,969 requests counted and {killed} writes of killed processes.", Unwrapped(second), StringComparison.Ordinal);
        Assert.Contains("30,969 requests before, 61,938 now.", Unwrapped(second), StringComparison.Ordinal);
        Assert.Contains("✓ all that the run before has left is there", second.Out, StringComparison.Ordinal);
        Assert.Contains($"{Claims + 1} of {Claims + 1} claims hold.", second.Out, StringComparison.Ordinal);
        Assert.Equal("2\n", Run("get", "tour:runs").Out);
        Assert.Equal(["4280", "2140"], Run("history", "tour:hits:0029").Lines.Select(line => line.Split(' ')[1]));
        Assert.Equal("as it was\n", Run("get", "mine").Out);
    }

    [Fact]
    public void What_is_missing_of_the_run_before_fails_the_claim_of_the_next_one_only()
    {
        var directory = new TourDirectory(_directory.FullName);
        var first = new DurableDay(directory);
        first.Run(WebTrace.Embedded());
        using (Store store = directory.Open())
        {
            store.Set(TourDirectory.Left, TourDirectory.LeftBehind.Of(store));
            store.Remove(TourDirectory.HitsOf(29));
        }

        var second = new DurableDay(directory);
        second.Run(WebTrace.Embedded());
        var third = new DurableDay(directory);
        third.Run(WebTrace.Embedded());

        Assert.Equal("all that the run before has left is there", Assert.Single(second.Claims, claim => !claim.Holds).Text);
        Assert.All([.. first.Claims, .. third.Claims], claim => Assert.True(claim.Holds, claim.Text));
        Assert.Equal((2, 3), (first.Claims.Count, second.Claims.Count));
    }

    [Fact]
    public void A_store_in_use_is_a_sentence()
    {
        using Store owner = Store.Open(_directory.FullName);

        Outcome ran = Tour("--json");

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.Contains("is in use", Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_acknowledgements_of_the_killed_process_are_whole_lines_only()
    {
        Assert.Equal(new Acknowledgement(3, 17, 4242), WriterCommand.Acknowledged("ack 3 17 4242 ."));
        Assert.Null(WriterCommand.Acknowledged("ack 3 17 42"));
        Assert.Null(WriterCommand.Acknowledged("flushed 42 ."));
        Assert.Equal(42, WriterCommand.Flushed("flushed 42 ."));
        Assert.Null(WriterCommand.Flushed("flushed 4"));
        Assert.Equal((3, 17), WriterCommand.Parse("3:0000017"));
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

        int exitCode = tour.Run([new SharedCounter(), new BrokenChapter()], json, "data");

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

    private Outcome Tour(params string[] options) => Run(["tour", .. options]);

    private Outcome Run(params string[] arguments) => _larder.Run([.. arguments, "--path", _directory.FullName]);

    private static void AssertThatItReads(Outcome ran)
    {
        Assert.Contains("30,969 requests for 2,088 pages", ran.Out, StringComparison.Ordinal);
        Assert.Contains("Visitors and times are made up.", ran.Out, StringComparison.Ordinal);
        Assert.Contains("their bytes are made up", ran.Out, StringComparison.Ordinal);
        Assert.Contains("page 29  █", ran.Out, StringComparison.Ordinal);
        Assert.Matches("commit  █+ +[0-9,]+ acknowledged, [0-9,]+ recovered, 0 lost", ran.Out);
        Assert.Contains("✗ snap-", ran.Out, StringComparison.Ordinal);
        Assert.Contains($"{Claims} of {Claims} claims hold.", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ran.Out);
        Assert.All(ran.Lines, line => Assert.InRange(line.Length, 1, 100));
    }

    /// <summary>The output as one line: where lines break depends on how long the name of the directory is.</summary>
    private static string Unwrapped(Outcome ran) => string.Join(' ', ran.Lines.Select(line => line.Trim()));

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
