namespace Larder.Durability;

/// <summary>
/// Hands out every change that the files of a store hold, one by one and with little memory: the newest checkpoint, and the log behind it, which an owner may
/// be writing.
/// </summary>
internal sealed class ChangeReader : IDisposable
{
    private readonly IFiles _files;
    private readonly Reading _how;
    private Recovered _found = new();
    private IEnumerator<SegmentReader>? _segments;
    private SegmentReader? _segment;

    internal ChangeReader(IFiles files, byte[]? key)
    {
        _files = files;
        _how = new Reading { Key = key };
    }

    /// <summary>The changes; they keep nothing of the memory they are read in.</summary>
    /// <exception cref="StoreDamagedException">There is damage here.</exception>
    /// <exception cref="StoreKeyException">The key does not fit.</exception>
    internal IEnumerable<Change> Changes()
    {
        Beside.Read(Look);
        (long number, FrameReader? image) = Beside.Read(OpenCheckpoint);
        using (image)
        {
            if (image is not null)
            {
                var checkpoint = new CheckpointReader(image, _how);
                while (checkpoint.Next(out Change change))
                {
                    yield return EntryOf(change);
                }

                _found.Take(number, image, checkpoint);
            }
        }

        while (NextCommit())
        {
            ReadOnlyMemory<byte> rest = _segment!.Changes;
            while (!rest.IsEmpty)
            {
                yield return _segment.Read(ref rest).Copy();
            }
        }
    }

    public void Dispose() => _segments?.Dispose();

    /// <summary>Makes sure that there is a store, and nothing else among its files.</summary>
    private Guid? Look()
    {
        var listing = new DirectoryListing(_files);
        return listing.IsEmpty
            ? OwnerNote.Expect(_files, static () => new Recovered()).StoreId
            : Recovery.StoreIdOf(_files, listing);
    }

    /// <summary>Of an entry the commit that made it is told, rather than the one at which the checkpoint was.</summary>
    private static Change EntryOf(in Change change) =>
        new(change.Kind, change.Version, change.Utf8Key.ToArray(), change.Value.ToArray(), change.Version, change.Deadline, change.ValueKind, change.Marks);

    private (long Number, FrameReader? Image) OpenCheckpoint()
    {
        long number = new DirectoryListing(_files).Checkpoints.LastOrDefault();
        if (number == 0)
        {
            return (0, null);
        }

        return FrameReader.Open(_files, FileKind.Checkpoint, number, _how, out string problem) is { } image
            ? (number, image)
            : throw new StoreDamagedException(Path.Combine(_files.Path, FileName.Of(FileKind.Checkpoint, number)), 0, 1, problem);
    }

    /// <summary>Moves to the next commit. When that fails it may be because of the owner: then the log is read anew from the segment that was being read.</summary>
    private bool NextCommit()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                _segments ??= new LogReader(_files, new DirectoryListing(_files), _how, _found).Segments().GetEnumerator();
                while (_segment?.Next() != true)
                {
                    if (!_segments.MoveNext())
                    {
                        return false;
                    }

                    _segment = _segments.Current;
                }

                return true;
            }
            catch (Exception error) when (Beside.MayPass(error, attempt))
            {
                Beside.Pause(attempt);
                _found = new Recovered
                {
                    Checkpoint = _found.Checkpoint,
                    FirstSegment = _segment?.Header.Number ?? _found.FirstSegment,
                    Last = Math.Max(_found.Last, _segment?.Last ?? 0),
                };
                _segments?.Dispose();
                (_segments, _segment) = (null, null);
            }
        }
    }
}
