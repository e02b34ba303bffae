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
    /// <exception cref="StoreKeyException">The key is wrong.</exception>
    public static StoreReport Verify(string path, byte[]? encryptionKey = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>
    /// Saves what can be read of a damaged store into a new directory, and says what was lost. The damaged one is not changed. What lies
    /// beyond a lost commit is applied all the same, so that the result may be a state that never was: a backup is better.
    /// </summary>
    /// <param name="path">The damaged directory.</param>
    /// <param name="target">The new directory; it must not exist, or be empty.</param>
    /// <param name="encryptionKey">The key of an encrypted store.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the repair; what was written so far is removed.</param>
    /// <exception cref="IOException">The target is not empty, or the store is in use.</exception>
    public static RepairReport Repair(string path, string target, byte[]? encryptionKey = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Every change that the files still hold, in the order of the log, the newest checkpoint first. Works beside the owner.</summary>
    /// <exception cref="StoreDamagedException">The reading met damage; everything before it was returned.</exception>
    public static IEnumerable<Change> Dump(string path, byte[]? encryptionKey = null) => throw new NotSupportedException();

    /// <summary>Puts a backup, made by <see cref="Store.Backup"/>, into a new directory, and verifies it there before it gets its name.</summary>
    /// <param name="backup">The directory of the backup.</param>
    /// <param name="target">The new directory; it must not exist, or be empty.</param>
    /// <param name="encryptionKey">The key of an encrypted store.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the restoring; what was written so far is removed.</param>
    /// <exception cref="StoreDamagedException">The backup is damaged.</exception>
    public static StoreReport Restore(string backup, string target, byte[]? encryptionKey = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
