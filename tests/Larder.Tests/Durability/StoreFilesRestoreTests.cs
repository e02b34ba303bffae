using Xunit;

namespace Larder.Tests.Durability;

public sealed class StoreFilesRestoreTests : IDisposable
{
    private readonly StoreOnDisk _disk = new();

    private string Backup => _disk.Under("backup");

    private string Target => _disk.Under("restored");

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backup_is_restored_byte_for_byte_and_opens(bool isEncrypted)
    {
        byte[]? key = isEncrypted ? StoreOnDisk.Key : null;
        BackUp(key);

        StoreReport report = StoreFiles.Restore(Backup, Target, key);

        Assert.True(report.IsSound);
        Assert.Equal((8L, 41L, Path.GetFullPath(Target), true), (report.Entries, report.LastSequence, report.Path, report.ClosedCleanly));
        Assert.Equal(_disk.Contents(Backup).Values, _disk.Contents(Target).Values);
        Assert.Equal(_disk.Shown(key: key, versions: 3), _disk.Shown(Target, key, versions: 3));
        using Store store = _disk.Open(path: Target, key: key);
        Assert.Equal(42, store.Set("more", "x"));
    }

    [Fact]
    public void The_checksums_of_an_encrypted_backup_need_no_key()
    {
        BackUp(StoreOnDisk.Key);

        StoreReport report = StoreFiles.Restore(Backup, Target);

        Assert.Equal((true, 0L, 41L), (report.IsSound, report.Entries, report.LastSequence));
        Assert.Equal(_disk.Shown(key: StoreOnDisk.Key), _disk.Shown(Target, StoreOnDisk.Key));
        Assert.Throws<StoreKeyException>(() => StoreFiles.Restore(Backup, _disk.Under("other"), new byte[32]));
        Assert.False(Directory.Exists(_disk.Under("other")));
    }

    [Fact]
    public void A_damaged_backup_is_refused_wherever_it_is_damaged_and_nothing_is_left()
    {
        BackUp(null);
        string file = Path.GetFileName(Assert.Single(_disk.Files(Backup)));
        long length = new FileInfo(Path.Combine(Backup, file)).Length;
        for (long offset = 0; offset < length; offset += 7)
        {
            _disk.Flip(file, offset, Backup);

            StoreDamagedException damage = Assert.Throws<StoreDamagedException>(() => StoreFiles.Restore(Backup, Target));

            Assert.Equal(Path.Combine(Backup, file), damage.File);
            Assert.False(Directory.Exists(Target));
            _disk.Flip(file, offset, Backup);
        }

        Assert.True(StoreFiles.Restore(Backup, Target).IsSound);
    }

    [Fact]
    public void What_is_no_backup_is_refused()
    {
        BackUp(null);
        Directory.CreateDirectory(_disk.Under("empty"));
        using (Store store = _disk.Open())
        {
            store.Compact();
        }


        Assert.Contains("no backup", Assert.Throws<IOException>(() => StoreFiles.Restore(_disk.Path, Target)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no checkpoint", Assert.Throws<StoreDamagedException>(() => StoreFiles.Restore(_disk.Under("empty"), Target)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => StoreFiles.Restore(_disk.Under("missing"), Target));
        foreach (string segment in _disk.Segments().ToList())
        {
            _disk.Delete(segment);
        }

        Assert.Contains("log", Assert.Throws<StoreDamagedException>(() => StoreFiles.Restore(_disk.Path, Target)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public void The_target_must_be_new()
    {
        BackUp(null);
        Directory.CreateDirectory(_disk.Under("taken"));
        File.WriteAllText(Path.Combine(_disk.Under("taken"), "mine"), "x");

        Assert.Contains("not empty", Assert.Throws<IOException>(() => StoreFiles.Restore(Backup, _disk.Under("taken"))).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => StoreFiles.Restore(Backup, Path.Combine(_disk.Under("taken"), "mine")));
        Assert.Equal("x", File.ReadAllText(Path.Combine(_disk.Under("taken"), "mine")));
        Directory.CreateDirectory(Target);
        Assert.True(StoreFiles.Restore(Backup, Target).IsSound);   // an empty one will do
    }

    [Fact]
    public void A_restoring_that_is_called_off_leaves_nothing()
    {
        BackUp(null);
        for (int at = 0; at < 4; at++)
        {
            using var source = new CancellationTokenSource();
            List<double> shares = [];

            Assert.Throws<OperationCanceledException>(() => StoreFiles.Restore(Backup, Target, null, new Told(shares, () =>
            {
                if (shares.Count > at)
                {
                    source.Cancel();
                }
            }), source.Token));

            Assert.False(Directory.Exists(Target));
        }

        List<double> told = [];
        StoreFiles.Restore(Backup, Target, progress: new Told(told));
        Assert.Equal((0.0, 1.0), (told[0], told[^1]));
        Assert.Equal(told.Distinct().Order(), told);
    }

    /// <summary>Eight keys with their histories, up to commit 41, in a store that is closed and its backup.</summary>
    private void BackUp(byte[]? key)
    {
        using Store store = _disk.Open(key: key, versions: 3);
        for (int i = 1; i <= 40; i++)
        {
            store.Set($"key {i % 8}", StoreOnDisk.ValueOf(i));
        }

        store.Touch("key 3", TimeSpan.FromDays(1));
        Assert.Equal(41, store.Backup(Backup));
    }
}
