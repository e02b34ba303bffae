using Larder.Cli;
using Larder.Cli.Commands;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class ShellTests
{
    private readonly LarderCommand _larder = new();

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  get   a  ", new[] { "get", "a" })]
    [InlineData("set a \"b c\"", new[] { "set", "a", "b c" })]
    [InlineData("set a 'b \"c\" \\n'", new[] { "set", "a", "b \"c\" \\n" })]
    [InlineData("set a \"x\\n\\t\\\\\\\"y\"", new[] { "set", "a", "x\n\t\\\"y" })]
    [InlineData("set a b\\ c", new[] { "set", "a", "b c" })]
    [InlineData("set a \"\"", new[] { "set", "a", "" })]
    [InlineData("set a x'y z'\"w\"", new[] { "set", "a", "xy zw" })]
    [InlineData("get a # and so on", new[] { "get", "a" })]
    [InlineData("get a#b", new[] { "get", "a#b" })]
    [InlineData("# nothing", new string[0])]
    public void A_line_splits_into_words(string line, string[] words) => Assert.Equal(words, LineSplitter.Split(line));

    [Theory]
    [InlineData("set a \"b", "a \" quote is not closed.")]
    [InlineData("set a 'b", "a ' quote is not closed.")]
    [InlineData("set a \\", "the line ends in a backslash.")]
    public void A_line_that_does_not_end_is_a_usage_error_and_the_next_one_runs(string line, string message)
    {
        Outcome ran = _larder.Shell(line, "count");

        Assert.Equal(new Outcome(ExitCode.Usage, "0\n", $"larder: {message}\n"), ran);
    }

    [Fact]
    public void An_empty_value_is_stored_and_is_not_absent()
    {
        Outcome ran = _larder.Shell("set a \"\"", "exists a", "get a --json");

        Assert.Equal(["set 'a' (0 bytes), version 1", "yes"], ran.Lines[..2]);
        Assert.Contains("\"value\":\"\"", ran.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_look_like_files_or_options_are_plain_values()
    {
        Outcome ran = _larder.Shell("set @file x", "get @file", "set dash -5", "get dash", "set opt -- --json", "get opt");

        Assert.Equal(["set '@file' (1 bytes), version 1", "x", "set 'dash' (2 bytes), version 2", "-5", "set 'opt' (6 bytes), version 3", "--json"], ran.Lines);
    }

    [Fact]
    public void Exit_ends_it_and_the_highest_code_is_returned()
    {
        Outcome ran = _larder.Shell("get nothing", "set a 1", "exit", "incr wrong --by x");

        Assert.Equal(ExitCode.No, ran.ExitCode);
        Assert.Equal("set 'a' (1 bytes), version 1\n", ran.Out);
    }

    [Fact]
    public void An_unknown_command_does_not_end_it()
    {
        Outcome ran = _larder.Shell("fetch a", "count");

        Assert.Equal(new Outcome(ExitCode.Usage, "0\n", "larder: there is no command 'fetch'; --help lists them.\n"), ran);
    }

    [Fact]
    public void Help_lists_the_commands_of_a_store_and_explains_one()
    {
        Outcome all = _larder.Shell("help");
        Outcome one = _larder.Shell("help scan");

        Assert.Contains("\n  scan <PREFIX>", all.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("tour", all.Out, StringComparison.Ordinal);
        Assert.Contains("--reverse", one.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (all.ExitCode, one.ExitCode));
    }

    [Fact]
    public void Json_on_the_shell_makes_every_line_answer_in_json()
    {
        Outcome ran = _larder.RunWith("set a 1\nget a\n", "shell", "--json");

        Assert.Equal(
            ["""{"key":"a","applied":true,"version":1,"expiresAt":null}""", """{"key":"a","value":"1","kind":"text","expiresAt":null,"version":1}"""],
            ran.Lines);
    }

    [Fact]
    public void A_prompt_appears_only_on_a_terminal()
    {
        var typed = new LarderCommand { Interactive = true };

        Outcome there = typed.Shell("get a");
        Assert.Equal(2, there.Out.Split("larder> ").Length - 1);
        Assert.Equal(ExitCode.Ok, there.ExitCode); // who types has seen it
        Assert.DoesNotContain("larder>", _larder.Shell("get a").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_appear_only_where_they_may()
    {
        Assert.Contains("\e[36ma\e[0m = 1", new LarderCommand { Styled = true }.Shell("set a 1", "scan").Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', _larder.Shell("set a 1", "scan").Out);
    }

    [Fact]
    public void A_value_cannot_reach_the_terminal_behind_the_screen()
    {
        using var store = new Store();
        store.Set("a", "\e[2Jgone\ahere\nand there");

        Assert.Equal("\uFFFD[2Jgone\uFFFDhere\nand there\n", new LarderCommand { Interactive = true }.On(store, "get a").Out);
        Assert.Equal("\e[2Jgone\ahere\nand there\n", _larder.On(store, "get a").Out);
    }

    [Fact]
    public void The_store_of_the_shell_takes_bounds_and_keeps_versions()
    {
        Outcome refusing = _larder.RunWith("set a 1\nset b 2\n", "shell", "--max-entries", "1");
        Outcome evicting = _larder.RunWith("set a 1\nset b 2\ncount\n", "shell", "--max-entries", "1", "--evict");
        Outcome forgetful = _larder.RunWith("set a 1\nset a 2\nhistory a\n", "shell", "--versions", "1");

        Assert.Equal(ExitCode.Failed, refusing.ExitCode);
        Assert.Contains("full", refusing.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, "1"), (evicting.ExitCode, evicting.Lines[^1]));
        Assert.Equal("2: 2  (text)", Assert.Single(forgetful.Lines[2..]));
    }
}
