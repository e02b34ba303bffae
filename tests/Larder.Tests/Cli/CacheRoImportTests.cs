using System.Text;
using Larder.Cli;
using Larder.Cli.Transfer;
using Xunit;

namespace Larder.Tests.Cli;

/// <summary>Bucket files of cache_ro are read exactly as they are specified, or refused with file, offset and what was wrong.</summary>
public sealed class CacheRoImportTests : IDisposable
{
    private readonly LarderCommand _larder = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("larder-");
    private readonly Store _store;

    public CacheRoImportTests() => _store = new Store(new StoreOptions { TimeProvider = _larder.Time });

    private DateTimeOffset Later => _larder.Time.GetUtcNow() + TimeSpan.FromHours(1);

    public void Dispose()
    {
        _store.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void The_example_of_the_format_is_read_to_the_byte()
    {
        byte[] example = Convert.FromHexString("01016B020176FD0000018BCFE56800");
        DateTimeOffset deadline = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

        BucketEntry entry = Assert.Single(BucketEntry.ReadAll("cache_83.bin", example));

        Assert.Equal(("k", deadline), (entry.Key, entry.Deadline));
        (byte[] value, ValueKind kind) = BucketValue.Read(entry, BucketValue.Guess);
        Assert.Equal((ValueKind.Text, "v"), (kind, Encoding.ASCII.GetString(value)));
        Assert.Equal(new BucketWriter().Add("k", BucketWriter.Text("v"), deadline).Bytes, example);
    }

    [Fact]
    public void Keys_values_and_what_is_left_of_lifetimes_come_over()
    {
        File("cache_1f.bin", new BucketWriter().Add("username", BucketWriter.Text("alice"), Later).Add("raw", [0xFF, 0xC3, 0x28], Later + TimeSpan.FromMilliseconds(1)).Bytes);
        File("cache_ac.bin", new BucketWriter().Add("user:1", BucketWriter.Text("žluťoučký 🥫"), Later).Bytes);

        Outcome ran = _larder.On(_store, Line());

        Assert.Equal(new Outcome(ExitCode.Ok, "imported 3 entries from 2 files; the store holds 3\n", ""), ran);
        Assert.True(_store.TryGet("username", out string? name) && name == "alice");
        Assert.True(_store.TryGet("user:1", out string? other) && other == "žluťoučký 🥫");
        Assert.True(_store.TryGet("raw", out byte[]? raw));
        Assert.Equal([0xFF, 0xC3, 0x28], raw!);
        Assert.Equal(TimeSpan.FromHours(1), _store.GetTimeToLive("username"));
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1), _store.GetTimeToLive("raw"));
    }

    [Theory]
    [InlineData("username", 2, "1f")]
    [InlineData("key1", 2, "87")]
    [InlineData("user:1", 2, "ac")]
    [InlineData("key1", 4, "8709")]
    [InlineData("key1", 0, "")]
    public void Files_are_named_as_the_original_names_them(string key, int length, string bucket)
    {
        Assert.Equal(bucket, BucketWriter.BucketOf(key, length));
        File($"cache_{bucket}.bin", new BucketWriter().Add(key, BucketWriter.Text("v"), Later).Bytes);

        Assert.Equal("imported 1 entries from 1 files; the store holds 1\n", _larder.On(_store, Line()).Out);
    }

    [Theory]
    [InlineData("i32", "54", "42")]
    [InlineData("i32", "00", "0")]
    [InlineData("i32", "01", "-1")]
    [InlineData("i32", "FCFFFFFFFF", "-2147483648")]
    [InlineData("i32", "FCFFFFFFFE", "2147483647")]
    [InlineData("i16", "FBFFFE", "32767")]
    [InlineData("i64", "FDFFFFFFFFFFFFFFFF", "-9223372036854775808")]
    [InlineData("i64", "FB00FB", "-126")]
    [InlineData("i128", "FEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "-170141183460469231731687303715884105728")]
    [InlineData("u128", "FEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "340282366920938463463374607431768211455")]
    [InlineData("u64", "FDFFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData("u32", "FA", "250")]
    [InlineData("u32", "FB00FB", "251")]
    [InlineData("u16", "FBFFFF", "65535")]
    [InlineData("u8", "FF", "255")]
    [InlineData("i8", "FF", "-1")]
    [InlineData("bool", "01", "true")]
    [InlineData("bool", "00", "false")]
    [InlineData("f64", "3FF8000000000000", "1.5")]
    [InlineData("f32", "BF000000", "-0.5")]
    public void Numbers_and_truth_values_are_read_as_what_they_are_said_to_be(string type, string value, string expected)
    {
        File("cache_.bin", new BucketWriter().Add("k", Convert.FromHexString(value), Later).Bytes);

        Assert.Equal(ExitCode.Ok, _larder.On(_store, Line($"--as {type}")).ExitCode);

        Assert.True(_store.TryGet("k", out Entry entry));
        Assert.Equal((ValueKind.Serialized, expected), (entry.Kind, Encoding.UTF8.GetString(entry.Value.Span)));
    }

    [Fact]
    public void An_imported_number_can_be_read_typed_and_counted_on()
    {
        File("cache_.bin", new BucketWriter().Add("n", BucketWriter.Signed(23), Later).Bytes);

        _larder.On(_store, Line("--as i32"));

        Assert.True(_store.TryGet("n", out int number));
        Assert.Equal(23, number);
        Assert.Equal(24, _store.Increment("n"));
    }

    [Theory]
    [InlineData("text", "0576616C7565", ValueKind.Text, "76616C7565")]
    [InlineData("bytes", "0576616C7565", ValueKind.Bytes, "0576616C7565")]
    [InlineData("array", "0576616C7565", ValueKind.Bytes, "76616C7565")]
    [InlineData("array", "00", ValueKind.Bytes, "")]
    [InlineData("text", "00", ValueKind.Text, "")]
    [InlineData("guess", "0576616C7565", ValueKind.Text, "76616C7565")]
    [InlineData("guess", "0676616C7565", ValueKind.Bytes, "0676616C7565")]
    [InlineData("guess", "02C328", ValueKind.Bytes, "02C328")]
    [InlineData("guess", "00", ValueKind.Bytes, "00")]
    [InlineData("guess", "54", ValueKind.Bytes, "54")]
    [InlineData("guess", "", ValueKind.Bytes, "")]
    [InlineData("guess", "FFFF", ValueKind.Bytes, "FFFF")]
    public void Texts_and_bytes_are_read_as_they_are_said_to_be(string type, string value, ValueKind kind, string expected)
    {
        File("cache_.bin", new BucketWriter().Add("k", Convert.FromHexString(value), Later).Bytes);

        Assert.Equal(ExitCode.Ok, _larder.On(_store, Line($"--as {type}")).ExitCode);

        Assert.True(_store.TryGet("k", out Entry entry));
        Assert.Equal((kind, expected), (entry.Kind, Convert.ToHexString(entry.Value.Span)));
    }

    [Theory]
    [InlineData("i32", "", "ends too soon")]
    [InlineData("i32", "5400", "1 bytes follow the i32")]
    [InlineData("i16", "FCFFFFFFFF", "-2147483648 is out of range")]
    [InlineData("u8", "FB00FB", "2 bytes follow the u8")]
    [InlineData("u32", "FB00FA", "written longer than it need be")]
    [InlineData("u32", "FF", "begins with 255")]
    [InlineData("bool", "02", "2 is neither true nor false")]
    [InlineData("f64", "7FF8000000000000", "NaN has no form in JSON")]
    [InlineData("f32", "3F80", "ends too soon")]
    [InlineData("text", "0576", "the length of the text is 5, but only 1 bytes are left")]
    [InlineData("text", "02C328", "the text is no UTF-8")]
    [InlineData("array", "FDFFFFFFFFFFFFFFFF", "the length of the array is 18446744073709551615, but only 0 bytes are left")]
    public void A_value_that_is_not_what_it_is_said_to_be_is_named_and_nothing_is_imported(string type, string value, string message)
    {
        File("cache_0a.bin", new BucketWriter().Add("fine", BucketWriter.Signed(1), Later).Add("bad\nkey", Convert.FromHexString(value), Later).Bytes);

        Outcome ran = _larder.On(_store, Line($"--as {type}"));

        Refused(ran, message);
        Assert.StartsWith("larder: cache_0a.bin at offset ", ran.Error, StringComparison.Ordinal);
        Assert.Contains($"cannot be read as {type}", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "at offset 0: the number of entries ends too soon")]
    [InlineData("FF", "at offset 0: the number of entries begins with 255")]
    [InlineData("FB00", "at offset 1: the number of entries ends too soon")]
    [InlineData("FDFFFFFFFFFFFFFFFF", "at offset 0: the number of entries is 18446744073709551615, but only 0 bytes are left")]
    [InlineData("FEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000000", "at offset 0: the number of entries is 340282366920938463463374607431768211455, but only 3 bytes are left")]
    [InlineData("02000000", "at offset 0: the number of entries is 2, but only 3 bytes are left")]
    [InlineData("01FDFFFFFFFFFFFFFFFF00", "at offset 1: the length of a key is 18446744073709551615, but only 1 bytes are left")]
    [InlineData("0102FF280000", "at offset 2: a key is no UTF-8")]
    [InlineData("01016BFC7FFFFFFF00", "at offset 3: the length of a value is 2147483647, but only 1 bytes are left")]
    [InlineData("01016B0176", "at offset 5: a deadline ends too soon")]
    [InlineData("01016B0176FD0000", "at offset 6: a deadline ends too soon")]
    [InlineData("01016B0176FB0005", "at offset 5: a deadline is written longer than it need be")]
    [InlineData("01016B01760000", "at offset 6: 1 bytes follow the last entry")]
    [InlineData("0000", "at offset 1: 1 bytes follow the last entry")]
    [InlineData("02016B017600016B017600", "at offset 6: the key 'k' is there twice")]
    public void A_file_that_is_no_bucket_is_refused_with_its_place_and_nothing_is_imported(string content, string message)
    {
        File("cache_00.bin", new BucketWriter().Add("fine", BucketWriter.Text("v"), Later).Bytes);
        File("cache_0b.bin", Convert.FromHexString(content));

        Refused(_larder.On(_store, Line()), $"larder: cache_0b.bin {message}");
    }

    [Fact]
    public void A_bucket_cut_off_anywhere_is_refused()
    {
        byte[] whole = new BucketWriter().Add("username", BucketWriter.Text("alice"), Later).Add("key1", BucketWriter.Signed(5_000_000), Later).Bytes;
        for (int length = 0; length < whole.Length; length++)
        {
            File("cache_1f.bin", whole[..length]);
            Refused(_larder.On(_store, Line()), "larder: cache_1f.bin at offset ");
        }
    }

    [Fact]
    public void An_expired_entry_is_skipped_and_counted()
    {
        DateTimeOffset now = _larder.Time.GetUtcNow();
        File("cache_1f.bin", new BucketWriter().Add("gone", BucketWriter.Text("v"), now).Add("past", BucketWriter.Text("v"), 0).Add("alive", BucketWriter.Text("v"), now.AddMilliseconds(1)).Bytes);
        _store.Set("gone", "what the store has");

        Assert.Equal("imported 1 entries from 1 files, 2 had expired; the store holds 2\n", _larder.On(_store, Line()).Out);
        Assert.Equal(["alive", "gone"], _store.Scan().Select(entry => entry.Key));
    }

    [Fact]
    public void A_deadline_beyond_the_calendar_is_its_end()
    {
        File("cache_1f.bin", new BucketWriter().Add("k", BucketWriter.Text("v"), UInt128.MaxValue).Add("l", BucketWriter.Text("v"), 253_402_300_800_000).Bytes);

        Assert.Equal(ExitCode.Ok, _larder.On(_store, Line()).ExitCode);
        Assert.All(_store.Scan(), entry => Assert.Equal(DateTimeOffset.MaxValue, entry.ExpiresAt));
        Assert.Equal(2, _store.Count());
    }

    [Fact]
    public void Of_two_files_that_hold_a_key_the_one_written_last_is_right()
    {
        File("cache_87.bin", new BucketWriter().Add("key1", BucketWriter.Text("old"), Later).Add("only here", BucketWriter.Text("v"), Later).Bytes, minutesAgo: 10);
        File("cache_8709.bin", new BucketWriter().Add("key1", BucketWriter.Text("new"), Later).Bytes, minutesAgo: 5);

        Assert.Equal("imported 2 entries from 2 files, 1 stood in an older file as well; the store holds 2\n", _larder.On(_store, Line()).Out);
        Assert.True(_store.TryGet("key1", out string? value) && value == "new");
    }

    [Fact]
    public void What_has_expired_in_the_newer_file_does_not_come_back_from_the_older()
    {
        File("cache_87.bin", new BucketWriter().Add("key1", BucketWriter.Text("old"), Later).Bytes, minutesAgo: 10);
        File("cache_8709.bin", new BucketWriter().Add("key1", BucketWriter.Text("new"), 1).Bytes, minutesAgo: 5);

        _larder.On(_store, Line());
        Assert.Equal(0, _store.Count());
    }

    [Fact]
    public void Other_files_are_left_alone()
    {
        File("cache_1f.bin", new BucketWriter().Add("k", BucketWriter.Text("v"), Later).Bytes);
        string[] others = ["other.bin", "cache_xy.bin", "cache_1f.bin.bak", "cache_1F.bin", "notes.txt"];
        Array.ForEach(others, name => File(name, [0xFF]));
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "cache_00.bin"));

        Outcome ran = _larder.On(_store, Line("--json"));

        Assert.Equal(
            $$"""{"directory":"{{_directory.FullName}}","files":1,"otherFiles":5,"imported":1,"expired":0,"superseded":0,"leftOut":0,"entries":1}""" + "\n",
            ran.Out);
    }

    [Fact]
    public void A_directory_without_buckets_is_said_to_be_none()
    {
        Refused(_larder.On(_store, Line()), "there is no bucket of cache_ro in");
        Refused(_larder.On(_store, "import-cache-ro /no/such/place"), "there is no directory '/no/such/place'");
    }

    [Fact]
    public void Keys_can_be_chosen_and_put_under_a_prefix()
    {
        File("cache_1f.bin", new BucketWriter().Add("n:1", BucketWriter.Signed(5), Later).Add("t:1", BucketWriter.Text("v"), Later).Bytes);

        Assert.Equal("imported 1 entries from 1 files, 1 left out by --prefix; the store holds 1\n", _larder.On(_store, Line("--prefix n: --as i64 --under old:")).Out);
        Assert.True(_store.TryGet("old:n:1", out int five) && five == 5);
    }

    [Fact]
    public void An_empty_key_needs_a_prefix_to_be_put_under()
    {
        File("cache_.bin", new BucketWriter().Add("", BucketWriter.Text("v"), Later).Add("k", BucketWriter.Text("v"), Later).Bytes);

        Refused(_larder.On(_store, Line()), "an entry with an empty key, which no store takes");
        Assert.Equal(ExitCode.Ok, _larder.On(_store, Line("--under cache:")).ExitCode);
        Assert.Equal(["cache:", "cache:k"], _store.Scan().Select(entry => entry.Key));
    }

    [Fact]
    public void It_fills_a_directory_or_a_store_in_memory_with_commands_to_follow()
    {
        File("cache_1f.bin", new BucketWriter().Add("k", BucketWriter.Text("v"), Later).Bytes);
        string path = Path.Combine(_directory.FullName, "store");

        Assert.Equal("imported 1 entries from 1 files; the store holds 1\nv\n", _larder.Run("import-cache-ro", _directory.FullName, "--then", "get k").Out);
        Assert.Equal(ExitCode.Ok, _larder.Run("import-cache-ro", _directory.FullName, "--path", path).ExitCode);
        Assert.Equal("v\n", _larder.Run("get", "k", "--path", path).Out);
        Assert.True(System.IO.File.Exists(Path.Combine(_directory.FullName, "cache_1f.bin")));
    }

    [Fact]
    public void A_wrong_command_line_does_nothing()
    {
        Assert.Equal(ExitCode.Usage, _larder.Run("import-cache-ro").ExitCode);
        Assert.Equal(ExitCode.Usage, _larder.Run("import-cache-ro", _directory.FullName, "--as", "i31").ExitCode);
        Assert.Contains("--as", _larder.Run("import-cache-ro", "--help").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_refuses_says_from_which_key_on()
    {
        var bucket = new BucketWriter();
        for (int i = 0; i < 5_000; i++)
        {
            bucket.Add($"key{i:D4}", BucketWriter.Text("v"), Later);
        }

        File("cache_.bin", bucket.Bytes);
        Outcome ran = _larder.Run("import-cache-ro", _directory.FullName, "--max-entries", "4500");

        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.StartsWith("larder: the store refused the entries from 'key4096' on, and the 4,096 entries before them are imported: ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_progress_bar_appears_where_it_may()
    {
        File("cache_.bin", new BucketWriter().Add("k", BucketWriter.Text("v"), Later).Bytes);
        Assert.Contains("importing", new LarderCommand { Styled = true }.Run("import-cache-ro", _directory.FullName).Out, StringComparison.Ordinal);
    }

    private void Refused(Outcome ran, string message)
    {
        Assert.Equal((ExitCode.Failed, ""), (ran.ExitCode, ran.Out));
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, _store.Statistics.LastSequence);
    }

    private string Line(string options = "") => $"import-cache-ro '{_directory.FullName}' {options}";

    private void File(string name, byte[] content, int minutesAgo = 0)
    {
        string path = Path.Combine(_directory.FullName, name);
        System.IO.File.WriteAllBytes(path, content);
        System.IO.File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddMinutes(-minutesAgo));
    }
}
