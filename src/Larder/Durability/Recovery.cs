using System.Buffers.Binary;
using Larder.Changes;

namespace Larder.Durability;

/// <summary>
/// Rebuilds a store from its files: the newest checkpoint, and the log from there on. Reads only.
/// </summary>
/// <remarks>
/// <para>What it finds is the state after some commit, with everything acknowledged in it, or it refuses. A crash leaves the end of the log torn: bytes that were
/// handed over but not flushed may be there or not. Damage is something else, and is told from it by what the log itself says:</para>
/// <para>A segment is followed by another only when its last record says so, and that was written after the next one existed. So a segment that ends
/// without such a record must be the last, or be followed by one that holds nothing; and one that ends with it has a successor.</para>
/// <para>Every record says which commit was on stable storage when it was written. So what is broken may be a torn tail only
/// if no whole record behind it says that it was durable.</para>
/// </remarks>
internal sealed class Recovery
{
    private readonly IFiles _files;
    private readonly byte[]? _key;
    private readonly IChangeTarget _target;
    private readonly Action _step;
    private readonly DirectoryListing _listing;
    private Recovered _found = new();

    private Recovery(IFiles files, byte[]? key, IChangeTarget target, Action step)
    {
        _files = files;
        _key = key;
        _target = target;
        _step = step;
        _listing = new DirectoryListing(files);
    }

    /// <summary>Reads the files and hands what they hold to a target.</summary>
    /// <param name="files">The directory.</param>
    /// <param name="key">The key of an encrypted store.</param>
    /// <param name="target">Takes the changes; <see cref="IChangeTarget.End"/> is left to the caller.</param>
    /// <param name="step">Called now and then; may throw to end the reading.</param>
    /// <exception cref="StoreDamagedException">The files are damaged or incomplete.</exception>
    /// <exception cref="StoreKeyException">The key does not fit.</exception>
    internal static Recovered Run(IFiles files, byte[]? key, IChangeTarget target, Action? step = null) =>
        new Recovery(files, key, target, step ?? (static () => { })).Run();

    private Recovered Run()
    {
        CheckHeaders();
        Guid? storeId = _found.StoreId;
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

    /// <summary>Every file must be one of this store and of a format that can be read, whether it is needed or not.</summary>
    private void CheckHeaders()
    {
        foreach (FileKind kind in (FileKind[])[FileKind.Segment, FileKind.Checkpoint])
        {
            List<long> numbers = kind == FileKind.Segment ? _listing.Segments : _listing.Checkpoints;
            foreach (long number in numbers)
            {
                using IFile file = _files.Open(FileName.Of(kind, number));
                FileHeader? header = FrameReader.ReadHeader(file, kind, number, out string problem);
                if (header is null)
                {
                    // The last segment may have been in the making. What else is broken matters when it is read.
                    if (problem.Contains("newer Larder", StringComparison.Ordinal))
                    {
                        throw Damage(kind, number, 0, problem);
                    }

                    continue;
                }

                _found.StoreId ??= header.StoreId;
                if (_found.StoreId != header.StoreId)
                {
                    throw Damage(kind, number, 12, $"the file belongs to another store, {header.StoreId}, the others to {_found.StoreId}");
                }
            }
        }
    }

    private void ReadCheckpoint(long number)
    {
        using FrameReader reader = FrameReader.Open(_files, FileKind.Checkpoint, number, _key, out string problem)
            ?? throw Damage(FileKind.Checkpoint, number, 0, problem);
        var checkpoint = new CheckpointReader(reader);
        checkpoint.Read(_target, _step);
        _found.Checkpoint = number;
        _found.CheckpointBytes = reader.Length;
        _found.Last = checkpoint.Sequence;
        _found.Time = checkpoint.Time;
        _found.FirstSegment = checkpoint.NextSegment;
        _found.IsClosed = checkpoint.NextSegment == 0;
    }

    private void ReadLog()
    {
        long expected = _found.FirstSegment;
        if (expected == 0)
        {
            ExpectNoLog();
            return;
        }

        List<long> segments = [.. _listing.Segments.Where(number => number >= expected)];
        if (segments.Count == 0 && _listing.IsEmpty)
        {
            return;   // a store that is only beginning
        }

        if (segments.Count == 0 || segments[0] != expected)
        {
            throw Missing(expected, segments.Count == 0 ? null : segments[0]);
        }

        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i] != expected + i)
            {
                throw Missing(expected + i, segments[i]);
            }

            if (!ReadSegment(segments[i], isFirst: i == 0))
            {
                ExpectUnbegun(segments, i + 1);
                return;
            }
        }

        throw Missing(expected + segments.Count, null);
    }

    /// <summary>Reads a segment; whether another must follow.</summary>
    private bool ReadSegment(long number, bool isFirst)
    {
        using FrameReader? reader = FrameReader.Open(_files, FileKind.Segment, number, _key, out string problem);
        if (reader is null)
        {
            throw Damage(FileKind.Segment, number, 0, problem);
        }

        long sequence = reader.Header.FirstSequence - 1;
        if (isFirst ? sequence > _found.Last : sequence != _found.Last)
        {
            throw new StoreDamagedException(reader.Path, 0, Math.Min(_found.Last, sequence) + 1, $"the segment begins with commit {sequence + 1}, but the log before it ends with {_found.Last}", sequence);
        }

        _found.LastSegment = reader.Header;
        _found.Time = Math.Max(_found.Time, reader.Header.Created);
        _found.IsClosed = false;
        bool isSealed = false;
        while (!isSealed && reader.Next() == FrameStatus.Intact)
        {
            isSealed = ReadFrame(reader, ref sequence);
            _step();
        }

        _found.LastInSegment = sequence;
        _found.End = reader.Position;
        _found.LogBytes += reader.Position;
        if (isSealed)
        {
            // What was allocated ahead may hold anything until what gives it back has reached the disk, but no records.
            return !reader.Seek(sequence)
                ? true
                : throw new StoreDamagedException(reader.Path, reader.At, sequence + 1, "a record follows the end of the segment");
        }

        _found.TornBytes = reader.EndOfContent() - reader.Position;
        if (_found.TornBytes > 0)
        {
            ExpectTorn(reader, sequence);
        }

        return false;
    }

    /// <summary>Takes one record; whether it ends the segment.</summary>
    private bool ReadFrame(FrameReader reader, ref long sequence)
    {
        ReadOnlySpan<byte> payload = reader.Payload.Span;
        switch (reader.Kind)
        {
            case FrameKind.Commit when reader.Sequence == sequence + 1 && !_found.IsClosed:
                sequence++;
                if (sequence > _found.Last)
                {
                    Apply(reader);
                    _found.Last = sequence;
                }

                return false;
            case FrameKind.Time when payload.Length == sizeof(long):
                _found.Time = Math.Max(_found.Time, BinaryPrimitives.ReadInt64LittleEndian(payload));
                return false;
            case FrameKind.Close when reader.Sequence == sequence && payload.Length == sizeof(long):
                _found.Time = Math.Max(_found.Time, BinaryPrimitives.ReadInt64LittleEndian(payload));
                _found.IsClosed = true;
                _found.ClosedAt = reader.At;
                return false;
            case FrameKind.End when reader.Sequence == sequence && payload.Length == sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(payload) == reader.Header.Number + 1:
                return true;
            default:
                throw new StoreDamagedException(reader.Path, reader.At, sequence + 1, $"a record of kind {(int)reader.Kind} with sequence {reader.Sequence} cannot stand behind commit {sequence}");
        }
    }

    private void Apply(FrameReader reader)
    {
        ReadOnlyMemory<byte> rest = reader.Payload;
        do
        {
            if (!ChangeCodec.TryRead(ref rest, reader.Sequence, out Change change) || change.Version != reader.Sequence)
            {
                throw new StoreDamagedException(reader.Path, reader.At, reader.Sequence, "a change makes no sense");
            }

            _target.Apply(change);
        }
        while (!rest.IsEmpty);
    }

    /// <summary>Whether what follows the last whole record was in flight when the owner stopped.</summary>
    private static void ExpectTorn(FrameReader reader, long last)
    {
        long at = reader.Position;
        while (reader.Seek(last))
        {
            if (reader.Durable > last)
            {
                throw new StoreDamagedException(reader.Path, at, last + 1, $"the record here is broken, although the one at offset {reader.At} says that it was on stable storage", reader.Durable);
            }
        }
    }

    /// <summary>
    /// Behind a segment without an end there may be others that were being begun: they hold nothing. More than one, when an end was seen that had not
    /// reached the disk.
    /// </summary>
    private void ExpectUnbegun(List<long> segments, int index)
    {
        foreach (long number in segments.Skip(index))
        {
            if (!IsBlank(number))
            {
                throw Damage(FileKind.Segment, segments[index - 1], _found.End, $"the segment has no end, although segment {number} follows", _found.Last + 1);
            }

            _found.Unbegun.Add(number);
        }
    }

    /// <summary>A checkpoint that stands alone has no log. One that was being begun holds nothing; older ones are all in the checkpoint.</summary>
    private void ExpectNoLog()
    {
        foreach (long number in _listing.Segments)
        {
            using IFile file = _files.Open(FileName.Of(FileKind.Segment, number));
            FileHeader? header = FrameReader.ReadHeader(file, FileKind.Segment, number, out _);
            if (header is not null && header.FirstSequence <= _found.Last)
            {
                continue;
            }

            if (number != _listing.Segments[^1] || !IsBlank(number))
            {
                throw Damage(FileKind.Segment, number, 0, "the segment belongs behind a checkpoint that is missing", _found.Last + 1);
            }

            _found.Unbegun.Add(number);
        }
    }

    /// <summary>Whether a segment holds nothing but, perhaps, its header and the record that checks the key.</summary>
    private bool IsBlank(long number)
    {
        using IFile file = _files.Open(FileName.Of(FileKind.Segment, number));
        var bytes = new byte[64 * 1024];
        long at = FileHeader.Size;
        bool mayCheckKey = true;
        for (int read; (read = file.Read(bytes, at)) > 0; at += read)
        {
            Span<byte> rest = bytes.AsSpan(0, read);
            if (mayCheckKey && rest.Length > 16 && Frame.KindOf(rest) == FrameKind.KeyCheck)
            {
                rest = rest[Math.Min(Frame.SizeOf(Frame.TagSize), rest.Length)..];
            }

            mayCheckKey = false;
            if (rest.ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }

    private StoreDamagedException Missing(long number, long? next) =>
        Damage(FileKind.Segment, number, 0, next is null ? "the segment is missing" : $"the segment is missing, although segment {next} is there", _found.Last + 1);

    private StoreDamagedException Damage(FileKind kind, long number, long offset, string problem, long first = 1) =>
        new(Path.Combine(_files.Path, FileName.Of(kind, number)), offset, first, problem);
}
