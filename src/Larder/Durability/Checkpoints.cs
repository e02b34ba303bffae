using Larder.Changes;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// Makes checkpoints, one at a time, while writers go on; and removes what they have made superfluous. The one before stays, with the log behind it, in
/// case the newest cannot be read one day.
/// </summary>
internal sealed class Checkpoints(IFiles files, IFile lockFile, Guid storeId, byte[]? key, ChangeLog? log, Func<IChangeImage> open, Recovered found) : IDisposable
{
    private const int MostSegments = 64;

    private readonly SemaphoreSlim _one = new(1);
    private bool _isClosed;
    private long _number = new DirectoryListing(files).Checkpoints.LastOrDefault();
    private Generation _newest = new(found.Checkpoint, found.FirstSegment);
    private long _bytes = found.CheckpointBytes;
    private long _logBytesAt = -found.LogBytes;   // the log counts from its opening
    private long _sequence = found.Last;
    private long _notBefore;                      // how far the log must have grown after one failed

    /// <summary>The last commit that the newest checkpoint holds, or that was there when the store was opened.</summary>
    internal long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Whether one is being made.</summary>
    internal bool IsBusy => _one.CurrentCount == 0;

    /// <summary>
    /// Whether the log has grown so long that a checkpoint pays: to a least length, and to what a checkpoint would hold. So opening never reads more than
    /// about twice what there is, and a store that is only filled makes none. Also when there are many segments, as openings leave them that wrote little.
    /// </summary>
    internal bool IsDue(long afterBytes, long heldBytes) =>
        log is not null && log.Bytes >= Volatile.Read(ref _notBefore) && (log.SegmentNumber - _newest.FirstSegment >= MostSegments || log.Bytes - Volatile.Read(ref _logBytesAt) >= Math.Max(afterBytes, Math.Max(heldBytes, Volatile.Read(ref _bytes))));

    /// <summary>None is due before the log has grown by so much: what failed would fail again, after sealing a segment and filling the disk.</summary>
    internal void Postpone(long bytes) => Volatile.Write(ref _notBefore, (log?.Bytes ?? 0) + bytes);

    /// <summary>Makes a checkpoint.</summary>
    /// <param name="isBase">Whether writers wait for it: then it holds what was recovered, and names the segment that was begun for them.</param>
    /// <param name="erases">Whether nothing of the time before may stay.</param>
    /// <param name="cancellationToken">Ends the making; nothing of it is left.</param>
    internal void Make(bool isBase = false, bool erases = false, CancellationToken cancellationToken = default)
    {
        _one.Wait(cancellationToken);
        try
        {
            if (_isClosed)
            {
                throw Closed.Error();
            }

            MakeOne(isBase, erases, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Waits for the one that is being made. Who waits for his turn, or comes later, is told that the store is closed.</summary>
    public void Dispose()
    {
        Uninterrupted.Run(_one.Wait);
        _isClosed = true;
        _one.Release();   // and never disposed of: others may be waiting for it
    }

    private void MakeOne(bool isBase, bool erases, CancellationToken cancellationToken)
    {
        long segment = log is null ? 0 : isBase ? log.SegmentNumber : log.Rotate();
        long logBytes = log?.Bytes ?? 0;
        using IChangeImage image = open();
        if (!isBase)
        {
            log?.WaitForFlush(image.Sequence);   // a checkpoint never runs ahead of the log
        }

        var header = new FileHeader
        {
            Kind = FileKind.Checkpoint,
            StoreId = storeId,
            Number = ++_number,
            FirstSequence = image.Sequence,
            Salt = FileHeader.NewSalt(),
            Created = image.Now,
            IsEncrypted = key is not null,
        };
        _bytes = CheckpointWriter.Write(files, image, header, key, segment, cancellationToken);
        Volatile.Write(ref _logBytesAt, logBytes);
        Volatile.Write(ref _sequence, image.Sequence);
        Generation before = _newest;
        _newest = new Generation(header.Number, segment);
        Note(image.Sequence);
        try
        {
            Retire(before, erases);
        }
        catch (Exception error) when (!erases && error is IOException or UnauthorizedAccessException)
        {
            // They take space and do no harm; the next checkpoint tries again.
        }
    }

    /// <summary>Says in the lock file what there is. Only a precaution: where it cannot be written the store does without.</summary>
    /// <param name="last">A commit that is on stable storage.</param>
    internal void Note(long last)
    {
        OwnerNote? before = OwnerNote.Read(lockFile);
        bool isOurs = before?.StoreId == storeId;
        try
        {
            new OwnerNote(storeId, _newest.Number, Math.Max(last, isOurs ? before!.Value.Last : 0)).WriteTo(lockFile);
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Removes what neither the newest checkpoint nor the one before needs.</summary>
    private void Retire(Generation before, bool erases)
    {
        // A log stops where checkpoints alone begin: what was before must not be taken for all there is.
        bool keepsBefore = !erases && (log is not null || before.FirstSegment == 0);
        var listing = new DirectoryListing(files);
        long segments = log is null ? long.MaxValue : keepsBefore && before.FirstSegment != 0 ? before.FirstSegment : _newest.FirstSegment;
        foreach (long number in listing.Checkpoints.Where(number => number < _newest.Number && !(keepsBefore && number == before.Number)))
        {
            files.Delete(FileName.Of(FileKind.Checkpoint, number));
        }

        foreach (long number in listing.Segments.Where(number => number < segments))
        {
            files.Delete(FileName.Of(FileKind.Segment, number));
        }

        foreach (string name in erases ? listing.Torn : [])
        {
            files.Delete(name);
        }

        if (erases || !keepsBefore)
        {
            files.SyncDirectory();
        }
    }

    private readonly record struct Generation(long Number, long FirstSegment);
}
