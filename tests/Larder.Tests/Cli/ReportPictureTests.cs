using Larder.Cli;
using Larder.Cli.Files;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class ReportPictureTests
{
    private static readonly StoreFileReport _older = new("snap-0000000000000002.snp", "checkpoint", 5_000, 40, 100, 100, false, false);
    private static readonly StoreFileReport _needed = new("snap-0000000000000004.snp", "checkpoint", 10_000, 80, 200, 200, false, true);
    private static readonly StoreFileReport _log = new("wal-0000000000000005.log", "segment", 20_000, 200, 201, 400, false, true);

    [Fact]
    public void Every_file_has_a_bar_of_its_bytes_and_the_stretch_of_sequences_that_it_covers() =>
        Assert.Equal(
            [
                "                             bytes                           sequences 1 to 400          records",
                "  snap-0000000000000002.snp  ░░░░░░                   5,000 B  ───────                     40",
                "  snap-0000000000000004.snp  ███████████                10 kB  ━━━━━━━━━━━━━               80",
                "  wal-0000000000000005.log   ██████████████████████     20 kB               ━━━━━━━━━━━━━  200",
                "  █ ━ read when the store opens   ░ ─ the generation before",
            ],
            Draw(Report([_older, _needed, _log])));

    [Fact]
    public void A_damaged_place_is_marked_where_it_is_and_told_in_a_sentence() =>
        Assert.Equal(
            [
                "                            bytes                           sequences 1 to 400          records",
                "  wal-0000000000000005.log  ███████████✗██████████     20 kB               ━━━━━━━━━━━━━  200",
                "  in doubt                                                                        ✗✗",
                "  █ ━ read when the store opens   ░ ─ the generation before   ✗ damaged or in doubt",
                "  ✗ wal-0000000000000005.log at offset 10,000: the checksum is wrong; commits 310 to 325 are lost or in doubt.",
            ],
            Draw(Report([_log], new StoreProblem("/data/wal-0000000000000005.log", 10_000, 310, 325, "the checksum is wrong"))));

    [Theory]
    [InlineData(0, 0, "f at offset 0: bad; no commit is lost.")]
    [InlineData(7, 7, "f at offset 0: bad; commit 7 is lost or in doubt.")]
    [InlineData(7, 0, "f at offset 0: bad; commits from sequence 7 on are lost or in doubt.")]
    [InlineData(7, 1_000, "f at offset 0: bad; commits 7 to 1,000 are lost or in doubt.")]
    public void The_commits_concerned_are_named(long first, long last, string sentence) =>
        Assert.Equal(sentence, ReportPicture.Sentence(new StoreProblem("f", 0, first, last, "bad")));

    [Fact]
    public void A_file_that_is_missing_shows_as_a_gap_and_in_the_row_of_what_is_in_doubt()
    {
        string[] lines = Draw(Report([_needed, _log with { FirstSequence = 301 }], new StoreProblem("wal-0000000000000004.log", 0, 201, 300, "the file is missing")));

        Assert.Equal("━━━━━━━━━━━━━             ", lines[1][63..89]);
        Assert.Equal("                   ━━━━━━━", lines[2][63..89]);
        Assert.Equal("             ✗✗✗✗✗✗✗", lines[3][63..].TrimEnd());
    }

    [Fact]
    public void A_store_without_files_and_places_out_of_bounds_are_drawn_all_the_same()
    {
        Assert.Equal(2, Draw(Report([])).Length);
        string[] lines = Draw(Report([_log with { Bytes = 0, Records = 0, FirstSequence = 401, LastSequence = 400 }], new StoreProblem(_log.Name, 99, 0, 0, "empty")));
        Assert.Contains('✗', lines[1]);
    }

    [Fact]
    public void Colours_appear_only_where_they_may()
    {
        Assert.Contains("\e[32m█", string.Concat(Draw(Report([_log]), styled: true)), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', string.Concat(Draw(Report([_log]))));
    }

    [Fact]
    public void The_verdict_says_how_the_last_owner_left_the_store()
    {
        StoreReport report = Report([_log]);

        Assert.Equal("sound: 80 entries, everything up to sequence 400; closed cleanly", VerifyCommand.Verdict(report, hasKey: false));
        Assert.EndsWith("; not closed by its last owner, who left 17 bytes of a write that nobody was promised", VerifyCommand.Verdict(report with { ClosedCleanly = false, TornBytes = 17 }, hasKey: false), StringComparison.Ordinal);
        Assert.EndsWith("; not closed by its last owner, or still open", VerifyCommand.Verdict(report with { ClosedCleanly = false }, hasKey: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_nobody_could_count_are_not_said_to_be_none()
    {
        StoreReport report = Report([_log with { IsEncrypted = true }]) with { Entries = 0 };

        Assert.Equal("sound: entries are not counted without the key, everything up to sequence 400; closed cleanly", VerifyCommand.Verdict(report, hasKey: false));
        Assert.Equal("sound: 0 entries, everything up to sequence 400; closed cleanly", VerifyCommand.Verdict(report, hasKey: true));
    }

    [Fact]
    public void The_last_commit_reaches_the_end_of_the_row_however_few_there_are()
    {
        StoreReport few = Report([_log with { FirstSequence = 1, LastSequence = 3 }]) with { LastSequence = 3 };

        Assert.Equal(new string('━', 26), Draw(few)[1][62..88]);
    }

    private static StoreReport Report(StoreFileReport[] files, params StoreProblem[] problems) => new()
    {
        Path = "data",
        StoreId = Guid.Empty,
        Files = files,
        Problems = problems,
        LastSequence = 400,
        Entries = 80,
        ClosedCleanly = true,
        TornBytes = 0,
    };

    private static string[] Draw(StoreReport report, bool styled = false)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new ReportPicture(report, new Terminal(TextReader.Null, output, TextWriter.Null, TimeProvider.System) { Styled = styled }).Draw(output);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
