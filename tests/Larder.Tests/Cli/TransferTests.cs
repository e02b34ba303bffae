using System.Text;
using Larder.Cli;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class TransferTests : IDisposable
{
    private readonly LarderCommand _larder = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("larder-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_round_trip_is_exact()
    {
        using Store original = StoreOnClock();
        original.Set("bytes that are text", "plain"u8);
        original.Set("bytes", [0x00, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80]);
        original.Set("every byte", [.. Enumerable.Range(0, 256).Select(number => (byte)number)]);
        original.Set("empty", ""u8);
        original.Set("text", "line\r\nline\ttab \"quoted\" \\ \0 \uFEFF \u2028 שלום 🥫");
        original.Set("key\nwith 🥫 \u0001", "x");
        original.Set("object", new { Name = "Alice", Tags = new[] { "a" } });
        original.Increment("counter", long.MinValue);
        original.Set("lasting a tick", "x", Expiry.At(_larder.Time.GetUtcNow().AddTicks(1_234_567)));
        original.Set("lasting for ever", "x", Expiry.At(DateTimeOffset.MaxValue));

        using Store copy = StoreOnClock();
        Outcome exported = _larder.On(original, $"export '{File("a")}'");
        Outcome imported = _larder.On(copy, $"import '{File("a")}'");
        _larder.On(copy, $"export '{File("b")}'");

        Assert.Equal(new Outcome(ExitCode.Ok, $"exported 10 entries to {File("a")}\n", ""), exported);
        Assert.Equal(new Outcome(ExitCode.Ok, "imported 10 entries; the store holds 10\n", ""), imported);
        Assert.Equal(Snapshot(original), Snapshot(copy));
        Assert.Equal(System.IO.File.ReadAllBytes(File("a")), System.IO.File.ReadAllBytes(File("b")));
    }

    [Fact]
    public void A_line_holds_text_or_base64_and_an_absolute_moment()
    {
        using Store store = StoreOnClock();
        store.Set("a", "text", TimeSpan.FromMinutes(1));
        store.Set("b", [0xFF]);

        Assert.Equal(
            [
                """{"key":"a","value":"text","kind":"text","expiresAt":"2026-01-01T00:01:00+00:00"}""",
                """{"key":"b","base64":"/w==","kind":"bytes","expiresAt":null}""",
            ],
            _larder.On(store, "export -").Lines);
    }

    [Theory]
    [InlineData("{", "it is no JSON")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{\"value\":\"x\"}", "it has no key")]
    [InlineData("{\"key\":\"\",\"value\":\"x\"}", "it has no key")]
    [InlineData("{\"key\":5,\"value\":\"x\"}", "its key is no text")]
    [InlineData("{\"key\":\"\\ud800\",\"value\":\"x\"}", "no UTF-8 form")]
    [InlineData("{\"key\":\"k\"}", "it needs either a value or a base64")]
    [InlineData("{\"key\":\"k\",\"value\":\"x\",\"base64\":\"\"}", "it needs either a value or a base64")]
    [InlineData("{\"key\":\"k\",\"value\":5}", "its value is no text")]
    [InlineData("{\"key\":\"k\",\"base64\":\"?\"}", "its base64 is none")]
    [InlineData("{\"key\":\"k\",\"value\":\"x\",\"kind\":\"blob\"}", "there is no kind 'blob'")]
    [InlineData("{\"key\":\"k\",\"value\":\"x\",\"kind\":\"counter\"}", "its value is no counter")]
    [InlineData("{\"key\":\"k\",\"value\":\"x\",\"expiresAt\":\"soon\"}", "its expiresAt is no moment")]
    [InlineData("{\"key\":\"k\",\"value\":\"x\",\"expires\":null}", "unknown property 'expires'")]
    [InlineData("{\"key\":\"k\",\"key\":\"l\",\"value\":\"x\"}", "it is no JSON")]
    public void A_bad_line_is_named_and_nothing_is_imported(string bad, string message)
    {
        System.IO.File.WriteAllText(File("bad"), "{\"key\":\"a\",\"value\":\"1\"}\n\n" + bad + "\n{\"key\":\"b\",\"value\":\"2\"}\n");
        using Store store = StoreOnClock();

        Outcome ran = _larder.On(store, $"import '{File("bad")}'");

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Empty(ran.Out);
        Assert.StartsWith("larder: line 3 is bad: ", ran.Error, StringComparison.Ordinal);
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, store.Statistics.LastSequence);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_bad_line()
    {
        System.IO.File.WriteAllBytes(File("bad"), [.. "{\"key\":\"a\",\"value\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        Outcome ran = _larder.Run("import", File("bad"));

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.StartsWith("larder: line 1 is bad: ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_runs_commands_on_what_it_read()
    {
        Fill("a", 3);

        Outcome ran = _larder.Run("import", File("a"), "--then", "scan key:0", "--then", "incr 'key:0002'", "--then", "get nobody");

        Assert.Equal(["imported 3 entries; the store holds 3", "key:0000 = 0  (version 1, text)", "key:0001 = 1  (version 1, text)", "key:0002 = 2  (version 1, text)", "3 entries", "'key:0002' is 3, version 2"], ran.Lines);
        Assert.Equal((ExitCode.No, "larder: there is no key 'nobody'.\n"), (ran.ExitCode, ran.Error));
    }

    [Fact]
    public void Import_answers_in_json_and_so_do_the_commands_after_it()
    {
        Fill("a", 2);

        Outcome ran = _larder.Run("import", File("a"), "--json", "--then", "count");

        Assert.Equal([$$"""{"file":"{{File("a")}}","imported":2,"expired":0,"entries":2}""", """{"prefix":"","count":2}"""], ran.Lines);
        Assert.Equal($$"""{"file":"{{File("b")}}","exported":2}""", _larder.Run("import", File("a"), "--then", $"export '{File("b")}' --json").Lines[^1]);
    }

    [Fact]
    public void Many_entries_go_in_portions_and_all_arrive()
    {
        Fill("a", 10_000);

        Outcome ran = _larder.Run("import", File("a"), "--then", "count key:", "--then", "get key:9999");

        Assert.Equal(["imported 10,000 entries; the store holds 10,000", "10000", "9999"], ran.Lines);
    }

    [Fact]
    public void What_scan_prints_as_json_can_be_imported_from_standard_input()
    {
        Outcome scanned = _larder.Shell("set a 1 --expiry 5m", "set b /wA= --base64", "incr c", "scan --json");

        Outcome ran = _larder.RunWith(string.Join('\n', scanned.Lines[3..]), "import", "-", "--then", "scan --json");

        Assert.Equal(
            [
                """{"key":"a","value":"1","kind":"text","expiresAt":"2026-01-01T00:05:00+00:00","version":1}""",
                """{"key":"b","base64":"/wA=","kind":"bytes","expiresAt":null,"version":1}""",
                """{"key":"c","value":"1","kind":"counter","expiresAt":null,"version":1}""",
            ],
            ran.Lines[1..]);
    }

    [Fact]
    public void What_has_expired_is_counted_and_not_kept()
    {
        System.IO.File.WriteAllText(File("a"), "{\"key\":\"a\",\"value\":\"1\",\"expiresAt\":\"2025-12-31T23:59:59Z\"}\n{\"key\":\"b\",\"value\":\"1\"}");

        Assert.Equal("imported 2 entries, of which 1 had expired and are not kept; the store holds 1\n", _larder.Run("import", File("a")).Out);
    }

    [Fact]
    public void A_full_store_refuses_a_portion_and_says_what_is_in()
    {
        Fill("a", 5_000);

        Outcome few = _larder.Run("import", File("a"), "--max-entries", "10");
        Outcome many = _larder.Run("import", File("a"), "--max-entries", "4500");

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (few.ExitCode, many.ExitCode));
        Assert.StartsWith("larder: the store refused the entries from line 1 on, and nothing was imported: ", few.Error, StringComparison.Ordinal);
        Assert.StartsWith("larder: the store refused the entries from line 4097 on, and the 4,096 entries before them are imported: ", many.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_entries_go_in_portions_of_some_megabytes()
    {
        string large = new('x', 3 * 1024 * 1024);
        System.IO.File.WriteAllLines(File("a"), Enumerable.Range(0, 3).Select(number => $$"""{"key":"{{number}}","value":"{{large}}"}"""));
        using Store store = StoreOnClock();

        _larder.On(store, $"import '{File("a")}'");

        Assert.Equal((3, 3), (store.Count(), store.Statistics.LastSequence));
    }

    [Fact]
    public void A_file_that_is_missing_is_a_sentence()
    {
        Outcome ran = _larder.Run("import", File("missing"));

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Contains("missing", ran.Error, StringComparison.Ordinal);
        Assert.StartsWith("larder: ", Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_that_fails_leaves_the_earlier_file_and_nothing_beside_it()
    {
        string directory = Directory.CreateDirectory(File("taken")).FullName; // a directory cannot be replaced by a file

        Outcome ran = _larder.Shell("set a 1", $"export '{directory}'");

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Equal(directory, Assert.Single(Directory.GetFileSystemEntries(_directory.FullName)));
    }

    [Fact]
    public void An_export_can_be_limited_to_a_prefix_and_replaces_the_file()
    {
        System.IO.File.WriteAllText(File("a"), "old");

        _larder.Shell("set a:1 x", "set b:1 x", $"export '{File("a")}' --prefix a:");

        Assert.Equal("""{"key":"a:1","value":"x","kind":"text","expiresAt":null}""" + "\n", System.IO.File.ReadAllText(File("a")));
    }

    [Fact]
    public void A_progress_bar_appears_only_where_it_may()
    {
        Fill("a", 10);

        Assert.Contains("importing", new LarderCommand { Styled = true }.Run("import", File("a")).Out, StringComparison.Ordinal);
        Assert.Equal("imported 10 entries; the store holds 10\n", _larder.Run("import", File("a")).Out);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_do_no_harm()
    {
        System.IO.File.WriteAllText(File("a"), "{\"key\":\"a\",\"value\":\"1\"}\r\n\r\n{\"key\":\"b\",\"value\":\"2\"}\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("imported 2 entries; the store holds 2\n", _larder.Run("import", File("a")).Out);
    }

    private Store StoreOnClock() => new(new StoreOptions { TimeProvider = _larder.Time });

    private string File(string name) => Path.Combine(_directory.FullName, name);

    private void Fill(string name, int entries) =>
        System.IO.File.WriteAllLines(File(name), Enumerable.Range(0, entries).Select(number => $$"""{"key":"key:{{number:D4}}","value":"{{number}}"}"""));

    private static IEnumerable<(string Key, string Value, ValueKind Kind, DateTimeOffset? ExpiresAt)> Snapshot(Store store) =>
        store.Scan().Select(entry => (entry.Key, Convert.ToHexString(entry.Value.Span), entry.Kind, entry.ExpiresAt));
}
