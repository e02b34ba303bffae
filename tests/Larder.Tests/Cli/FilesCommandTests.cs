using System.Text.Json;
using Larder.Cli;
using Xunit;

namespace Larder.Tests.Cli;

/// <summary>verify, repair, dump, backup, restore and compact.</summary>
public sealed class FilesCommandTests : IDisposable
{
    private readonly LarderCommand _larder = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("larder-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Verify_says_that_a_store_is_sound_and_draws_its_files()
    {
        Fill("store");

        Outcome read = _larder.Run("verify", In("store"));
        Outcome json = _larder.Run("verify", In("store"), "--json");

        Assert.Equal((ExitCode.Ok, ""), (read.ExitCode, read.Error));
        Assert.Contains(read.Lines, line => line.Contains("wal-", StringComparison.Ordinal) && line.Contains('█'));
        Assert.Equal("sound: 20 entries, everything up to sequence 22; closed cleanly", read.Lines[^1]);
        Assert.All(read.Lines[1..], line => Assert.InRange(line.Length, 1, 100));
        Assert.Equal((ExitCode.Ok, ""), (json.ExitCode, json.Error));
        Assert.True(json.Json.GetProperty("isSound").GetBoolean());
        Assert.Equal(20, json.Json.GetProperty("entries").GetInt64());
        Assert.Equal(0, json.Json.GetProperty("problems").GetArrayLength());
        Assert.All(json.Json.GetProperty("files").EnumerateArray(), file => Assert.True(file.GetProperty("bytes").GetInt64() > 0));
    }

    [Fact]
    public void Verify_answers_no_when_a_bit_has_flipped_and_names_the_place()
    {
        Fill("store");
        (string file, long offset) = Flip("store", "key:0007");

        Outcome read = _larder.Run("verify", In("store"));
        Outcome json = _larder.Run("verify", In("store"), "--json");

        Assert.Equal((ExitCode.No, ExitCode.No), (read.ExitCode, json.ExitCode));
        Assert.Contains(read.Lines, line => line.Contains(file, StringComparison.Ordinal) && line.Contains('✗') && line.Contains('█'));
        Assert.Contains(read.Lines, line => line.StartsWith("  in doubt", StringComparison.Ordinal) && line.Contains('✗'));
        Assert.Contains(read.Lines, line => line.StartsWith($"  ✗ {file} at offset ", StringComparison.Ordinal));
        Assert.StartsWith("larder: 1 problem in ", read.Error, StringComparison.Ordinal);
        Assert.Contains($"larder repair {In("store")} TARGET", read.Error, StringComparison.Ordinal);
        Assert.Equal("", json.Error);
        JsonElement problem = Assert.Single(json.Json.GetProperty("problems").EnumerateArray());
        Assert.InRange(problem.GetProperty("offset").GetInt64(), 64, offset);
        Assert.Equal(8, problem.GetProperty("firstSequence").GetInt64());
        Assert.False(json.Json.GetProperty("isSound").GetBoolean());
    }

    [Fact]
    public void Damage_in_the_generation_before_loses_nothing_and_a_compaction_ends_it()
    {
        Fill("store");
        _larder.Run("compact", In("store"));
        _larder.Run("compact", In("store"));
        (string file, _) = Flip("store", "key:0007"); // the older checkpoint

        Outcome verified = _larder.Run("verify", In("store"));

        Assert.Equal(ExitCode.No, verified.ExitCode);
        Assert.Contains(verified.Lines, line => line.Contains(file, StringComparison.Ordinal) && line.Contains('✗') && line.Contains('░'));
        Assert.Contains(verified.Lines, line => line.StartsWith($"  ✗ {file} at offset ", StringComparison.Ordinal) && line.EndsWith("; no commit is lost.", StringComparison.Ordinal));
        Assert.DoesNotContain(verified.Lines, line => line.StartsWith("  in doubt", StringComparison.Ordinal));
        Assert.Equal($"larder: 1 problem in '{In("store")}', but no commit is lost and the store opens: 'larder compact {In("store")}' writes anew what is damaged.\n", verified.Error);
        Assert.Equal("20\n", _larder.Run("count", "--path", In("store")).Out);

        Assert.Equal(ExitCode.Ok, _larder.Run("compact", In("store")).ExitCode);
        Assert.Equal(ExitCode.Ok, _larder.Run("verify", In("store")).ExitCode);
    }

    [Fact]
    public void A_damaged_store_is_refused_by_every_command_with_one_sentence()
    {
        Fill("store");
        (string file, _) = Flip("store", "key:0007");

        foreach (string[] command in new string[][] { ["get", "key:0001", "--path", In("store")], ["set", "a", "b", "--path", In("store")], ["compact", In("store")], ["backup", In("store"), In("backup")] })
        {
            Outcome ran = _larder.Run(command);

            Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
            Assert.Contains(file, Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(In("backup")));
    }

    [Fact]
    public void Repair_saves_the_rest_into_a_new_directory_and_answers_no_because_something_is_lost()
    {
        Fill("store");
        Flip("store", "key:0007");

        Outcome read = _larder.Run("repair", In("store"), In("repaired"));
        Outcome json = _larder.Run("repair", In("store"), In("again"), "--json");

        Assert.Equal(ExitCode.No, read.ExitCode);
        Assert.StartsWith("  ✗ wal-", read.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"saved 19 entries into {In("repaired")}: ", read.Lines[^1], StringComparison.Ordinal);
        Assert.Contains("not everything could be saved", read.Error, StringComparison.Ordinal);
        Assert.Equal(19, json.Json.GetProperty("entries").GetInt64());
        Assert.Single(json.Json.GetProperty("lost").EnumerateArray());
        Assert.Equal("", json.Error);
        Assert.Equal(ExitCode.Ok, _larder.Run("verify", In("repaired")).ExitCode);
        Assert.Equal("19\n", _larder.Run("count", "--path", In("repaired")).Out);
        Assert.Equal(ExitCode.No, _larder.Run("verify", In("store")).ExitCode);
    }

    [Fact]
    public void Repair_of_a_sound_store_loses_nothing_and_is_done()
    {
        Fill("store");

        Outcome ran = _larder.Run("repair", In("store"), In("repaired"));

        Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
        Assert.Equal(_larder.Run("scan", "--path", In("store")), _larder.Run("scan", "--path", In("repaired")));
    }

    [Fact]
    public void Dump_prints_every_change_in_the_order_of_the_log()
    {
        using (Store store = Open("store"))
        {
            store.Set("a", "text", TimeSpan.FromMinutes(1));
            store.Set("b", [0xFF, 0x00]);
            store.Increment("n", 5);
            store.Write(new WriteBatch().Remove("a").Set("c\n", "x"));
            store.Scope("s:").Clear();
        }

        Assert.Equal(
            [
                "         1  set     a = text  (version 1, text, expires 2026-01-01T00:01:00Z)",
                "         2  set     b = base64:/wA=  (version 2, bytes)",
                "         3  set     n = 5  (version 3, counter)",
                "         4  remove  a",
                @"         4  set     c\n = x  (version 4, text)",
            ],
            _larder.Run("dump", In("store")).Lines[..5]);
        Assert.Equal(
            [
                """{"change":"set","sequence":1,"key":"a","value":"text","kind":"text","expiresAt":"2026-01-01T00:01:00+00:00","version":1}""",
                """{"change":"set","sequence":2,"key":"b","base64":"/wA=","kind":"bytes","expiresAt":null,"version":2}""",
                """{"change":"set","sequence":3,"key":"n","value":"5","kind":"counter","expiresAt":null,"version":3}""",
                """{"change":"remove","sequence":4,"key":"a","expiresAt":null}""",
                """{"change":"set","sequence":4,"key":"c\n","value":"x","kind":"text","expiresAt":null,"version":4}""",
            ],
            _larder.Run("dump", In("store"), "--json").Lines[..5]);
    }

    [Fact]
    public void Dump_prints_what_comes_before_the_damage_and_then_says_so()
    {
        Fill("store");
        (string file, _) = Flip("store", "key:0007");

        Outcome ran = _larder.Run("dump", In("store"), "--json");

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.Equal(7, ran.Lines.Length);
        Assert.Contains(file, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_dump_and_backup_work_beside_the_owner()
    {
        using Store owner = Open("store");
        owner.Set("a", "1");

        Outcome backup = _larder.Run("backup", In("store"), In("backup"));
        Assert.Equal(new Outcome(ExitCode.Ok, $"backed up 1 entries, everything up to sequence 1, into {In("backup")}\n", ""), backup);
        Assert.Equal("         1  set     a = 1  (version 1, text)\n", _larder.Run("dump", In("store")).Out);
        Assert.Equal(ExitCode.Ok, _larder.Run("verify", In("store")).ExitCode);
        owner.Set("a", "2");
        Assert.Equal("1\n", _larder.Run("get", "a", "--path", In("backup")).Out);
        Assert.Equal("2\n", _larder.Run("get", "a", "--path", In("store")).Out);
    }

    [Fact]
    public void A_backup_is_restored_into_a_new_directory_with_all_it_had()
    {
        Fill("store");

        Outcome backup = _larder.Run("backup", In("store"), In("backup"), "--json");
        Outcome restored = _larder.Run("restore", In("backup"), In("restored"));

        Assert.Equal(20, backup.Json.GetProperty("entries").GetInt64());
        Assert.Equal(22, backup.Json.GetProperty("lastSequence").GetInt64());
        Assert.Equal((ExitCode.Ok, ""), (restored.ExitCode, restored.Error));
        Assert.StartsWith($"restored into {In("restored")}; sound: 20 entries, everything up to sequence 22", restored.Out, StringComparison.Ordinal);
        Assert.Equal(_larder.Run("scan", "--path", In("store")), _larder.Run("scan", "--path", In("restored")));
        Assert.Equal(_larder.Run("history", "key:0000", "--path", In("store")), _larder.Run("history", "key:0000", "--path", In("restored")));
        Assert.True(_larder.Run("restore", In("backup"), In("third"), "--json").Json.GetProperty("isSound").GetBoolean());
    }

    [Fact]
    public void A_damaged_backup_is_not_restored()
    {
        Fill("store");
        _larder.Run("backup", In("store"), In("backup"));
        Flip("backup", "key:0007");

        Outcome ran = _larder.Run("restore", In("backup"), In("restored"));

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.False(Directory.Exists(In("restored")));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("repair")]
    [InlineData("restore")]
    public void Nothing_is_written_into_a_directory_that_holds_something(string command)
    {
        Fill("store");
        Directory.CreateDirectory(In("taken"));
        File.WriteAllText(Path.Combine(In("taken"), "mine"), "x");

        Outcome ran = _larder.Run(command, In("store"), In("taken"));

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.Contains(In("taken"), Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(In("taken"), "mine"), Assert.Single(Directory.GetFileSystemEntries(In("taken"))));
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("dump")]
    [InlineData("compact")]
    [InlineData("backup", "target")]
    [InlineData("repair", "target")]
    [InlineData("restore", "target")]
    public void A_directory_that_is_missing_is_a_sentence_and_nothing_is_made(string command, string? target = null)
    {
        Outcome ran = _larder.Run([command, In("missing"), .. target is null ? Array.Empty<string>() : [In(target)]]);

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.Contains(In("missing"), Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("dump")]
    [InlineData("compact")]
    [InlineData("backup", "target")]
    [InlineData("repair", "target")]
    [InlineData("restore", "target")]
    public void A_directory_without_a_store_is_a_sentence_and_nothing_is_made(string command, string? target = null)
    {
        Directory.CreateDirectory(In("empty"));

        Outcome ran = _larder.Run([command, In("empty"), .. target is null ? Array.Empty<string>() : [In(target)]]);

        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.Contains(command == "restore" ? "no checkpoint here" : $"larder: '{In("empty")}' holds no store.", Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(In("empty"), Assert.Single(Directory.GetFileSystemEntries(_directory.FullName, "*", SearchOption.AllDirectories)));
    }

    [Fact]
    public void Compact_writes_a_checkpoint_of_a_store_that_nobody_has_open()
    {
        Fill("store");

        Outcome read = _larder.Run("compact", In("store"));
        Outcome json = _larder.Run("compact", In("store"), "--json");

        Assert.Equal((ExitCode.Ok, ""), (read.ExitCode, read.Error));
        Assert.StartsWith("compacted 20 entries: ", read.Out, StringComparison.Ordinal);
        Assert.Equal((20, 22), (json.Json.GetProperty("entries").GetInt64(), json.Json.GetProperty("lastSequence").GetInt64()));
        Assert.True(json.Json.GetProperty("bytesAfter").GetInt64() > 0);
        Assert.Contains(Directory.GetFiles(In("store")), file => file.EndsWith(".snp", StringComparison.Ordinal));
        Assert.Equal("20\n", _larder.Run("count", "--path", In("store")).Out);

        using Store owner = Open("store");
        Assert.Contains("is in use", _larder.Run("compact", In("store")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_files_are_read_with_their_key()
    {
        string key = In("key");
        File.WriteAllBytes(key, System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        _larder.Run("set", "a", "1", "--path", In("store"), "--key-file", key);

        Assert.Equal(ExitCode.Ok, _larder.Run("verify", In("store"), "--key-file", key).ExitCode);
        Assert.Equal(ExitCode.Ok, _larder.Run("verify", In("store")).ExitCode); // checksums need no key
        Assert.Equal("         1  set     a = 1  (version 1, text)\n", _larder.Run("dump", In("store"), "--key-file", key).Out);
        Assert.Equal(ExitCode.Failed, _larder.Run("dump", In("store")).ExitCode);
        Assert.Equal(ExitCode.Ok, _larder.Run("backup", In("store"), In("backup"), "--key-file", key).ExitCode);
        Assert.Equal(ExitCode.Ok, _larder.Run("restore", In("backup"), In("restored"), "--key-file", key).ExitCode);
        Assert.Equal("1\n", _larder.Run("get", "a", "--path", In("restored"), "--key-file", key).Out);
        Assert.Equal(ExitCode.Ok, _larder.Run("compact", In("restored"), "--key-file", key).ExitCode);
        Assert.Equal(ExitCode.Ok, _larder.Run("repair", In("restored"), In("repaired"), "--key-file", key).ExitCode);
    }

    [Fact]
    public void A_progress_bar_appears_only_where_it_may()
    {
        Fill("store");
        var styled = new LarderCommand { Styled = true };

        Assert.Contains("verifying", styled.Run("verify", In("store")).Out, StringComparison.Ordinal);
        Assert.Contains("backing up", styled.Run("backup", In("store"), In("backup")).Out, StringComparison.Ordinal);
        Assert.Contains("restoring", styled.Run("restore", In("backup"), In("restored")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("verifying", _larder.Run("verify", In("store")).Out, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_directory.FullName, name);

    private Store Open(string name) => Store.Open(In(name), new StoreOptions { VersionsToKeep = 10, TimeProvider = _larder.Time });

    /// <summary>20 keys; the first one has three versions, the last two commits.</summary>
    private void Fill(string name)
    {
        using Store store = Open(name);
        for (int i = 0; i < 20; i++)
        {
            store.Set($"key:{i:D4}", $"value {i}");
        }

        store.Set("key:0000", "again");
        store.Set("key:0000", "and again");
    }

    /// <summary>Flips a bit of a key, in the first file that holds it.</summary>
    private (string File, long Offset) Flip(string name, string key)
    {
        foreach (string file in Directory.GetFiles(In(name)).Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(file);
            int at = content.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(key));
            if (at >= 0)
            {
                content[at] ^= 1;
                File.WriteAllBytes(file, content);
                return (Path.GetFileName(file), at);
            }
        }

        throw new InvalidOperationException($"no file holds {key}");
    }
}
