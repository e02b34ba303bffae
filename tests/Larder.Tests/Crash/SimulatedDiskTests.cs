using Larder.Durability;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>Is the simulated disk as treacherous as it should be, and no more? State sets that were worked out by hand.</summary>
public sealed class SimulatedDiskTests
{
    private static readonly byte[] _x = [0x11];

    [Fact]
    public void A_file_that_was_never_synced_may_be_missing_empty_unfilled_or_whole()
    {
        string[] states = StatesAfter(files => files.Create("a").Write(_x, 0));

        Assert.Equal(["", "a=", "a=00", "a=0D", "a=11"], states);
    }

    [Fact]
    public void A_sync_of_a_file_saves_its_data_and_not_its_name()
    {
        string[] states = StatesAfter(files =>
        {
            IFile file = files.Create("a");
            file.Write(_x, 0);
            file.Sync();
        });

        Assert.Equal(["", "a=11"], states);
    }

    [Fact]
    public void A_sync_of_the_directory_saves_names_and_not_data()
    {
        string[] states = StatesAfter(files =>
        {
            files.Create("a").Write(_x, 0);
            files.SyncDirectory();
        });

        Assert.Equal(["a=", "a=00", "a=0D", "a=11"], states);
    }

    [Fact]
    public void After_both_syncs_nothing_is_in_doubt()
    {
        string[] states = StatesAfter(files =>
        {
            IFile file = files.Create("a");
            file.Write(_x, 0);
            file.Sync();
            files.SyncDirectory();
        });

        Assert.Equal(["a=11"], states);
    }

    [Fact]
    public void Changes_of_names_are_independent_of_each_other()
    {
        var start = new DiskImage([new("old", [0x01]), new("tmp", [0x02])]);

        Assert.Equal(
            ["new=02", "new=02;old=01", "old=01;tmp=02", "tmp=02"],
            StatesAfter(
                files =>
                {
                    files.Rename("tmp", "new");
                    files.Delete("old");
                },
                start));
    }

    [Fact]
    public void A_rename_replaces_in_one_step()
    {
        var start = new DiskImage([new("a", [0x01]), new("b", [0x02])]);

        Assert.Equal(["a=01;b=02", "b=01"], StatesAfter(files => files.Rename("a", "b"), start));
    }

    [Fact]
    public void A_cut_may_be_lost_and_what_it_cut_may_come_back_or_not()
    {
        var start = new DiskImage([new("a", [0x01, 0x02])]);

        Assert.Equal(["a=01", "a=0100", "a=0102"], StatesAfter(files => files.Open("a", writes: true).Truncate(1), start));
    }

    [Fact]
    public void Space_allocated_ahead_may_be_missing_or_hold_anything()
    {
        var start = new DiskImage([new("a", [0x01])]);

        Assert.Equal(["a=01", "a=0100", "a=01B4"], StatesAfter(files => files.Open("a", writes: true).Allocate(2), start));
    }

    [Fact]
    public void Each_sector_of_a_write_is_there_or_not()
    {
        var start = new DiskImage([new("a", new byte[1024])]);
        byte[] ones = new byte[1024];
        Array.Fill(ones, (byte)1);

        string[] states = StatesAfter(files => files.Open("a", writes: true).Write(ones, 0), start);

        Assert.Equal(4, states.Length);
        Assert.Contains("a=" + new string('0', 1024) + string.Concat(Enumerable.Repeat("01", 512)), states);
    }

    [Fact]
    public void Two_writes_to_a_sector_arrive_in_their_order()
    {
        var start = new DiskImage([new("a", [0x00, 0x00])]);

        string[] states = StatesAfter(
            files =>
            {
                IFile file = files.Open("a", writes: true);
                file.Write([0x01], 0);
                file.Write([0x02], 1);
            },
            start);

        Assert.Equal(["a=0000", "a=0100", "a=0102"], states);
    }

    [Fact]
    public void What_a_failed_sync_lost_is_seen_but_never_saved()
    {
        var disk = new SimulatedDisk(new DiskImage([new("a", [0x00])]));
        var file = (SimulatedFiles.File)disk.Boot().Open("a", writes: true);
        file.Write(_x, 0);
        file.FailSync();
        file.Sync();

        Assert.Equal(["a=00"], States(disk));
        Assert.Equal([0x11], disk.Seen()["a"]);
    }

    [Fact]
    public void Stale_blocks_fill_the_gap_of_a_file_that_ran_ahead()
    {
        var start = new DiskImage([new("a", [0x77])]);

        Assert.Contains("a=77;b=77", StatesAfter(files => files.Create("b").Write(_x, 0), start));
    }

    [Fact]
    public void A_process_that_was_killed_can_do_nothing_more()
    {
        var disk = new SimulatedDisk(DiskImage.Empty);
        IFiles killed = disk.Boot();
        IFile file = killed.Create("a");
        disk.Boot();

        Assert.Throws<IOException>(() => file.Write(_x, 0));
        Assert.Throws<IOException>(() => killed.Create("b"));
        Assert.Single(disk.Operations);
    }

    [Fact]
    public void The_lock_file_has_one_owner_and_no_states()
    {
        var disk = new SimulatedDisk(DiskImage.Empty);
        IFiles files = disk.Boot();
        files.Own().Write(_x, 0);

        Assert.Throws<StoreInUseException>(files.Own);
        files.Dispose();
        files.Own();
        disk.Boot().Own();
        Assert.Equal(["LOCK=11"], States(disk));
    }

    [Fact]
    public void With_many_pieces_pending_every_prefix_and_every_single_piece_is_visited()
    {
        byte[] data = new byte[40 * 512];
        Array.Fill(data, (byte)1);
        var disk = new SimulatedDisk(new DiskImage([new("a", new byte[data.Length])]));
        disk.Boot().Open("a", writes: true).Write(data, 0);
        var visited = new HashSet<string>();
        new CrashStates(new Random(1)).Visit(disk.State, state => visited.Add(Sectors(state.ToImage()["a"])));

        for (int i = 0; i < 40; i++)
        {
            Assert.Contains(new string('1', i).PadRight(40, '0'), visited);
            Assert.Contains(new string('0', i) + "1".PadRight(40 - i, '0'), visited);
            Assert.Contains(new string('1', i) + "0".PadRight(40 - i, '1'), visited);
        }
    }

    [Fact]
    public void States_that_differ_have_different_hashes_and_equal_ones_the_same()
    {
        var disk = new SimulatedDisk(new DiskImage([new("a", new byte[1500])]));
        IFiles files = disk.Boot();
        files.Open("a", writes: true).Write(new byte[] { 1, 2, 3 }, 510);
        files.Create("b").Write(_x, 0);
        var texts = new Dictionary<ulong, string>();
        var hashes = new HashSet<string>();
        new CrashStates(new Random(1), exhaustive: 10).Visit(disk.State, state =>
        {
            string text = Text(state.ToImage());
            Assert.Equal(text, texts.GetValueOrDefault(state.Hash, text));
            texts[state.Hash] = text;
            hashes.Add(text);
        });

        Assert.Equal(hashes.Count, texts.Count);
    }

    private static string[] StatesAfter(Action<IFiles> script, DiskImage? start = null)
    {
        var disk = new SimulatedDisk(start ?? DiskImage.Empty);
        script(disk.Boot());
        return States(disk);
    }

    private static string[] States(SimulatedDisk disk)
    {
        var states = new SortedSet<string>(StringComparer.Ordinal);
        new CrashStates(new Random(1)).Visit(disk.State, state => states.Add(Text(state.ToImage())));
        return [.. states];
    }

    private static string Text(DiskImage image) =>
        string.Join(';', image.Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}={Convert.ToHexString(file.Value)}"));

    private static string Sectors(byte[] content) => string.Concat(content.Chunk(512).Select(sector => sector[0]));
}
