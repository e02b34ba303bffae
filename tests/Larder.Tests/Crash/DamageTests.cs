using System.Buffers.Binary;
using System.Globalization;
using Larder.Durability;
using Larder.Primitives;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>
/// Files that rot, and files that were moved about: refused with the place and untouched, or whole; never a mixture, an earlier state, or
/// an empty store.
/// </summary>
[Collection(nameof(Crash))]
public sealed class DamageTests
{
    private static readonly Step[] _segments =
        [Step.Set("a", 90), Step.Set("b", 200), Step.Increment("n"), Step.Batch("c", "d"), Step.Remove("a"), Step.Set("e", 700), Step.Reopen, Step.Set("a", 40), Step.Set("b", 10)];

    private static readonly Step[] _checkpoints =
        [Step.Set("a", 90), Step.Compact, Step.Set("b", 200), Step.Batch("c", "d"), Step.Compact, Step.Set("e", 300), Step.Remove("a"), Step.Reopen, Step.Set("f", 20), Step.Set("a", 30)];

    public static TheoryData<string> Stores => ["segments", "checkpoints", "images", "encrypted"];

    [Theory]
    [MemberData(nameof(Stores))]
    [InlineData("killed")]
    public void Every_flipped_bit_is_refused_or_harmless(string name)
    {
        QuietStore quiet = Quiet(name);
        int[] verdicts = new int[3];
        foreach (string file in quiet.Names)
        {
            byte[] content = quiet.Image[file];
            CrashRuns.InParallel(Enumerable.Range(0, content.Length * 8), bit =>
            {
                byte[] flipped = [.. content];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Judge(quiet, quiet.Image.With(file, flipped), verdicts, string.Create(CultureInfo.InvariantCulture, $"bit {bit % 8} of byte {bit / 8} of {file} flipped"));
            });
        }

        Assert.True(verdicts[(int)Verdict.Refused] > 0);
        Assert.Equal(name == "killed", verdicts[(int)Verdict.WithoutTheNewest] > 0);   // the documented limit: only of what was not closed, and only the newest
        Print($"{name}, every single bit flipped", verdicts);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Every_sector_that_is_stale_misplaced_or_blank_is_refused_or_harmless(string name)
    {
        QuietStore quiet = Quiet(name);
        int[] verdicts = new int[3];
        foreach ((string file, int sector, byte[] older) in quiet.OlderSectors().Where(old => quiet.Names.Contains(old.Name)))
        {
            Judge(quiet, Replaced(quiet, file, sector, older), verdicts, $"an older sector {sector} of {file}");
        }

        foreach (string file in quiet.Names)
        {
            byte[] content = quiet.Image[file];
            for (int sector = 0; sector * 512 < content.Length; sector++)
            {
                Judge(quiet, Replaced(quiet, file, sector, new byte[512]), verdicts, $"sector {sector} of {file} blank");
                Judge(quiet, Replaced(quiet, file, sector, Sector(content, sector + 1)), verdicts, $"sector {sector} of {file} that of its successor");
                Judge(quiet, Replaced(quiet, file, sector, Sector(content, Math.Max(0, sector - 1))), verdicts, $"sector {sector} of {file} that of its predecessor");
                foreach (string other in quiet.Names)
                {
                    Judge(quiet, Replaced(quiet, file, sector, Sector(quiet.Image[other], sector)), verdicts, $"sector {sector} of {file} that of {other}");
                }
            }
        }

        Assert.True(verdicts[(int)Verdict.Refused] > 0);
        Print($"{name}, sectors stale, misplaced and blank", verdicts);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Every_file_that_is_missing_cut_doubled_swapped_or_foreign_is_refused_or_harmless(string name)
    {
        QuietStore quiet = Quiet(name);
        QuietStore foreign = Quiet(name);
        int[] verdicts = new int[3];
        foreach (string file in quiet.Names)
        {
            byte[] content = quiet.Image[file];
            Judge(quiet, quiet.Image.Without(file), verdicts, $"{file} missing");
            Judge(quiet, quiet.Image.With(file, []), verdicts, $"{file} empty");
            Judge(quiet, quiet.Image.With(file, content[..64]), verdicts, $"{file} without records");
            Judge(quiet, quiet.Image.With(file, content[..(content.Length / 2)]), verdicts, $"{file} cut in half");
            Judge(quiet, quiet.Image.With(file, [.. content, .. content[64..]]), verdicts, $"{file} with its records twice");
            Judge(quiet, quiet.Image.With(file, [.. content, .. new byte[1000]]), verdicts, $"{file} with zeros behind");
            if (foreign.Names.Contains(file))
            {
                Judge(quiet, quiet.Image.With(file, foreign.Image[file]), verdicts, $"{file} of another store");
            }

            foreach (string other in quiet.Names.Where(other => other != file))
            {
                Judge(quiet, quiet.Image.With(file, quiet.Image[other]), verdicts, $"{other} in the place of {file}");
                Judge(quiet, quiet.Image.With(file, quiet.Image[other]).With(other, content), verdicts, $"{file} and {other} swapped");
            }

            for (int number = 1; number < 40; number++)
            {
                string copy = file[..file.IndexOf('-', StringComparison.Ordinal)] + string.Create(CultureInfo.InvariantCulture, $"-{number:x16}") + System.IO.Path.GetExtension(file);
                if (!quiet.Names.Contains(copy))
                {
                    Judge(quiet, quiet.Image.With(copy, content), verdicts, $"{file} once more as {copy}");
                }
            }
        }

        Print($"{name}, files missing, cut, doubled, swapped and foreign", verdicts);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Files_of_a_newer_format_are_refused_and_left_alone(string name)
    {
        QuietStore quiet = Quiet(name);
        foreach (string file in quiet.Names)
        {
            byte[] newer = [.. quiet.Image[file]];
            BinaryPrimitives.WriteUInt16LittleEndian(newer.AsSpan(4), FileHeader.FormatVersion + 1);
            BinaryPrimitives.WriteUInt16LittleEndian(newer.AsSpan(6), FileHeader.FormatVersion + 1);
            BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(60), Crc32C.Of(newer.AsSpan(0, 60)));

            Assert.Equal(Verdict.Refused, quiet.Judge(quiet.Image.With(file, newer)));
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Whatever_becomes_of_the_lock_file_the_store_opens_whole(string name)
    {
        QuietStore quiet = Quiet(name);
        byte[] content = quiet.Image[SimulatedDisk.LockFile];
        var noise = new byte[content.Length];
        new Random(1).NextBytes(noise);

        Assert.Equal(Verdict.Whole, quiet.Judge(quiet.Image.Without(SimulatedDisk.LockFile)));
        Assert.Equal(Verdict.Whole, quiet.Judge(quiet.Image.With(SimulatedDisk.LockFile, noise)));
        for (int length = 0; length < content.Length; length++)
        {
            Assert.Equal(Verdict.Whole, quiet.Judge(quiet.Image.With(SimulatedDisk.LockFile, content[..length])));
        }
    }

    [Fact]
    public void Files_of_unknown_names_are_left_alone()
    {
        DiskImage foreign = new([new("notes.txt", [1, 2, 3]), new("wal-1.log", [4]), new("snap-000000000000000g.snp", [5]), new("wal-0000000000000001.log~", [6])]);
        var run = new StoreRun("unknown files", new StoreSetup { SegmentBytes = 512 }, new SimulatedDisk(foreign));
        run.Open();
        foreach (Step step in _checkpoints)
        {
            step.Run(run);
        }

        Step.Erase("a").Run(run);
        run.Close();

        DiskImage left = run.Disk.Seen();
        Assert.All(foreign.Files, file => Assert.Equal(file.Value, left[file.Key]));
    }

    private static QuietStore Quiet(string name) => name switch
    {
        "segments" => new QuietStore(new StoreSetup { SegmentBytes = 512 }, closes: true, _segments),
        "checkpoints" => new QuietStore(new StoreSetup { SegmentBytes = 512 }, closes: true, _checkpoints),
        "images" => new QuietStore(new StoreSetup { Durability = DurabilityMode.Snapshot }, closes: true, [.. _checkpoints, Step.Flush, Step.Set("a", 20)]),
        "killed" => new QuietStore(new StoreSetup { SegmentBytes = 512 }, closes: false, _checkpoints),
        _ => new QuietStore(new StoreSetup { SegmentBytes = 1024, IsEncrypted = true }, closes: true, _checkpoints),
    };

    private static void Judge(QuietStore quiet, DiskImage image, int[] verdicts, string what)
    {
        try
        {
            Interlocked.Increment(ref verdicts[(int)quiet.Judge(image)]);
        }
        catch (Exception wrong)
        {
            throw new CrashException($"{what}: {wrong.GetType().Name}: {wrong.Message}\nfiles: {image}\n{wrong.StackTrace}", wrong);
        }
    }

    private static DiskImage Replaced(QuietStore quiet, string file, int sector, byte[] content)
    {
        byte[] replaced = [.. quiet.Image[file]];
        if (sector * 512 < replaced.Length)
        {
            content.AsSpan(0, Math.Min(content.Length, replaced.Length - (sector * 512))).CopyTo(replaced.AsSpan(sector * 512));
        }

        return quiet.Image.With(file, replaced);
    }

    private static byte[] Sector(byte[] content, int sector)
    {
        byte[] copy = new byte[512];
        if (sector * 512 < content.Length)
        {
            content.AsSpan(sector * 512, Math.Min(512, content.Length - (sector * 512))).CopyTo(copy);
        }

        return copy;
    }

    private static void Print(string what, int[] verdicts) =>
        Figures.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"damage: {what}: {verdicts.Sum()} cases, {verdicts[0]} refused, {verdicts[1]} whole, {verdicts[2]} without the newest commit, wrong 0"));
}
