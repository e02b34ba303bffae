using System.Security.Cryptography;
using Larder.Changes;
using Larder.Durability;
using Larder.Engine;
using Larder.Locks;
using Larder.Primitives;

namespace Larder;

/// <summary>
/// Looks at and mends the files of a store that nobody needs to have open. A door: the same code that opens a store reads them here.
/// </summary>
public static class StoreFiles
{
    /// <summary>
    /// Reads every byte of every file and says what is wrong. Changes nothing, takes no lock, and can run beside the owner, of whose latest
    /// commits it may then see only a part.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="encryptionKey">The key of an encrypted store; without it the records' checksums are still verified, but entries are not counted.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">There is no store in it.</exception>
    /// <exception cref="StoreKeyException">The key is wrong.</exception>
    public static StoreReport Verify(string path, byte[]? encryptionKey = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using DiskFiles files = Existing(path, encryptionKey);
        var reading = new ReadingProgress(progress, cancellationToken);
        StoreReport report = Inspection.Run(files, encryptionKey, reading);
        reading.Finish();
        return report;
    }

    /// <summary>
    /// Saves what can be read of a damaged store into a new directory, and says what was lost. The damaged one is not changed. What lies
    /// beyond a lost commit is applied all the same, so that the result may be a state that never was: a backup is better.
    /// </summary>
    /// <remarks>The new directory is a store of its own, encrypted like the old one. All of it passes through memory.</remarks>
    /// <param name="path">The damaged directory.</param>
    /// <param name="target">The new directory; it must not exist, or be empty.</param>
    /// <param name="encryptionKey">The key of an encrypted store.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the repair; what was written so far is removed.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">The target is not empty, or the store is in use.</exception>
    /// <exception cref="StoreDamagedException">Every file is gone, or one is of a newer format.</exception>
    /// <exception cref="StoreKeyException">The key is missing or wrong.</exception>
    public static RepairReport Repair(string path, string target, byte[]? encryptionKey = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using DiskFiles source = Existing(path, encryptionKey);
        target = Unused(target);
        using IDisposable hold = source.Hold();
        var reading = new ReadingProgress(progress, cancellationToken);
        reading.Expect(2 * new DirectoryListing(source).Bytes(source));

        // Its time stands where the files end: nobody's clock decides what of them is due.
        var time = new StandingTime();
        var options = new StoreOptions { VersionsToKeep = StoreOptions.MostVersions, TimeProvider = time };
        var clock = new MonotonicClock(time);
        using var engine = new MemoryEngine(options, new WatchHub(), KeyFlights.New(), clock);
        IChangeTarget contents = engine.Restoration();
        Salvage salvage = Salvage.Run(source, new Reading { Key = encryptionKey, Step = reading.Read }, contents);
        clock.NotBefore(salvage.Found.Time);
        contents.End(salvage.Found.Last);

        using IChangeImage image = engine.OpenImage();
        Fill(target, files => StoreDirectory.Export(encryptionKey, files, image, cancellationToken));
        reading.Finish();
        return new RepairReport
        {
            Path = target,
            Entries = engine.Entries,
            CommitsRecovered = salvage.Commits,
            LastSequence = salvage.Found.Last,
            Lost = [.. salvage.Damage.Where(static damage => damage.FirstSequence != 0).OrderBy(static damage => damage.FirstSequence).Select(Inspection.ProblemOf)],
        };
    }

    /// <summary>
    /// Every change that the files still hold, in the order of the log, the newest checkpoint first: its entries come as sets, the kept versions of one oldest first.
    /// Works beside the owner. Of large files only a little is in memory at a time.
    /// </summary>
    /// <remarks>
    /// A log does not repeat what it need not say: a set that only moved a deadline comes without the value, and what takes a key away without the version that is gone.
    /// </remarks>
    /// <param name="path">The directory.</param>
    /// <param name="encryptionKey">The key of an encrypted store; copied when the enumeration begins, and forgotten when it ends.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="StoreDamagedException">The reading met damage; everything before it was returned.</exception>
    /// <exception cref="StoreKeyException">The key is missing or wrong.</exception>
    public static IEnumerable<Change> Dump(string path, byte[]? encryptionKey = null)
    {
        Existing(path, encryptionKey).Dispose();
        return Changes(path, encryptionKey);
    }

    /// <summary>Puts a backup, made by <see cref="Store.Backup"/>, into a new directory, and verifies it there before it gets its name.</summary>
    /// <param name="backup">The directory of the backup.</param>
    /// <param name="target">The new directory; it must not exist, or be empty.</param>
    /// <param name="encryptionKey">The key of an encrypted store; without it the copy is verified by its checksums alone.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the restoring; what was written so far is removed.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">The target is not empty; or the backup is none, but a store with a log.</exception>
    /// <exception cref="StoreDamagedException">The backup is damaged.</exception>
    /// <exception cref="StoreKeyException">The key is wrong.</exception>
    public static StoreReport Restore(string backup, string target, byte[]? encryptionKey = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using DiskFiles source = Existing(backup, encryptionKey);
        target = Unused(target);
        using IDisposable hold = source.Hold();
        var reading = new ReadingProgress(progress, cancellationToken);
        StoreReport? report = null;
        Fill(target, files =>
        {
            BackupCopy.Make(source, files, encryptionKey, reading);
            report = Inspection.Run(files, encryptionKey, reading);
        });
        reading.Finish();
        return report!;
    }

    private static IEnumerable<Change> Changes(string path, byte[]? encryptionKey)
    {
        using var files = DiskFiles.At(path, creates: false);
        byte[]? key = StoreDirectory.Copy(encryptionKey);
        try
        {
            using var reader = new ChangeReader(files, key);
            foreach (Change change in reader.Changes())
            {
                yield return change;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static DiskFiles Existing(string path, byte[]? encryptionKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return encryptionKey is null or { Length: StoreOptions.KeyBytes }
            ? DiskFiles.At(path, creates: false)
            : throw new ArgumentException($"the key must have {StoreOptions.KeyBytes} bytes, but has {encryptionKey.Length}.", nameof(encryptionKey));
    }

    /// <summary>The full path of a directory that may be filled.</summary>
    private static string Unused(string target)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        target = Path.GetFullPath(target);
        return File.Exists(target) ? throw new IOException($"'{target}' is a file; a store needs a directory.")
            : Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() ? throw new IOException($"'{target}' is not empty.")
            : target;
    }

    /// <summary>Fills a new directory, or an empty one; it is as before when that fails.</summary>
    private static void Fill(string target, Action<DiskFiles> fill)
    {
        bool isNew = !Directory.Exists(target);
        using var files = DiskFiles.At(target, creates: true);
        if (files.List().Count > 0)
        {
            throw new IOException($"'{target}' is not empty.");   // something came meanwhile, and must not be removed with what is written here
        }

        try
        {
            fill(files);
        }
        catch
        {
            Empty(files);
            if (isNew)
            {
                Directory.Delete(target);
            }

            throw;
        }
    }

    private static void Empty(DiskFiles files)
    {
        foreach (string name in files.List())
        {
            files.Delete(name);
        }
    }

    /// <summary>A clock that only <see cref="MonotonicClock.NotBefore"/> moves.</summary>
    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.MinValue;

        public override long GetTimestamp() => 0;
    }
}
