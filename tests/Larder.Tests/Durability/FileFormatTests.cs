using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larder.Durability;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>docs/file-format.md says what is in the files, and a reader that was written from it agrees with ours.</summary>
public sealed class FileFormatTests : IDisposable
{
    private static readonly string _page = Path.Combine(Source.Root, "docs", "file-format.md");
    private static readonly string _reader = Path.Combine(Source.Root, "tests", "Larder.Tests", "Durability", "second-reader.mjs");

    private readonly StoreOnDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    /// <summary><c>LARDER_APPROVE=1</c> writes the examples into the page.</summary>
    [Theory]
    [InlineData("segment")]
    [InlineData("checkpoint")]
    [InlineData("encryption")]
    public void The_examples_of_the_page_are_what_stores_write(string name)
    {
        using var example = new FormatExample();
        string made = name switch
        {
            "segment" => example.Segment(),
            "checkpoint" => example.Checkpoint(),
            _ => example.Encryption(),
        };
        string page = File.ReadAllText(_page);
        var place = new Regex($"(?<=<!-- example: {name} -->\n```\n).*?(?=```\n)", RegexOptions.Singleline);
        if (Environment.GetEnvironmentVariable("LARDER_APPROVE") == "1")
        {
            page = place.Replace(page, made);
            File.WriteAllText(_page, page);
        }

        Assert.Equal(made, Assert.Single(place.Matches(page)).Value);
    }

    [NodeTheory]
    [InlineData(DurabilityMode.Commit, false, false)]
    [InlineData(DurabilityMode.Commit, true, false)]
    [InlineData(DurabilityMode.Commit, false, true)]
    [InlineData(DurabilityMode.Commit, true, true)]
    [InlineData(DurabilityMode.Snapshot, false, false)]
    [InlineData(DurabilityMode.Snapshot, true, false)]
    public void A_second_reader_finds_what_the_store_holds(DurabilityMode mode, bool isEncrypted, bool crashes)
    {
        byte[]? key = isEncrypted ? StoreOnDisk.Key : null;
        foreach (int compactAt in (int[])[0, 40, 100])
        {
            string path = _disk.Under($"{compactAt}");
            List<string> held = Write(path, mode, key, compactAt, crashes);

            Assert.True(Read(path, key, out List<string> read), string.Join('\n', read));

            Assert.Equal(held, read);
            Assert.True(held.Count > 10);
        }
    }

    [NodeTheory]
    [InlineData(false, DurabilityMode.Commit)]
    [InlineData(true, DurabilityMode.Commit)]
    [InlineData(false, DurabilityMode.Snapshot)]
    public void Two_readers_refuse_the_same_files(bool isEncrypted, DurabilityMode mode)
    {
        byte[]? key = isEncrypted ? StoreOnDisk.Key : null;
        Write(_disk.Path, mode, key, 40, crashes: false);
        Dictionary<string, byte[]> sound = _disk.Files().ToDictionary(file => file, File.ReadAllBytes);
        string[] files = [.. sound.Keys.Where(file => Path.GetFileName(file) != FileName.Lock)];
        var random = new Random(20260103);
        int refused = 0;
        int rounds = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 500 : 12;
        for (int round = 0; round < rounds; round++)
        {
            string file = files[random.Next(files.Length)];
            string done = Damage(random, file, sound[file]);

            bool isOurs = Recovers(key, out string says);
            bool isTheirs = Read(_disk.Path, key, out List<string> read);

            Assert.True(isOurs == isTheirs, $"{Path.GetFileName(file)}, {done}: ours {says}; theirs {string.Join(' ', read.Take(1))}");
            refused += isOurs ? 0 : 1;
            File.WriteAllBytes(file, sound[file]);
        }

        Assert.InRange(refused, rounds / 3, rounds);
        Figures.Print($"second reader, {mode}{(isEncrypted ? ", encrypted" : "")}: {rounds} damaged stores of {files.Length} files, {refused} refused, by both readers alike");
    }

    [NodeTheory]
    [InlineData("00")]
    [InlineData(null)]
    public void A_second_reader_refuses_a_wrong_key_too(string? part)
    {
        Write(_disk.Path, DurabilityMode.Commit, StoreOnDisk.Key, 40, crashes: false);
        byte[]? key = part is null ? null : Convert.FromHexString(string.Concat(Enumerable.Repeat(part, 32)));

        Assert.False(Read(_disk.Path, key, out List<string> says));
        Assert.NotEmpty(says[0]);
    }

    private static string Damage(Random random, string file, byte[] sound)
    {
        byte[] bytes = [.. sound];
        int at = random.Next(bytes.Length);
        string done;
        switch (random.Next(8))
        {
            case 0:
                bytes = bytes[..at];
                done = $"cut at {at}";
                break;
            case 1:
                bytes.AsSpan(at, Math.Min(64, bytes.Length - at)).Clear();
                done = $"zeros at {at}";
                break;
            case 2:
                File.Delete(file);
                return "deleted";
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                done = $"a bit flipped in {at}";
                break;
        }

        File.WriteAllBytes(file, bytes);
        return done;
    }

    private bool Recovers(byte[]? key, out string says)
    {
        using var files = DiskFiles.At(_disk.Path, creates: false);
        try
        {
            says = "opens";
            OwnerNote.Expect(files, () => Recovery.Run(files, new Reading { Key = key }, new KeyCount()));
            return true;
        }
        catch (StoreDamagedException damage)
        {
            says = damage.Message;
            return false;
        }
    }

    /// <summary>Every kind of change there is. Returns the entries in the words of the second reader.</summary>
    private List<string> Write(string path, DurabilityMode mode, byte[]? key, int compactAt, bool crashes)
    {
        Store store = _disk.Open(key: key, mode: mode, path: path);
        var random = new Random(7);
        for (int i = 1; i <= 100; i++)
        {
            string name = $"{(i % 3 == 0 ? "grün" : "k")}{random.Next(12)}";
            switch (i % 10)
            {
                case 0:
                    store.Increment($"n{random.Next(2)}", i);
                    break;
                case 1:
                    store.Remove(name);
                    break;
                case 2:
                    store.Touch(name, TimeSpan.FromSeconds(random.Next(1, 100)));
                    break;
                case 3:
                    store.Write(new WriteBatch().Set(name, "batch").Increment("n0").Remove("k1"));
                    store.Set("object", new[] { i });
                    break;
                case 4:
                    store.Set(name, StoreOnDisk.ValueOf(i), TimeSpan.FromMilliseconds(random.Next(1, 2000)));
                    break;
                case 5 when i == 45:
                    store.Scope("k1").Clear();
                    break;
                case 6 when i == 26:
                    store.Clear();
                    break;
                default:
                    store.Set(name, new byte[random.Next(40)]);
                    break;
            }

            _disk.Time.Advance(TimeSpan.FromMilliseconds(random.Next(50)));
            if (i == compactAt)
            {
                store.Compact();
            }
        }

        store.Flush();
        List<string> held = [.. store.Scan().Select(Line)];
        if (crashes)
        {
            string copy = path + " left";
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != FileName.Lock))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            store.Dispose();
            Directory.Delete(path, recursive: true);
            Directory.Move(copy, path);
        }
        else
        {
            store.Dispose();
        }

        return held;
    }

    private bool Read(string path, byte[]? key, out List<string> lines)
    {
        string[] arguments = [_reader, path, _disk.Time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture), .. key is null ? Array.Empty<string>() : [Convert.ToHexString(key)]];
        bool isRead = Tool.TryRun(out string output, "node", arguments);
        lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => isRead ? Line(JsonDocument.Parse(line).RootElement) : line)];
        return isRead;
    }

    private static string Line(Entry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{entry.Key} = {Convert.ToHexStringLower(entry.Value.Span)} kind {(int)entry.Kind} version {entry.Version} until {entry.ExpiresAt?.UtcTicks}");

    private static string Line(JsonElement entry) =>
        $"{entry.GetProperty("key").GetString()} = {entry.GetProperty("value").GetString()} kind {entry.GetProperty("kind").GetInt32()} "
        + $"version {entry.GetProperty("version").GetString()} until {entry.GetProperty("deadline").GetString()}";
}
