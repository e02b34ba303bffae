namespace Larder.Durability;

/// <summary>Copies a backup, byte by byte, and verifies the copy before it gets the name by which a store finds it.</summary>
internal static class BackupCopy
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Copies the checkpoint that a backup is into an empty directory. When this fails, nothing of it is left but perhaps an unfinished file.</summary>
    /// <exception cref="StoreDamagedException">The backup is damaged.</exception>
    /// <exception cref="StoreKeyException">The key does not fit.</exception>
    /// <exception cref="IOException">It is no backup.</exception>
    internal static void Make(IFiles backup, IFiles target, byte[]? key, ReadingProgress progress)
    {
        var how = new Reading { Key = key, MayBeBlind = key is null, Step = progress.Read };
        var listing = new DirectoryListing(backup);
        if (listing.Segments.Count > 0)
        {
            throw new IOException($"'{backup.Path}' is no backup but a store with a log: it can be opened as it is, or be copied as a whole.");
        }

        if (listing.Checkpoints.Count == 0)
        {
            throw new StoreDamagedException(backup.Path, 0, 1, "there is no checkpoint here, which is all that a backup is");
        }

        long number = listing.Checkpoints[^1];
        string name = FileName.Of(FileKind.Checkpoint, number);
        using IFile from = backup.Open(name);
        progress.Expect(4 * from.Length);   // copied, verified, and then looked at like any store
        using (FrameReader _ = Open(backup, number, how, name))
        {
            // The key fits: worth the copying.
        }

        string temporary = FileName.TemporaryOf(FileKind.Checkpoint, number);
        Copy(from, target, temporary, progress);
        try
        {
            Verify(target, number, how, temporary, OwnerNote.Of(backup));
        }
        catch (StoreDamagedException)
        {
            Verify(backup, number, how, name, OwnerNote.Of(backup));   // whose fault is it?
            throw;
        }

        target.Rename(temporary, name);
        target.SyncDirectory();
    }

    private static void Copy(IFile from, IFiles target, string name, ReadingProgress progress)
    {
        using IFile to = target.Create(name);
        var bytes = new byte[BufferBytes];
        long at = 0;
        for (int read; (read = from.Read(bytes, at)) > 0; at += read)
        {
            to.Write(bytes.AsSpan(0, read), at);
            progress.Read(read);
        }

        to.Sync();
    }

    private static void Verify(IFiles files, long number, Reading how, string name, OwnerNote? note)
    {
        using FrameReader reader = Open(files, number, how, name);
        var checkpoint = new CheckpointReader(reader, how);
        checkpoint.Read(target: null);
        var found = new Recovered { StoreId = reader.Header.StoreId };
        found.Take(number, reader, checkpoint);
        if (found.FirstSegment != 0)
        {
            throw new StoreDamagedException(reader.Path, FileHeader.Size, found.Last + 1, "the log that goes on behind the checkpoint is missing");
        }

        note?.Check(files.Path, found);
    }

    private static FrameReader Open(IFiles files, long number, Reading how, string name) =>
        FrameReader.Open(files, FileKind.Checkpoint, number, how, out string problem, name)
            ?? throw new StoreDamagedException(Path.Combine(files.Path, name), 0, 1, problem);
}
