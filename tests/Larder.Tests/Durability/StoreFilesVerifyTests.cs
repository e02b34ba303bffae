using Larder.Durability;
using Xunit;

namespace Larder.Tests.Durability;

public sealed class StoreFilesVerifyTests : IDisposable
{
    private readonly StoreOnDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void A_sound_store_is_described_file_by_file()
    {
        _disk.Fill(40, compactAt: 30);

        StoreReport report = StoreFiles.Verify(_disk.Path);

        Assert.True(report.IsSound);
        Assert.Equal((40L, 40L, true, 0L), (report.Entries, report.LastSequence, report.ClosedCleanly, report.TornBytes));
        Assert.Equal(_disk.Files().Select(Path.GetFileName).Where(name => name != "LOCK"), report.Files.Select(file => file.Name));
        Assert.NotEqual(Guid.Empty, report.StoreId);
        Assert.Equal(Path.GetFullPath(_disk.Path), report.Path);
        StoreFileReport checkpoint = Assert.Single(report.Files, file => file.Kind == "checkpoint");
        Assert.Equal((30L, 30L, true, false, 3L), (checkpoint.FirstSequence, checkpoint.LastSequence, checkpoint.IsNeeded, checkpoint.IsEncrypted, checkpoint.Records));
        StoreFileReport[] segments = [.. report.Files.Where(file => file.Kind == "segment")];
        Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.Equal(pair.First.LastSequence + 1, pair.Second.FirstSequence));
        Assert.All(segments, file => Assert.Equal(file.FirstSequence > 30, file.IsNeeded));
        Assert.All(report.Files, file => Assert.Equal(new FileInfo(Path.Combine(_disk.Path, file.Name)).Length, file.Bytes));
        Assert.Equal(40 - 30, segments.Where(file => file.IsNeeded).Sum(file => file.LastSequence - file.FirstSequence + 1));
    }

    [Fact]
    public void Nothing_is_changed_by_looking()
    {
        _disk.Fill(10);
        Dictionary<string, string> before = _disk.Contents();

        StoreFiles.Verify(_disk.Path);
        _ = StoreFiles.Dump(_disk.Path).Count();

        Assert.Equal(before, _disk.Contents());
    }

    [Fact]
    public void A_flip_in_the_middle_names_just_the_commit_that_it_costs()
    {
        _disk.Fill(12, StoreOnDisk.OneSegment);
        (string file, int offset) = _disk.Find(StoreOnDisk.KeyOf(7));
        _disk.Flip(file, offset);

        StoreReport report = StoreFiles.Verify(_disk.Path);

        StoreProblem problem = Assert.Single(report.Problems);
        Assert.Equal((file, 7L, 7L), (problem.File, problem.FirstSequence, problem.LastSequence));
        Assert.InRange(problem.Offset, offset - 40, offset);
        Assert.False(report.IsSound);
        Assert.Equal((11L, 12L), (report.Entries, report.LastSequence));
    }

    [Fact]
    public void Every_damaged_place_is_listed_not_the_first_alone()
    {
        _disk.Fill(60, compactAt: 30);
        foreach (int commit in (int[])[35, 36, 50])
        {
            (string file, int offset) = _disk.Find(StoreOnDisk.KeyOf(commit));
            _disk.Flip(file, offset);
        }

        StoreReport report = StoreFiles.Verify(_disk.Path);

        Assert.Equal([(35L, 36L), (50L, 50L)], report.Problems.Select(problem => (problem.FirstSequence, problem.LastSequence)));
        Assert.Equal(57, report.Entries);
    }

    [Fact]
    public void Damage_that_costs_nothing_is_a_problem_all_the_same()
    {
        _disk.Fill(40, compactAt: 30);
        using (Store store = _disk.Open())
        {
            store.Compact();   // a second generation
        }

        string older = StoreFiles.Verify(_disk.Path).Files.First(file => file is { Kind: "checkpoint", IsNeeded: false }).Name;
        _disk.Flip(older, 200);

        StoreReport report = StoreFiles.Verify(_disk.Path);

        StoreProblem problem = Assert.Single(report.Problems);
        Assert.Equal((older, 0L, 0L), (problem.File, problem.FirstSequence, problem.LastSequence));
        Assert.Equal((40L, 40L), (report.Entries, report.LastSequence));
        Assert.Equal(40, _disk.Keys().Count);
    }

    [Fact]
    public void A_broken_checkpoint_that_the_generation_before_stands_in_for_costs_nothing()
    {
        _disk.Fill(40, compactAt: 20);
        using (Store store = _disk.Open())
        {
            store.Compact();
        }

        string newest = StoreFiles.Verify(_disk.Path).Files.Single(file => file is { Kind: "checkpoint", IsNeeded: true }).Name;
        _disk.Flip(newest, 500);

        StoreReport report = StoreFiles.Verify(_disk.Path);

        StoreProblem problem = Assert.Single(report.Problems);
        Assert.Equal((newest, 0L), (problem.File, problem.FirstSequence));
        Assert.Equal(40, report.Entries);
        Assert.Equal([false, true], report.Files.Where(file => file.Kind == "checkpoint").OrderByDescending(file => file.Name).Select(file => file.IsNeeded));
        Assert.Equal(40, _disk.Keys().Count);
    }

    [Fact]
    public void A_missing_segment_is_named_with_the_commits_that_were_in_it()
    {
        _disk.Fill(60);
        StoreFileReport lost = StoreFiles.Verify(_disk.Path).Files[2];
        _disk.Delete(lost.Name);

        StoreReport report = StoreFiles.Verify(_disk.Path);

        StoreProblem problem = Assert.Single(report.Problems);
        Assert.Equal((lost.Name, 0L, lost.FirstSequence, lost.LastSequence), (problem.File, problem.Offset, problem.FirstSequence, problem.LastSequence));
        Assert.Equal(60 - (lost.LastSequence - lost.FirstSequence + 1), report.Entries);
    }

    [Fact]
    public void A_missing_newest_segment_is_noticed()
    {
        _disk.Fill(60);
        _disk.Delete(_disk.Segments().Last());

        StoreProblem problem = Assert.Single(StoreFiles.Verify(_disk.Path).Problems);

        Assert.Contains("missing", problem.Problem, StringComparison.Ordinal);
        Assert.Equal(0, problem.LastSequence);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_torn_tail_is_no_problem_and_is_measured_unless_it_was_noted_as_durable(bool isNoted)
    {
        _disk.Fill(5, StoreOnDisk.OneSegment);
        string file = Assert.Single(_disk.Segments());
        byte[] bytes = File.ReadAllBytes(Path.Combine(_disk.Path, file));
        (_, int last) = _disk.Find(StoreOnDisk.KeyOf(5));
        File.WriteAllBytes(Path.Combine(_disk.Path, file), bytes[..(last + 3)]);   // the last record cut, the close record gone
        if (!isNoted)
        {
            _disk.Delete(FileName.Lock);   // in which a crash would have noted nothing
        }

        StoreReport report = StoreFiles.Verify(_disk.Path);

        if (isNoted)
        {
            StoreProblem problem = Assert.Single(report.Problems);
            Assert.Equal((file, 5L, 5L), (problem.File, problem.FirstSequence, problem.LastSequence));
            Assert.Equal(problem, Assert.Single(StoreFiles.Repair(_disk.Path, _disk.Under("repaired")).Lost));
            return;
        }

        Assert.True(report.IsSound);
        Assert.Equal((4L, 4L, false), (report.Entries, report.LastSequence, report.ClosedCleanly));
        Assert.InRange(report.TornBytes, 20, 60);
    }

    [Fact]
    public void A_file_of_another_store_is_named()
    {
        _disk.Fill(30);
        using (Store other = _disk.Open(path: _disk.Under("other")))
        {
            other.Set("a", "1");
        }

        string segment = _disk.Segments().ElementAt(1);
        string stranger = "wal-0000000000000001.log";
        File.Copy(Path.Combine(_disk.Under("other"), stranger), Path.Combine(_disk.Path, stranger), overwrite: true);

        StoreReport report = StoreFiles.Verify(_disk.Path);

        Assert.Contains(report.Problems, problem => problem.File == stranger && problem.Problem.Contains("another store", StringComparison.Ordinal));
        Assert.Contains(report.Files, file => file.Name == segment);
    }

    [Fact]
    public void A_file_of_a_newer_format_is_left_alone_and_named()
    {
        _disk.Fill(3);
        string file = _disk.Segments().First();
        _disk.Change(file, bytes =>
        {
            bytes[6] = 2;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Larder.Primitives.Crc32C.Of(bytes.AsSpan(0, 60)));
        });

        StoreProblem problem = Assert.Single(StoreFiles.Verify(_disk.Path).Problems);

        Assert.Contains("newer Larder", problem.Problem, StringComparison.Ordinal);
        Assert.Throws<StoreDamagedException>(() => StoreFiles.Repair(_disk.Path, _disk.Under("repaired")));
    }

    [Fact]
    public void Files_that_are_all_gone_are_missed()
    {
        _disk.Fill(3);
        foreach (string file in _disk.Segments().ToList())
        {
            _disk.Delete(file);
        }

        StoreProblem problem = Assert.Single(StoreFiles.Verify(_disk.Path).Problems);

        Assert.Contains("all its files are missing", problem.Problem, StringComparison.Ordinal);
        Assert.Throws<StoreDamagedException>(() => _disk.Shown());
        Assert.Throws<StoreDamagedException>(() => StoreFiles.Dump(_disk.Path).Count());
        Assert.Throws<StoreDamagedException>(() => StoreFiles.Repair(_disk.Path, _disk.Under("repaired")));
        Assert.False(Directory.Exists(_disk.Under("repaired")));
    }

    [Fact]
    public void A_directory_without_a_store_is_refused()
    {
        Directory.CreateDirectory(_disk.Path);
        File.WriteAllText(Path.Combine(_disk.Path, "mine.txt"), "x");

        Assert.Contains("holds no store", Assert.Throws<IOException>(() => StoreFiles.Verify(_disk.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("holds no store", Assert.Throws<IOException>(() => StoreFiles.Dump(_disk.Path).Count()).Message, StringComparison.Ordinal);
        Assert.Contains("holds no store", Assert.Throws<IOException>(() => StoreFiles.Repair(_disk.Path, _disk.Under("repaired"))).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => StoreFiles.Verify(_disk.Under("missing")));
        Assert.Throws<DirectoryNotFoundException>(() => StoreFiles.Dump(_disk.Under("missing")));
        Assert.Throws<IOException>(() => StoreFiles.Verify(Path.Combine(_disk.Path, "mine.txt")));
        Assert.Throws<ArgumentException>(() => StoreFiles.Verify(" "));
        Assert.Throws<ArgumentException>(() => StoreFiles.Verify(_disk.Path, new byte[31]));
        Assert.Equal([Path.Combine(_disk.Path, "mine.txt")], _disk.Files());
    }

    [Fact]
    public void Checksums_of_an_encrypted_store_need_no_key()
    {
        _disk.Fill(40, key: StoreOnDisk.Key, compactAt: 20);

        StoreReport blind = StoreFiles.Verify(_disk.Path);
        StoreReport seeing = StoreFiles.Verify(_disk.Path, StoreOnDisk.Key);

        Assert.True(blind.IsSound);
        Assert.True(seeing.IsSound);
        Assert.Equal((0L, 40L), (blind.Entries, seeing.Entries));
        Assert.Equal((40L, 40L), (blind.LastSequence, seeing.LastSequence));
        Assert.Equal(seeing.Files, blind.Files);
        Assert.True(blind.ClosedCleanly);
        Assert.All(blind.Files, file => Assert.True(file.IsEncrypted));
    }

    [Fact]
    public void Damage_of_an_encrypted_store_is_found_without_its_key()
    {
        _disk.Fill(12, StoreOnDisk.OneSegment, StoreOnDisk.Key);
        string file = Assert.Single(_disk.Segments());
        _disk.Flip(file, new FileInfo(Path.Combine(_disk.Path, file)).Length / 2);

        StoreProblem blind = Assert.Single(StoreFiles.Verify(_disk.Path).Problems);
        StoreProblem seeing = Assert.Single(StoreFiles.Verify(_disk.Path, StoreOnDisk.Key).Problems);

        Assert.Equal(seeing, blind);
        Assert.True(seeing.FirstSequence > 0 && seeing.FirstSequence == seeing.LastSequence);
    }

    [Fact]
    public void A_wrong_key_and_one_too_many_are_refused()
    {
        _disk.Fill(3, key: StoreOnDisk.Key);
        using (Store plain = _disk.Open(path: _disk.Under("plain")))
        {
            plain.Set("a", "1");
        }

        Assert.Throws<StoreKeyException>(() => StoreFiles.Verify(_disk.Path, new byte[32]));
        Assert.Throws<StoreKeyException>(() => StoreFiles.Verify(_disk.Under("plain"), StoreOnDisk.Key));
    }

    [Fact]
    public async Task Beside_an_owner_who_writes_and_makes_checkpoints_nothing_looks_wrong()
    {
        using Store store = _disk.Open();
        store.Set("key", "0");
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int i = 1; !stop.IsCancellationRequested; i++)
            {
                store.Set($"key {i % 10}", StoreOnDisk.ValueOf(i));
                if (i % 50 == 0)
                {
                    store.Compact();
                }
            }
        });
        try
        {
            long last = 0;
            for (int i = 0; i < 30 || store.Statistics.LastSequence < 600; i++)
            {
                long before = store.Statistics.DurableSequence;
                StoreReport report = StoreFiles.Verify(_disk.Path);
                Assert.Empty(report.Problems);
                Assert.InRange(report.LastSequence, Math.Max(before, last), long.MaxValue);
                Assert.InRange(report.Entries, 1, 11);
                last = report.LastSequence;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writer;
        }
    }

    [Fact]
    public void Progress_goes_from_nothing_to_all_and_never_back()
    {
        _disk.Fill(60, compactAt: 20);
        var told = new List<double>();

        StoreFiles.Verify(_disk.Path, progress: new Told(told));

        Assert.Equal((0.0, 1.0), (told[0], told[^1]));
        Assert.Equal(told.Distinct().Order(), told);
        Assert.True(told.Count > 3);
    }

    [Fact]
    public void A_look_can_be_called_off()
    {
        _disk.Fill(3);

        Assert.Throws<OperationCanceledException>(() => StoreFiles.Verify(_disk.Path, cancellationToken: new CancellationToken(canceled: true)));
    }
}

/// <summary>Notes progress at once, on the thread that reports it.</summary>
internal sealed class Told(List<double> shares, Action? then = null) : IProgress<double>
{
    public void Report(double value)
    {
        shares.Add(value);
        then?.Invoke();
    }
}
