using Larder.Durability;
using Xunit;

namespace Larder.Tests.Durability;

public sealed class StoreFilesRepairTests : IDisposable
{
    private static readonly bool _isSlow = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";

    private readonly StoreOnDisk _disk = new();

    private string Target => _disk.Under("repaired");

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flip_in_the_middle_of_a_segment_costs_just_that_commit(bool isEncrypted)
    {
        byte[]? key = isEncrypted ? StoreOnDisk.Key : null;
        _disk.Fill(12, StoreOnDisk.OneSegment, key);
        string file = Assert.Single(_disk.Segments());
        _disk.Flip(file, new FileInfo(Path.Combine(_disk.Path, file)).Length / 2);
        Dictionary<string, string> before = _disk.Contents();

        RepairReport report = StoreFiles.Repair(_disk.Path, Target, key);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((file, lost.FirstSequence), (lost.File, lost.LastSequence));
        Assert.InRange(lost.FirstSequence, 5, 8);
        Assert.Equal((11L, 11L, 12L, Path.GetFullPath(Target)), (report.Entries, report.CommitsRecovered, report.LastSequence, report.Path));
        Assert.Equal(Enumerable.Range(1, 12).Where(commit => commit != lost.FirstSequence).Select(StoreOnDisk.KeyOf), _disk.Keys(Target, key));
        Assert.Equal(before, _disk.Contents());
        Assert.True(StoreFiles.Verify(Target, key).IsSound);
        using Store store = _disk.Open(path: Target, key: key);
        Assert.Equal(13, store.Set("more", "x"));
    }

    [Fact]
    public void Every_flipped_byte_of_a_segment_costs_one_commit_at_most()
    {
        _disk.Fill(6, StoreOnDisk.OneSegment);
        string file = Assert.Single(_disk.Segments());
        byte[] sound = File.ReadAllBytes(Path.Combine(_disk.Path, file));
        List<string> all = _disk.Shown();
        for (int offset = 0; offset < sound.Length; offset += _isSlow ? 1 : 5)
        {
            if (offset is >= 44 and < 52)
            {
                continue;   // the salt: without it nothing can be verified
            }

            _disk.Flip(file, offset);
            string target = _disk.Under($"at {offset}");

            RepairReport report = StoreFiles.Repair(_disk.Path, target);

            List<string> saved = _disk.Shown(target);
            Assert.True(saved.Count >= 5, $"offset {offset}: {saved.Count} entries are left");
            Assert.Equal(6 - saved.Count, report.Lost.Sum(lost => lost.LastSequence - lost.FirstSequence + 1));
            Assert.Subset(all.ToHashSet(), saved.ToHashSet());
            Assert.Equal(saved.Count, report.Entries);
            File.WriteAllBytes(Path.Combine(_disk.Path, file), sound);
        }
    }

    [Fact]
    public void Every_damaged_stretch_is_told_with_what_it_cost()
    {
        _disk.Fill(60, compactAt: 30);
        foreach (int commit in (int[])[33, 35, 36, 60])
        {
            (string file, int offset) = _disk.Find(StoreOnDisk.KeyOf(commit));
            _disk.Flip(file, offset);
        }

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        Assert.Equal([(33L, 33L), (35L, 36L), (60L, 60L)], report.Lost.Select(lost => (lost.FirstSequence, lost.LastSequence)));
        Assert.Equal((56L, 56L, 60L), (report.Entries, report.CommitsRecovered, report.LastSequence));
    }

    [Fact]
    public void A_missing_segment_costs_the_commits_in_it()
    {
        _disk.Fill(60);
        StoreFileReport gone = StoreFiles.Verify(_disk.Path).Files[2];
        _disk.Delete(gone.Name);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((gone.Name, gone.FirstSequence, gone.LastSequence), (lost.File, lost.FirstSequence, lost.LastSequence));
        Assert.Equal(Enumerable.Range(1, 60).Where(commit => commit < gone.FirstSequence || commit > gone.LastSequence).Select(StoreOnDisk.KeyOf), _disk.Keys(Target));
    }

    [Fact]
    public void A_segment_that_was_cut_off_costs_what_was_behind_the_cut()
    {
        _disk.Fill(60);
        StoreFileReport cut = StoreFiles.Verify(_disk.Path).Files[1];
        byte[] bytes = File.ReadAllBytes(Path.Combine(_disk.Path, cut.Name));
        File.WriteAllBytes(Path.Combine(_disk.Path, cut.Name), bytes[..(bytes.Length / 2)]);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((cut.Name, cut.LastSequence), (lost.File, lost.LastSequence));
        Assert.InRange(lost.FirstSequence, cut.FirstSequence + 1, cut.LastSequence);
        Assert.Equal(60 - (lost.LastSequence - lost.FirstSequence + 1), report.Entries);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_header_costs_nothing_while_its_salt_is_right(bool isEncrypted)
    {
        byte[]? key = isEncrypted ? StoreOnDisk.Key : null;
        _disk.Fill(60, key: key, compactAt: 30);
        List<string> before = _disk.Shown(key: key);
        string[] needed = [.. StoreFiles.Verify(_disk.Path, key).Files.Where(file => file.IsNeeded).Select(file => file.Name)];
        Assert.InRange(needed.Length, 3, 20);
        foreach (string file in needed)
        {
            _disk.Flip(file, 20);
        }

        RepairReport report = StoreFiles.Repair(_disk.Path, Target, key);

        Assert.Equal(before, _disk.Shown(Target, key));
        Assert.Equal((60L, 60L), (report.Entries, report.LastSequence));
        Assert.Empty(report.Lost);
    }

    [Fact]
    public void A_header_without_its_salt_costs_the_segment()
    {
        _disk.Fill(60);
        StoreFileReport broken = StoreFiles.Verify(_disk.Path).Files[1];
        _disk.Flip(broken.Name, 45);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((broken.Name, broken.FirstSequence, broken.LastSequence), (lost.File, lost.FirstSequence, lost.LastSequence));
    }

    [Fact]
    public void A_broken_checkpoint_costs_nothing_when_the_generation_before_is_complete()
    {
        Generations(versions: 3);
        List<string> before = _disk.Shown(versions: 3);
        _disk.Flip(Checkpoints()[^1], 300);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        Assert.Empty(report.Lost);
        Assert.Equal(before, _disk.Shown(Target, versions: 3));
        Assert.Equal((30L, 30L), (report.CommitsRecovered, report.LastSequence));
    }

    [Fact]
    public void What_is_left_of_the_newest_checkpoint_is_saved_when_none_is_whole()
    {
        Generations(versions: 1, large: true);
        string[] checkpoints = Checkpoints();
        _disk.Flip(checkpoints[0], 300);
        _disk.Flip(checkpoints[1], 300_000);   // in its second block

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((checkpoints[1], 1L, 20L), (lost.File, lost.FirstSequence, lost.LastSequence));
        Assert.InRange(report.Entries, 12, 19);
        Assert.Equal((10L, 30L), (report.CommitsRecovered, report.LastSequence));
        Assert.Equal(report.Entries, _disk.Keys(Target).Count);
        Assert.True(StoreFiles.Verify(Target).IsSound);
    }

    [Fact]
    public void A_log_that_reaches_back_to_the_beginning_needs_no_checkpoint()
    {
        _disk.Fill(30, compactAt: 20);
        List<string> before = _disk.Shown();
        string checkpoint = Assert.Single(Checkpoints());
        _disk.Flip(checkpoint, 300);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        Assert.Empty(report.Lost);
        Assert.Equal(30, report.CommitsRecovered);
        Assert.Equal(before, _disk.Shown(Target));
    }

    [Fact]
    public void An_image_that_is_broken_costs_what_came_after_the_one_before()
    {
        using (Store store = _disk.Open(mode: DurabilityMode.Snapshot))
        {
            for (int i = 1; i <= 20; i++)
            {
                store.Set(StoreOnDisk.KeyOf(i), StoreOnDisk.ValueOf(i));
                if (i % 10 == 0)
                {
                    store.Flush();
                }
            }
        }

        _disk.Flip(Checkpoints()[^1], 300);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((11L, 20L), (lost.FirstSequence, lost.LastSequence));
        Assert.Equal((10L, 10L), (report.Entries, report.LastSequence));
    }

    [Fact]
    public void A_sound_store_is_saved_as_it_is_with_histories_deadlines_and_kinds()
    {
        DateTimeOffset deadline = _disk.Time.GetUtcNow().AddDays(1);
        using (Store store = _disk.Open(versions: 4, key: StoreOnDisk.Key))
        {
            for (int i = 0; i < 40; i++)
            {
                store.Set($"key {i % 7}", StoreOnDisk.ValueOf(i), i % 3 == 0 ? deadline : Expiry.None);
                store.Increment("counter", i);
                if (i == 20)
                {
                    store.Compact();
                }
            }

            store.Touch("key 1", deadline.AddDays(1));
            store.Remove("key 2");
        }

        List<string> before = _disk.Shown(key: StoreOnDisk.Key, versions: 4);

        RepairReport report = StoreFiles.Repair(_disk.Path, Target, StoreOnDisk.Key);

        Assert.Empty(report.Lost);
        Assert.Equal(82, report.CommitsRecovered);
        Assert.Equal(before, _disk.Shown(Target, StoreOnDisk.Key, versions: 4));
        Assert.NotEqual(StoreFiles.Verify(_disk.Path, StoreOnDisk.Key).StoreId, StoreFiles.Verify(Target, StoreOnDisk.Key).StoreId);
        Assert.True(Assert.Single(StoreFiles.Verify(Target, StoreOnDisk.Key).Files).IsEncrypted);
    }

    [Fact]
    public void No_clock_but_the_stores_own_decides_what_is_due()
    {
        using (Store store = _disk.Open())
        {
            store.Set("short", "x", TimeSpan.FromMinutes(1));   // long over on the machine's clock
            store.Set("long", "x", TimeSpan.FromDays(3650));
        }

        Assert.Equal(2, StoreFiles.Repair(_disk.Path, Target).Entries);
        Assert.Equal(["long", "short"], _disk.Keys(Target));
    }

    [Fact]
    public void A_record_moved_from_another_place_is_not_believed()
    {
        _disk.Fill(8, StoreOnDisk.OneSegment);
        string file = Assert.Single(_disk.Segments());
        int first = _disk.Find(StoreOnDisk.KeyOf(3)).Offset;
        int second = _disk.Find(StoreOnDisk.KeyOf(4)).Offset;
        int size = second - first;
        _disk.Change(file, bytes =>   // commits 3 and 4 change places
        {
            byte[] third = bytes.AsSpan(first - 26, size).ToArray();
            bytes.AsSpan(second - 26, size).CopyTo(bytes.AsSpan(first - 26));
            third.CopyTo(bytes, second - 26);
        });

        RepairReport report = StoreFiles.Repair(_disk.Path, Target);

        StoreProblem lost = Assert.Single(report.Lost);
        Assert.Equal((3L, 3L), (lost.FirstSequence, lost.LastSequence));
        Assert.Equal(7, report.Entries);
    }

    [Fact]
    public void A_store_in_use_is_not_repaired_and_nothing_is_made()
    {
        using Store owner = _disk.Open();
        owner.Set("a", "1");

        Assert.Throws<StoreInUseException>(() => StoreFiles.Repair(_disk.Path, Target));

        Assert.False(Directory.Exists(Target));
        owner.Set("a", "2");
    }

    [Fact]
    public void While_a_store_is_repaired_nobody_may_own_it()
    {
        _disk.Fill(40);
        bool wasRefused = false;

        StoreFiles.Repair(_disk.Path, Target, progress: new Told([], () =>
        {
            if (!wasRefused)
            {
                Assert.Throws<StoreInUseException>(() => _disk.Open());
                wasRefused = true;
            }
        }));

        Assert.True(wasRefused);
        _disk.Open().Dispose();
    }

    [Fact]
    public void A_directory_without_a_lock_file_stays_without_one()
    {
        _disk.Fill(5);
        _disk.Delete(FileName.Lock);
        Dictionary<string, string> before = _disk.Contents();

        Assert.Equal(5, StoreFiles.Repair(_disk.Path, Target).Entries);

        Assert.Equal(before, _disk.Contents());
    }

    [Fact]
    public void The_target_must_be_new()
    {
        _disk.Fill(3);
        Directory.CreateDirectory(_disk.Under("taken"));
        Directory.CreateDirectory(Path.Combine(_disk.Under("taken"), "inside"));
        File.WriteAllText(_disk.Under("file"), "x");

        Assert.Contains("not empty", Assert.Throws<IOException>(() => StoreFiles.Repair(_disk.Path, _disk.Under("taken"))).Message, StringComparison.Ordinal);
        Assert.Contains("not empty", Assert.Throws<IOException>(() => StoreFiles.Repair(_disk.Path, _disk.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<IOException>(() => StoreFiles.Repair(_disk.Path, _disk.Under("file"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StoreFiles.Repair(_disk.Path, ""));
        Directory.CreateDirectory(Target);
        Assert.Equal(3, StoreFiles.Repair(_disk.Path, Target).Entries);   // an empty one will do
    }

    [Fact]
    public void Without_the_right_key_nothing_is_made()
    {
        _disk.Fill(3, key: StoreOnDisk.Key);

        Assert.Throws<StoreKeyException>(() => StoreFiles.Repair(_disk.Path, Target));
        Assert.Throws<StoreKeyException>(() => StoreFiles.Repair(_disk.Path, Target, new byte[32]));

        Assert.False(Directory.Exists(Target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_repair_that_is_called_off_leaves_nothing(bool exists)
    {
        _disk.Fill(40);
        if (exists)
        {
            Directory.CreateDirectory(Target);
        }

        for (int at = 0; at < 4; at++)
        {
            using var source = new CancellationTokenSource();
            List<double> shares = [];

            Assert.Throws<OperationCanceledException>(() => StoreFiles.Repair(_disk.Path, Target, null, new Told(shares, () =>
            {
                if (shares.Count > at)
                {
                    source.Cancel();
                }
            }), source.Token));

            Assert.Equal(exists, Directory.Exists(Target));
            Assert.Empty(exists ? Directory.GetFileSystemEntries(Target) : []);
        }
    }

    [Fact]
    public void Damage_upon_damage_never_throws_and_the_result_always_opens()
    {
        var random = new Random(20260101);
        _disk.Fill(60, compactAt: 30);
        string[] files = [.. StoreFiles.Verify(_disk.Path).Files.Select(file => file.Name)];
        Dictionary<string, byte[]> sound = files.ToDictionary(file => file, file => File.ReadAllBytes(Path.Combine(_disk.Path, file)));
        HashSet<string> all = [.. _disk.Shown()];
        for (int round = 0; round < (_isSlow ? 1000 : 50); round++)
        {
            foreach (string file in files)
            {
                File.WriteAllBytes(Path.Combine(_disk.Path, file), sound[file]);
            }

            for (int hits = random.Next(1, 6); hits > 0; hits--)
            {
                Hit(random, files[random.Next(files.Length)]);
            }

            string target = _disk.Under($"round {round}");
            try
            {
                RepairReport report = StoreFiles.Repair(_disk.Path, target);
                Assert.Subset(all, _disk.Shown(target).ToHashSet());
                Assert.True(StoreFiles.Verify(target).IsSound);
                Assert.Equal(report.Lost.OrderBy(lost => lost.FirstSequence), report.Lost);
                StoreFiles.Verify(_disk.Path);
            }
            catch (StoreDamagedException)
            {
                Assert.Empty(_disk.Segments());   // nothing at all was left of the log
                Assert.Empty(Checkpoints());
            }
        }

    }

    private void Hit(Random random, string file)
    {
        string path = Path.Combine(_disk.Path, file);
        if (!File.Exists(path))
        {
            return;
        }

        byte[] bytes = File.ReadAllBytes(path);
        int at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case < 3:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(200))).Clear();
                break;
            case 4:
                bytes = bytes[..at];
                break;
            default:
                File.Delete(path);
                return;
        }

        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Checkpoints at commits 10 and 20, of which the log before the first is gone, and ten commits more.</summary>
    private void Generations(int versions, bool large = false)
    {
        using Store store = _disk.Open(versions: versions);
        for (int i = 1; i <= 30; i++)
        {
            store.Set(StoreOnDisk.KeyOf(large ? i <= 20 ? i % 10 : i : i % 4), large ? new string((char)('a' + (i % 26)), 120_000) : StoreOnDisk.ValueOf(i));
            if (i is 5 or 10 or 20)
            {
                store.Compact();
            }
        }
    }

    private string[] Checkpoints() => [.. _disk.Files().Select(file => Path.GetFileName(file)).Where(name => name.EndsWith(".snp", StringComparison.Ordinal))];
}
