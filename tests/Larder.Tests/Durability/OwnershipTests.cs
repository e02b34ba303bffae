using System.Diagnostics;
using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>One owner to a directory, whatever happens to its lock file; and nothing of anybody else's is touched.</summary>
[Collection(nameof(RealFiles))]
public sealed class OwnershipTests : IDisposable
{
    private const string Lock = "LOCK";
    private static readonly (string Name, string Value) _noLocking = ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1");
    private readonly TemporaryDirectory _scratch = new();

    private string Store => _scratch.Under("store");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_second_opener_in_the_same_process_is_refused()
    {
        using var owner = Larder.Store.Open(Store);
        Directory.CreateSymbolicLink(_scratch.Under("link"), Store);

        foreach (string path in new[] { Store, Store + "/", Path.Combine(Store, "..", "store"), _scratch.Under("link"), Path.GetRelativePath(Environment.CurrentDirectory, Store) })
        {
            Assert.Throws<StoreInUseException>(() => Larder.Store.Open(path));
        }

        owner.Set("key", "value"u8);
        owner.Dispose();
        using var next = Larder.Store.Open(_scratch.Under("link"));
        Assert.True(next.Exists("key"));
    }

    [Fact]
    public void A_second_opener_is_refused_when_the_directory_was_given_another_name()
    {
        using var owner = Larder.Store.Open(Store);
        owner.Set("key", "value"u8);
        Directory.Move(Store, _scratch.Under("elsewhere"));

        Assert.Throws<StoreInUseException>(() => Larder.Store.Open(_scratch.Under("elsewhere")));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_second_opener_in_another_process_is_refused(bool lockIsDeleted, bool lockingIsDisabled)
    {
        (string, string)[] environment = lockingIsDisabled ? [_noLocking] : [];
        using var owner = new ChildProcess(["write", $"path={Store}", "threads=1", "steps=20", "end=stay"], null, environment);
        Assert.True(owner.WaitFor(SignKind.Done), owner.Errors);
        if (lockIsDeleted)
        {
            File.Delete(Path.Combine(Store, Lock));
        }

        using var second = new ChildProcess(["hold", $"path={Store}"], null, environment);
        second.WaitForEnd();
        Assert.Equal(Refusal.InUse, Assert.Single(second.Signs, sign => sign.Kind == SignKind.Refused).Refusal);
        Assert.Throws<StoreInUseException>(() => Larder.Store.Open(Store));

        owner.Release();
        using var next = Larder.Store.Open(new StoreOptions { Path = Store, VersionsToKeep = Plan.Versions });
        new Ledger(1).Check(0, DurabilityMode.Commit, owner.Signs, owner.Signs.Length, next);
    }

    [Fact]
    public void A_second_opener_in_the_same_process_is_refused_when_the_lock_file_is_gone()
    {
        using var owner = Larder.Store.Open(Store);
        File.Delete(Path.Combine(Store, Lock));

        Assert.Throws<StoreInUseException>(() => Larder.Store.Open(Store));
        owner.Set("key", "value"u8);
    }

    [Fact]
    public void An_owner_that_was_killed_is_in_nobodys_way()
    {
        using var owner = new ChildProcess(["hold", $"path={Store}", "stay"]);
        Assert.True(owner.WaitFor(SignKind.Opened), owner.Errors);
        owner.Kill();

        Assert.True(File.Exists(Path.Combine(Store, Lock)));
        using var next = Larder.Store.Open(Store);
        next.Set("key", "value"u8);
    }

    [Fact]
    public void A_process_started_meanwhile_does_not_inherit_the_directory()
    {
        var owner = Larder.Store.Open(Store);
        using Process other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            owner.Dispose();
            using var next = Larder.Store.Open(Store);
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
            other.WaitForExit();
        }
    }

    [Theory]
    [InlineData(Lock)]
    [InlineData("wal-0000000000000001.log")]
    [InlineData("snap-0000000000000001.snp")]
    public void A_link_that_was_planted_is_not_followed(string name)
    {
        File.WriteAllText(_scratch.Under("victim"), "precious");
        Directory.CreateDirectory(Store);
        File.CreateSymbolicLink(Path.Combine(Store, name), _scratch.Under("victim"));

        Exception refused = Assert.ThrowsAny<Exception>(() => Larder.Store.Open(Store));

        Assert.True(refused is IOException or UnauthorizedAccessException, refused.ToString());
        Assert.Equal("precious", File.ReadAllText(_scratch.Under("victim")));
    }

    [Theory]
    [InlineData("wal-0000000000000002.log")]
    [InlineData("snap-0000000000000002.snp")]
    [InlineData("snap-0000000000000002.tmp")]
    [InlineData("snap-0000000000000001.tmp")]
    public void A_link_planted_under_a_name_that_comes_next_is_not_followed(string name)
    {
        File.WriteAllText(_scratch.Under("victim"), "precious");
        using (var owner = Larder.Store.Open(Store))
        {
            owner.Set("key", "value"u8);
            File.CreateSymbolicLink(Path.Combine(Store, name), _scratch.Under("victim"));
            Record.Exception(owner.Compact);
            Record.Exception(() => owner.Set("key", "other"u8));
        }

        Record.Exception(() => Larder.Store.Open(Store).Dispose());
        Assert.Equal("precious", File.ReadAllText(_scratch.Under("victim")));
    }

    [Fact]
    public void Unknown_files_are_left_alone()
    {
        string[] names =
        [
            "notes.txt", "wal-1.log", "wal-00000000000000zz.log", "WAL-0000000000000001.LOG", "snap-0000000000000001.bak", "wal-0000000000000000.log",
            "wal-000000000000000A.log", "other.tmp", ".hidden", "LOCK.old", "torn.txt",
        ];
        Directory.CreateDirectory(Path.Combine(Store, "folder"));
        Array.ForEach(names, name => File.WriteAllText(Path.Combine(Store, name), name));
        for (int opening = 0; opening < 3; opening++)
        {
            using var store = Larder.Store.Open(Store);
            store.Set($"key{opening}", "value"u8);
            store.Compact();
            Assert.Equal(opening + 1, store.Count());
        }

        Assert.All(names, name => Assert.Equal(name, File.ReadAllText(Path.Combine(Store, name))));
        Assert.True(Directory.Exists(Path.Combine(Store, "folder")));
    }

    [Fact]
    public void A_file_instead_of_a_directory_is_refused_and_left_alone()
    {
        File.WriteAllText(Store, "a file");

        Assert.ThrowsAny<IOException>(() => Larder.Store.Open(Store));
        Assert.ThrowsAny<IOException>(() => Larder.Store.Open(new StoreOptions { Path = Store, ReadOnly = true }));
        Assert.Equal("a file", File.ReadAllText(Store));
    }

    [Fact]
    public void Files_and_directory_are_for_the_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // access there is inherited from the parent directory
        }

        using (var store = Larder.Store.Open(Store))
        {
            store.Set("key", "value"u8);
            store.Compact();
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Store));
        foreach (string file in Directory.GetFiles(Store))
        {
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        }
    }
}
