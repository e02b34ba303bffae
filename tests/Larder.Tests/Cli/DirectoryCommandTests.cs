using System.Security.Cryptography;
using Larder.Cli;
using Xunit;

namespace Larder.Tests.Cli;

/// <summary>The store commands on a store that a directory keeps.</summary>
public sealed class DirectoryCommandTests : IDisposable
{
    private readonly LarderCommand _larder = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("larder-");

    private string Path => System.IO.Path.Combine(_directory.FullName, "store");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_one_command_writes_the_next_one_reads()
    {
        Assert.Equal(new Outcome(ExitCode.Ok, "set 'a' (1 bytes), version 1\n", ""), On("set", "a", "1"));
        Assert.Equal(new Outcome(ExitCode.Ok, "added 'b' (3 bytes), version 2, expires 2026-01-01T00:05:00Z\n", ""), On("add", "b", "two", "--expiry", "5m"));
        Assert.Equal(new Outcome(ExitCode.Ok, "'visits' is 41, version 3\n", ""), On("incr", "visits", "--by", "41"));
        Assert.Equal(new Outcome(ExitCode.Ok, "'visits' is 42, version 4\n", ""), On("incr", "visits"));
        Assert.Equal(new Outcome(ExitCode.Ok, "touched 'a', version 5, expires 2026-01-01T00:01:00Z\n", ""), On("touch", "a", "--expiry", "1m"));

        Assert.Equal("1\n", On("get", "a").Out);
        Assert.Equal((ExitCode.Ok, "yes\n"), (On("exists", "b").ExitCode, On("exists", "b").Out));
        Assert.Equal("3\n", On("count").Out);
        Assert.Equal(
            ["a = 1  (version 5, text, expires 2026-01-01T00:01:00Z)", "b = two  (version 2, text, expires 2026-01-01T00:05:00Z)", "visits = 42  (version 4, counter)", "3 entries"],
            On("scan").Lines);
        Assert.Equal(["4: 42  (counter)", "3: 41  (counter)"], On("history", "visits").Lines);

        Assert.Equal(new Outcome(ExitCode.Ok, "removed 'b'\n", ""), On("remove", "b"));
        Assert.Equal(ExitCode.No, On("get", "b").ExitCode);
        Assert.Equal(ExitCode.No, On("set", "a", "x", "--if-version", "1").ExitCode);
    }

    [Fact]
    public void A_deadline_is_kept_from_command_to_command()
    {
        On("set", "a", "1", "--expiry", "1m");

        Assert.Equal(ExitCode.Ok, On("get", "a").ExitCode);
        _larder.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ExitCode.No, On("get", "a").ExitCode);
    }

    [Fact]
    public void Commands_that_only_read_work_beside_the_owner()
    {
        using Store owner = Open();
        owner.Set("a", "1");
        owner.Set("a", "2");

        Assert.Equal("2\n", On("get", "a").Out);
        Assert.Equal("yes\n", On("exists", "a").Out);
        Assert.Equal("1\n", On("count").Out);
        Assert.Equal(2, On("scan").Lines.Length);
        Assert.Equal(2, On("history", "a").Lines.Length);
        Assert.Equal("""{"key":"a","value":"2","kind":"text","expiresAt":null}""" + "\n", On("export", "-").Out);
        Assert.Equal(ExitCode.Ok, On("stats").ExitCode);

        owner.Set("a", "3");
        Assert.Equal("3\n", On("get", "a").Out);
    }

    [Theory]
    [InlineData("set", "a", "x")]
    [InlineData("add", "b", "x")]
    [InlineData("remove", "a")]
    [InlineData("erase", "a")]
    [InlineData("incr", "c")]
    [InlineData("touch", "a", "--expiry", "5m")]
    [InlineData("shell")]
    public void Commands_that_write_say_that_the_store_is_in_use_and_change_nothing(params string[] arguments)
    {
        using Store owner = Open();
        long version = owner.Set("a", "1");

        Outcome ran = On(arguments);

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        string sentence = Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"larder: the store in '{Path}' is in use", sentence, StringComparison.Ordinal);
        Assert.EndsWith("the commands that only read, such as get, scan, stats and backup, work beside it.", sentence, StringComparison.Ordinal);
        Assert.Equal(version, owner.Statistics.LastSequence);
    }

    [Theory]
    [InlineData("get", "a")]
    [InlineData("scan")]
    [InlineData("stats")]
    public void A_command_that_only_reads_begins_no_store(params string[] arguments)
    {
        Outcome ran = On(arguments);

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.Equal($"larder: there is no directory '{Path}'.\n", ran.Error);
        Assert.False(Directory.Exists(Path));

        Directory.CreateDirectory(Path);
        Assert.Equal(new Outcome(ExitCode.Failed, "", $"larder: '{Path}' holds no store.\n"), On(arguments));
        Assert.Empty(Directory.GetFileSystemEntries(Path));
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("interval")]
    [InlineData("commit")]
    public void In_every_mode_a_command_leaves_what_it_wrote(string mode)
    {
        Assert.Equal(ExitCode.Ok, On("set", "a", "1", "--durability", mode).ExitCode);
        Assert.Equal(ExitCode.Ok, On("incr", "n", "--durability", mode).ExitCode);

        Assert.Equal(["a = 1  (version 1, text)", "n = 1  (version 2, counter)", "2 entries"], On("scan", "--durability", mode).Lines);
    }

    [Fact]
    public void The_shell_and_import_work_on_a_directory_too()
    {
        Outcome typed = _larder.RunWith("set a 1\nset a 2\nstats --json\n", "shell", "--path", Path, "--durability", "interval");
        string file = System.IO.Path.Combine(_directory.FullName, "entries");
        File.WriteAllText(file, """{"key":"b","value":"3"}""");
        Outcome imported = On("import", file, "--then", "count");

        Assert.Equal(["set 'a' (1 bytes), version 1", "set 'a' (1 bytes), version 2"], typed.Lines[..2]);
        Assert.Contains("\"durability\":\"interval\",\"isReadOnly\":false", typed.Lines[2], StringComparison.Ordinal);
        Assert.Equal(["imported 1 entries; the store holds 2", "2"], imported.Lines);
        Assert.Equal(["2: 2  (text)", "1: 1  (text)"], On("history", "a").Lines);
    }

    [Fact]
    public void A_typed_shell_says_which_store_it_has()
    {
        var typed = new LarderCommand { Interactive = true };

        Assert.StartsWith($"The store in '{Path}' (snapshot). ", typed.RunWith("exit\n", "shell", "--path", Path, "--durability", "snapshot").Out, StringComparison.Ordinal);
        Assert.StartsWith("A store in memory. ", typed.RunWith("exit\n", "shell").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_cuts_no_history_short_that_the_program_keeps()
    {
        using (Store owner = Open(versions: 50))
        {
            for (int i = 1; i <= 50; i++)
            {
                owner.Set("a", $"{i}");
            }
        }

        On("set", "other", "x");
        Assert.Equal(ExitCode.Ok, _larder.Run("compact", Path).ExitCode);

        Assert.Equal(50, On("history", "a").Lines.Length);
        using Store again = Open(versions: 50);
        Assert.Equal(50, again.History("a").Count);
    }

    [Fact]
    public void Entries_larger_than_the_defaults_are_read_and_kept()
    {
        string key = new('k', 2_000);
        using (Store owner = Store.Open(Path, new StoreOptions { MaxKeyBytes = 4_096, MaxValueBytes = 32 * 1024 * 1024 }))
        {
            owner.Set(key, "x");
            owner.Set("large", new byte[17 * 1024 * 1024]);
        }

        Assert.Equal("x\n", On("get", key).Out);
        Assert.Equal(ExitCode.Ok, On("set", "a", "1").ExitCode);
        Assert.Equal("3\n", On("count").Out);
    }

    [Fact]
    public void Stats_say_what_is_on_disk()
    {
        using Store owner = Open();
        owner.Set("a", "1");

        Outcome figures = On("stats", "--json");
        Outcome read = On("stats");

        Assert.Equal(1, figures.Json.GetProperty("durableSequence").GetInt64());
        Assert.Equal(1, figures.Json.GetProperty("lastSequence").GetInt64());
        Assert.True(figures.Json.GetProperty("diskBytes").GetInt64() > 0);
        Assert.True(figures.Json.GetProperty("isReadOnly").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, figures.Json.GetProperty("fault").ValueKind);
        Assert.Contains(read.Lines, line => line.StartsWith("durability   ", StringComparison.Ordinal) && line.EndsWith("read only   beside the owner, if there is one", StringComparison.Ordinal));
        Assert.Contains(read.Lines, line => line.StartsWith("durable                 1 ", StringComparison.Ordinal));
        Assert.Contains(read.Lines, line => line.StartsWith("disk ", StringComparison.Ordinal));
        Assert.Equal("fault                none", read.Lines[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_encrypted_store_opens_with_the_file_that_holds_its_key(bool hex)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        string file = KeyFile("key", hex ? System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n") : key);

        Assert.Equal(ExitCode.Ok, On("set", "a", "the plain text", "--key-file", file).ExitCode);
        Assert.Equal("the plain text\n", On("get", "a", "--key-file", file).Out);
        Assert.DoesNotContain("the plain text", string.Concat(Directory.GetFiles(Path).Where(name => !name.EndsWith("LOCK", StringComparison.Ordinal)).Select(name => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(name)))), StringComparison.Ordinal);

        Outcome none = On("get", "a");
        Outcome wrong = On("get", "a", "--key-file", KeyFile("wrong", RandomNumberGenerator.GetBytes(32)));
        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (none.ExitCode, wrong.ExitCode));
        Assert.StartsWith($"larder: the store in '{Path}' cannot be opened: ", none.Error, StringComparison.Ordinal);
        Assert.StartsWith($"larder: the store in '{Path}' cannot be opened: ", wrong.Error, StringComparison.Ordinal);
        Assert.Equal("the plain text\n", On("get", "a", "--key-file", file).Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("too short to be a key")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_file_that_holds_no_key_is_refused_and_not_shown(string content)
    {
        string file = KeyFile("key", System.Text.Encoding.ASCII.GetBytes(content));

        Outcome ran = On("set", "a", "1", "--key-file", file);

        Assert.Equal(new Outcome(ExitCode.Failed, "", $"larder: '{file}' holds no key: neither 32 bytes nor 64 hex digits.\n"), ran);
        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public void A_key_file_that_is_missing_or_without_an_end_is_a_sentence()
    {
        Assert.Equal(ExitCode.Failed, On("set", "a", "1", "--key-file", System.IO.Path.Combine(_directory.FullName, "missing")).ExitCode);
        if (File.Exists("/dev/zero"))
        {
            Assert.Contains("holds no key", On("set", "a", "1", "--key-file", "/dev/zero").Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Erase_removes_a_key_from_the_files()
    {
        On("set", "secret", "what nobody may find");
        On("set", "secret", "nor this");
        On("set", "other", "what stays");

        Outcome erased = On("erase", "secret");

        Assert.Equal(ExitCode.Ok, erased.ExitCode);
        Assert.Equal("erased 'secret'; backups, and blocks that the drive has set aside, are out of reach\n", erased.Out);
        string files = string.Concat(Directory.GetFiles(Path).Select(name => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(name))));
        Assert.DoesNotContain("nobody may find", files, StringComparison.Ordinal);
        Assert.DoesNotContain("nor this", files, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", files, StringComparison.Ordinal);
        Assert.Contains("what stays", files, StringComparison.Ordinal);

        Outcome again = On("erase", "secret");
        Assert.Equal((ExitCode.No, "larder: there is no key 'secret'; what the files still held of an earlier one is gone now.\n"), (again.ExitCode, again.Error));
        Assert.Equal("what stays\n", On("get", "other").Out);
    }

    private Outcome On(params string[] arguments) => _larder.Run([.. arguments, "--path", Path]);

    private Store Open(int versions = 10) => Store.Open(Path, new StoreOptions { VersionsToKeep = versions, TimeProvider = _larder.Time });

    private string KeyFile(string name, byte[] content)
    {
        string file = System.IO.Path.Combine(_directory.FullName, name);
        File.WriteAllBytes(file, content);
        return file;
    }
}
