using Larder.Cli;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class StoreCommandTests
{
    private readonly LarderCommand _larder = new();

    [Fact]
    public void Set_says_size_version_and_deadline_and_get_prints_the_value_alone()
    {
        Outcome ran = _larder.Shell("set user:1 alice --expiry 5m", "get user:1");

        Assert.Equal(new Outcome(ExitCode.Ok, "set 'user:1' (5 bytes), version 1, expires 2026-01-01T00:05:00Z\nalice\n", ""), ran);
    }

    [Fact]
    public void Set_and_get_answer_in_json()
    {
        Outcome ran = _larder.Shell("set user:1 alice --expiry 5m --json", "get user:1 --json", "get nobody --json");

        Assert.Equal(
            [
                """{"key":"user:1","applied":true,"version":1,"expiresAt":"2026-01-01T00:05:00+00:00"}""",
                """{"key":"user:1","value":"alice","kind":"text","expiresAt":"2026-01-01T00:05:00+00:00","version":1}""",
                """{"key":"nobody","found":false}""",
            ],
            ran.Lines);
        Assert.Equal(ExitCode.No, ran.ExitCode);
    }

    [Fact]
    public void An_expiry_in_the_past_removes_and_says_so()
    {
        Outcome ran = _larder.Shell("set a 1", "set a 2 --expiry 0", "exists a");

        Assert.Equal(["set 'a' (1 bytes), version 1", "set 'a', which had expired at once and is gone", "no"], ran.Lines);
    }

    [Fact]
    public void A_missing_key_is_a_sentence_on_standard_error_and_code_1()
    {
        foreach (string command in new[] { "get k", "history k", "remove k", "touch k --expiry 1m" })
        {
            Assert.Equal(new Outcome(ExitCode.No, "", "larder: there is no key 'k'.\n"), _larder.Shell(command));
        }
    }

    [Fact]
    public void Bytes_go_in_and_come_out_in_base64()
    {
        Outcome ran = _larder.Shell("set bin /wD+ --base64", "get bin", "get bin --json");

        Assert.Equal(
            [
                "set 'bin' (3 bytes), version 1",
                "base64:/wD+",
                """{"key":"bin","base64":"/wD+","kind":"bytes","expiresAt":null,"version":1}""",
            ],
            ran.Lines);
    }

    [Fact]
    public void Set_with_a_version_is_a_compare_and_set()
    {
        Outcome ran = _larder.Shell("set a 1 --if-version 0", "set a 2 --if-version 1", "set a 3 --if-version 1", "set b 1 --if-version 7", "get a", "set a 4 --if-version 1 --json");

        Assert.Equal(ExitCode.No, ran.ExitCode);
        Assert.Equal(["set 'a' (1 bytes), version 1", "set 'a' (1 bytes), version 2", "2", """{"key":"a","applied":false,"version":2}"""], ran.Lines);
        Assert.Equal("larder: refused, because 'a' has version 2; nothing changed.\nlarder: refused, because 'b' is absent; nothing changed.\n", ran.Error);
    }

    [Fact]
    public void Add_is_refused_when_the_key_is_there()
    {
        Outcome ran = _larder.Shell("add a 1", "add a 2", "get a", "add a 3 --json");

        Assert.Equal(ExitCode.No, ran.ExitCode);
        Assert.Equal(["added 'a' (1 bytes), version 1", "1", """{"key":"a","applied":false,"version":1}"""], ran.Lines);
        Assert.Equal("larder: refused, because 'a' has version 1; nothing changed.\n", ran.Error);
    }

    [Fact]
    public void Remove_takes_a_version_too()
    {
        Outcome ran = _larder.Shell("set a 1", "remove a --if-version 9", "remove a --if-version 1", "exists a", "set b 1", "remove b --json");

        Assert.Equal(["set 'a' (1 bytes), version 1", "removed 'a'", "no", "set 'b' (1 bytes), version 3", """{"key":"b","applied":true}"""], ran.Lines);
        Assert.Equal("larder: refused, because 'a' has version 1; nothing changed.\n", ran.Error);
    }

    [Fact]
    public void Incr_prints_the_sum_and_takes_negative_amounts()
    {
        Outcome ran = _larder.Shell("incr n", "incr n --by 41", "incr n --by -50 --json");

        Assert.Equal(["'n' is 1, version 1", "'n' is 42, version 2", """{"key":"n","value":-8,"version":3}"""], ran.Lines);
        Assert.Equal(ExitCode.Ok, ran.ExitCode);
    }

    [Fact]
    public void Incr_fails_on_what_is_no_counter_and_on_overflow()
    {
        Outcome ran = _larder.Shell("set a x", "incr a", "incr n --by 9223372036854775807", "incr n", "get a", "get n");

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Equal(["x", "9223372036854775807"], ran.Lines[^2..]);
        string[] complaints = ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, complaints.Length);
        Assert.Equal("larder: the value of 'a' is no 64-bit counter, so it cannot be incremented; it was left as it is.", complaints[0]);
    }

    [Fact]
    public void Incr_leaves_a_deadline_alone_unless_told_otherwise()
    {
        Outcome ran = _larder.Shell("incr n --expiry 1m", "incr n", "scan --json", "incr n --expiry none", "scan --json");

        Assert.Contains("\"expiresAt\":\"2026-01-01T00:01:00+00:00\"", ran.Lines[2], StringComparison.Ordinal);
        Assert.Contains("\"expiresAt\":null", ran.Lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Touch_moves_the_deadline_and_keeps_the_value()
    {
        Outcome ran = _larder.Shell("set a 1", "touch a --expiry 1h", "get a --json", "touch a --expiry none --json");

        Assert.Equal("touched 'a', version 2, expires 2026-01-01T01:00:00Z", ran.Lines[1]);
        Assert.Equal("""{"key":"a","value":"1","kind":"text","expiresAt":"2026-01-01T01:00:00+00:00","version":2}""", ran.Lines[2]);
        Assert.Equal("""{"key":"a","applied":true,"version":3,"expiresAt":null}""", ran.Lines[3]);
    }

    [Fact]
    public void Exists_answers_by_word_and_by_code()
    {
        Outcome there = _larder.Shell("set a 1", "exists a", "exists a --json");
        Outcome absent = _larder.Shell("exists a", "exists a --json");

        Assert.Equal((ExitCode.Ok, "yes", """{"key":"a","exists":true}"""), (there.ExitCode, there.Lines[1], there.Lines[2]));
        Assert.Equal((ExitCode.No, "no", """{"key":"a","exists":false}"""), (absent.ExitCode, absent.Lines[0], absent.Lines[1]));
    }

    [Fact]
    public void Scan_lists_in_order_and_in_pages()
    {
        string[] fill = ["set b:2 two", "set b:1 one", "set b:3 three", "set a x", "set c x"];

        Assert.Equal(
            ["b:1 = one  (version 2, text)", "b:2 = two  (version 1, text)", "b:3 = three  (version 3, text)", "3 entries"],
            _larder.Shell([.. fill, "scan b:"]).Lines[5..]);
        Assert.Equal(["b:2 = two  (version 1, text)", "1 entry"], _larder.Shell([.. fill, "scan b: --after b:1 --limit 1"]).Lines[5..]);
        Assert.Equal(["b:2 = two  (version 1, text)", "b:1 = one  (version 2, text)", "2 entries"], _larder.Shell([.. fill, "scan b: --after b:3 --reverse"]).Lines[5..]);
        Assert.Equal(
            ["""{"key":"b:1","value":"one","kind":"text","expiresAt":null,"version":2}""", """{"key":"b:2","value":"two","kind":"text","expiresAt":null,"version":1}"""],
            _larder.Shell([.. fill, "scan b: --limit 2 --json"]).Lines[5..]);
        Assert.Equal("0 entries", _larder.Shell("scan nothing").Out.TrimEnd());
    }

    [Fact]
    public void A_list_shows_control_characters_as_escapes_and_cuts_long_values()
    {
        Outcome ran = _larder.Shell(@"set ""a\nb"" ""x\ty\\z""", $"set long {new string('x', 300)}", "scan", "get long");

        Assert.Equal(@"a\nb = x\ty\\z  (version 1, text)", ran.Lines[2]);
        Assert.Equal($"long = {new string('x', 200)}… (300 bytes)  (version 2, text)", ran.Lines[3]);
        Assert.Equal(new string('x', 300), ran.Lines[5]);
    }

    [Fact]
    public void History_lists_the_newest_first()
    {
        Outcome ran = _larder.Shell("set a 1", "set a 2 --expiry 1m", "history a", "history a --json");

        Assert.Equal(["2: 2  (text, expires 2026-01-01T00:01:00Z)", "1: 1  (text)"], ran.Lines[2..4]);
        Assert.Equal("""{"key":"a","value":"2","kind":"text","expiresAt":"2026-01-01T00:01:00+00:00","version":2}""", ran.Lines[4]);
        Assert.Equal("""{"key":"a","value":"1","kind":"text","expiresAt":null,"version":1}""", ran.Lines[5]);
    }

    [Fact]
    public void Count_and_stats()
    {
        Outcome ran = _larder.Shell("set a:1 x", "set a:2 x", "set b x", "get b", "get c", "count", "count a:", "count a: --json", "stats --json", "stats");

        Assert.Equal(["3", "2", """{"prefix":"a:","count":2}"""], ran.Lines[4..7]);
        using var stats = System.Text.Json.JsonDocument.Parse(ran.Lines[7]);
        Assert.Equal(3, stats.RootElement.GetProperty("entries").GetInt64());
        Assert.Equal((64 * 3) + 3 + 3 + 1 + 3, stats.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(1, stats.RootElement.GetProperty("misses").GetInt64());
        Assert.Equal(3, stats.RootElement.GetProperty("lastSequence").GetInt64());
        Assert.Matches(@"^entries +3$", ran.Lines[8]);
    }

    [Fact]
    public void A_limit_of_the_store_is_a_sentence_and_code_3()
    {
        Outcome ran = _larder.Shell($"set {new string('k', 2000)} v");

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Equal("larder: MaxKeyBytes is 1024 bytes, but 2000 bytes were given; nothing was changed.\n", ran.Error);
    }
}
