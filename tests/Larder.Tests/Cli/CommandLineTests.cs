using Larder.Cli;
using Larder.Cli.Commands;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class CommandLineTests
{
    private static readonly LarderCommand _larder = new();

    [Theory]
    [InlineData("get", "k")]
    [InlineData("set", "k", "v")]
    [InlineData("add", "k", "v")]
    [InlineData("remove", "k")]
    [InlineData("erase", "k")]
    [InlineData("incr", "k")]
    [InlineData("touch", "k", "--expiry", "5m")]
    [InlineData("exists", "k")]
    [InlineData("scan")]
    [InlineData("history", "k")]
    [InlineData("count")]
    [InlineData("stats")]
    [InlineData("export", "file")]
    public void A_single_command_without_a_directory_says_that_it_has_no_store_and_where_to_go(params string[] arguments)
    {
        Outcome ran = _larder.Run(arguments);

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Empty(ran.Out);
        string sentence = Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"'{arguments[0]}' has no store", sentence, StringComparison.Ordinal);
        Assert.Contains("--path DIR", sentence, StringComparison.Ordinal);
        Assert.Contains("larder shell", sentence, StringComparison.Ordinal);
        Assert.Contains("--then", sentence, StringComparison.Ordinal);
        Assert.Contains("larder tour", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_every_command_and_the_exit_codes()
    {
        Outcome ran = _larder.Run("--help");

        Assert.Equal(ExitCode.Ok, ran.ExitCode);
        string[] commands =
        [
            "get", "set", "add", "remove", "erase", "incr", "touch", "exists", "scan", "history", "count", "stats", "import", "export",
            "tour", "shell", "bench", "verify", "repair", "dump", "backup", "restore", "compact",
        ];
        Assert.All(commands, command => Assert.Contains($"\n  {command} ", ran.Out, StringComparison.Ordinal));
        Assert.Contains("Exit codes: 0 done; 1 the answer is no (absent, refused, damaged); 2 the command line is wrong; 3 the work failed.", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_arguments_it_prints_the_help_and_reports_a_usage_error()
    {
        Outcome ran = _larder.Run();

        Assert.Equal(ExitCode.Usage, ran.ExitCode);
        Assert.Equal(_larder.Run("--help").Out, ran.Out);
    }

    [Fact]
    public void Every_command_explains_itself_and_takes_json()
    {
        foreach (string command in new[] { "get", "set", "scan", "import", "tour", "shell", "bench", "erase", "verify", "repair", "dump", "backup", "restore", "compact" })
        {
            Outcome ran = _larder.Run(command, "--help");

            Assert.Equal(ExitCode.Ok, ran.ExitCode);
            Assert.Contains($"larder {command}", ran.Out, StringComparison.Ordinal);
            Assert.Contains("--json", ran.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_command_that_the_tour_starts_and_kills_is_not_listed() =>
        Assert.DoesNotContain("tour-writer", _larder.Run("--help").Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("get")]
    [InlineData("set")]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("erase")]
    [InlineData("incr")]
    [InlineData("touch")]
    [InlineData("exists")]
    [InlineData("scan")]
    [InlineData("history")]
    [InlineData("count")]
    [InlineData("stats")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("shell")]
    [InlineData("bench")]
    public void Every_command_on_a_store_takes_a_directory_a_mode_and_a_key_file(string command)
    {
        string help = _larder.Run(command, "--help").Out;

        Assert.All(new[] { "--path <DIR>", "--durability <MODE>", "--key-file <FILE>" }, option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Version_is_that_of_the_tool() => Assert.StartsWith("0.1.0", _larder.Run("--version").Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("there is no command 'fetch'", "fetch", "k")]
    [InlineData("Required argument 'KEY' missing", "get")]
    [InlineData("key cannot be empty", "get", "")]
    [InlineData("--expiry takes a time such as 5m", "set", "k", "v", "--expiry", "soon")]
    [InlineData("Option '--expiry' is required", "touch", "k")]
    [InlineData("--by takes a whole number of 64 bits, not '9223372036854775808'", "incr", "k", "--by", "9223372036854775808")]
    [InlineData("--limit takes a whole number from 0 to 2147483647, not '-1'", "scan", "--limit", "-1")]
    [InlineData("--max-entries takes a whole number from 1 up, not '0'", "shell", "--max-entries", "0")]
    [InlineData("VALUE is no base64", "set", "k", "!", "--base64")]
    [InlineData("--mix takes letters from A to F", "bench", "--mix", "AX")]
    [InlineData("--seconds takes a number above 0", "bench", "--seconds", "0")]
    [InlineData("--durability takes snapshot, interval or commit, not 'memory'", "set", "k", "v", "--path", "d", "--durability", "memory")]
    [InlineData("--durability takes snapshot, interval or commit, not '3'", "bench", "--path", "d", "--durability", "3")]
    [InlineData("--durability is about a store in a directory: it needs --path DIR", "shell", "--durability", "commit")]
    [InlineData("--key-file is about a store in a directory: it needs --path DIR", "get", "k", "--key-file", "f")]
    [InlineData("--path takes a directory", "get", "k", "--path", " ")]
    [InlineData("DIR takes a directory", "verify", "")]
    [InlineData("Required argument 'TARGET' missing", "repair", "d")]
    [InlineData("Required argument 'TARGET' missing", "restore", "d")]
    public void What_cannot_be_understood_is_a_usage_error(string message, params string[] arguments)
    {
        Outcome ran = _larder.Run(arguments);

        Assert.Equal(ExitCode.Usage, ran.ExitCode);
        Assert.Empty(ran.Out);
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2d", 172_800_000)]
    [InlineData("1w1ms", 604_800_001)]
    public void A_time_is_a_sum_of_numbers_with_units(string text, long milliseconds)
    {
        Assert.True(ExpiryText.TryParseSpan(text, out TimeSpan span));
        Assert.Equal(milliseconds, span.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("5x")]
    [InlineData("-5m")]
    [InlineData("5m ")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999999999999999s")]
    public void What_is_no_time_is_refused(string text) => Assert.False(ExpiryText.TryParse(text, out _));

    [Fact]
    public void A_time_beyond_all_saturates()
    {
        Assert.True(ExpiryText.TryParseSpan("99999999999999d", out TimeSpan span));
        Assert.Equal(TimeSpan.MaxValue, span);
    }

    [Fact]
    public void An_expiry_may_be_a_moment_or_a_word()
    {
        Assert.True(ExpiryText.TryParse("2030-01-01T00:00:00Z", out Expiry moment));
        Assert.Equal(Expiry.At(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)), moment);
        Assert.True(ExpiryText.TryParse("2030-01-01T02:00:00+02:00", out Expiry elsewhere));
        Assert.Equal(moment, elsewhere);
        Assert.True(ExpiryText.TryParse("none", out Expiry none));
        Assert.Equal(Expiry.None, none);
        Assert.True(ExpiryText.TryParse("keep", out Expiry keep));
        Assert.Equal(Expiry.Keep, keep);
    }
}
