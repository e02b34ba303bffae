using Larder.Changes;

namespace Larder.Durability;

/// <summary>
/// Rebuilds a store from its files: the newest checkpoint, and the log from there on. Reads only.
/// </summary>
/// <remarks>
/// What it finds is the state after some commit, with everything acknowledged in it, or it refuses. A crash leaves the end of the log torn: bytes that were
/// handed over but not flushed may be there or not. Damage is something else, and is told from it by what the log itself says: <see cref="LogReader"/>
/// and <see cref="SegmentReader"/> know how.
/// </remarks>
internal sealed class Recovery
{
    /// <summary>No log was written later. A clock that stood at the very end of the calendar could not go on.</summary>
    private static readonly DateTime _endOfTime = new(9000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly IFiles _files;
    private readonly Reading _how;
    private readonly IChangeTarget _target;
    private readonly DirectoryListing _listing;
    private Recovered _found = new();

    private Recovery(IFiles files, Reading how, IChangeTarget target)
    {
        _files = files;
        _how = how;
        _target = target;
        _listing = new DirectoryListing(files);
    }

    /// <summary>Reads the files and hands what they hold to a target.</summary>
    /// <param name="files">The directory.</param>
    /// <param name="how">How they are read; damage is thrown.</param>
    /// <param name="target">Takes the changes; <see cref="IChangeTarget.End"/> is left to the caller.</param>
    /// <exception cref="StoreDamagedException">The files are damaged or incomplete.</exception>
    /// <exception cref="StoreKeyException">The key does not fit.</exception>
    internal static Recovered Run(IFiles files, Reading how, IChangeTarget target) => new Recovery(files, how, target).Run();

    private Recovered Run()
    {
        Guid? storeId = StoreIdOf(_files, _listing);
        StoreDamagedException? first = null;
        foreach (long number in _listing.Checkpoints.AsEnumerable().Reverse().Append(0))
        {
            _found = new Recovered { StoreId = storeId, Overcome = first };
            _target.Begin();
            try
            {
                if (number != 0)
                {
                    ReadCheckpoint(number);
                    if (first is not null && _found.FirstSegment == 0)
                    {
                        throw first;   // one that stands alone cannot stand in for a newer one
                    }
                }

                if (number != 0 || first is null || _listing.Segments is [1, ..])
                {
                    ReadLog();
                    CheckTime();
                    return _found;
                }
            }
            catch (StoreDamagedException damage)
            {
                // An older checkpoint serves as well, if the log behind it is complete. When nothing serves, the first damage is the one to name.
                first ??= damage;
            }
        }

        throw first!;
    }

    private void CheckTime()
    {
        if ((ulong)_found.Time > (ulong)_endOfTime.Ticks)
        {
            throw new StoreDamagedException(_files.Path, 0, _found.Last, "the time that the files tell is impossible", _found.Last);
        }
    }

    /// <summary>The store that the files belong to; null when that cannot be told. Every file must be of one store and of a format that can be read, whether it is needed or not.</summary>
    /// <exception cref="StoreDamagedException">One is not.</exception>
    internal static Guid? StoreIdOf(IFiles files, DirectoryListing listing)
    {
        Guid? storeId = null;
        foreach ((FileKind kind, long number) in listing.Files)
        {
            FileHeader? header = FrameReader.ReadHeader(files, kind, number, out string problem);
            if (header is null)
            {
                // The last segment may have been in the making. What else is broken matters when it is read.
                if (problem.Contains(FileHeader.Newer, StringComparison.Ordinal))
                {
                    throw Damage(files, kind, number, 0, problem);
                }

                continue;
            }

            storeId ??= header.StoreId;
            if (storeId != header.StoreId)
            {
                throw Damage(files, kind, number, 12, $"the file belongs to another store, {header.StoreId}, the others to {storeId}");
            }
        }

        return storeId;
    }

    private void ReadCheckpoint(long number)
    {
        using FrameReader reader = FrameReader.Open(_files, FileKind.Checkpoint, number, _how, out string problem)
            ?? throw Damage(_files, FileKind.Checkpoint, number, 0, problem);
        var checkpoint = new CheckpointReader(reader, _how);
        checkpoint.Read(_target);
        _found.Take(number, reader, checkpoint);
        if (reader.IsBlind)
        {
            _found.FirstSegment = new LogReader(_files, _listing, _how, _found).FirstBehind(_found.Last);   // it cannot say so itself
        }
    }

    private void ReadLog()
    {
        foreach (SegmentReader segment in new LogReader(_files, _listing, _how, _found).Segments())
        {
            while (segment.Next())
            {
                segment.Apply(_target);
            }
        }
    }

    private static StoreDamagedException Damage(IFiles files, FileKind kind, long number, long offset, string problem) =>
        new(Path.Combine(files.Path, FileName.Of(kind, number)), offset, 1, problem);
}
