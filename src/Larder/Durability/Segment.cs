using System.Buffers.Binary;

namespace Larder.Durability;

/// <summary>
/// The file that the log is being written to. Used by whoever leads the log, one at a time; only <see cref="Allocate"/> may come at the same time.
/// </summary>
internal sealed class Segment : IDisposable
{
    private readonly IFile _file;
    private readonly FileCipher? _cipher;
    private long _lastTime;
    private long _records;

    private Segment(IFile file, FileHeader header, FileCipher? cipher)
    {
        _file = file;
        Header = header;
        _cipher = cipher;
    }

    internal FileHeader Header { get; }

    /// <summary>Where the next record goes.</summary>
    internal long Position { get; private set; }

    /// <summary>How far space is certain. Guarded by the gate of the log.</summary>
    internal long Allocated { get; set; }

    /// <summary>Whether no commit was written to it.</summary>
    internal bool IsEmpty => _records == 0;

    /// <summary>
    /// Begins a segment with space for records: as much as is needed at least, as much as is wanted if there is. It counts for nothing until
    /// <see cref="Settle"/>, and has another name until then: its length may reach the disk before its header. Nothing stays behind when this fails.
    /// </summary>
    internal static Segment Create(IFiles files, FileHeader header, byte[]? key, long needed, long wanted)
    {
        string name = FileName.TemporaryOf(FileKind.Segment, header.Number);
        IFile file = files.Create(name);
        var segment = new Segment(file, header, key is null ? null : new FileCipher(key, header));
        try
        {
            segment.Begin(needed, Math.Max(needed, wanted));
            return segment;
        }
        catch
        {
            segment.Abandon(files);
            throw;
        }
    }

    /// <summary>Takes back a segment that was never settled.</summary>
    internal void Abandon(IFiles files)
    {
        Dispose();
        files.Delete(FileName.TemporaryOf(FileKind.Segment, Header.Number));
    }

    /// <summary>Makes the new segment exist durably, and empty. A failure is final.</summary>
    internal void Settle(IFiles files)
    {
        _file.Sync();
        files.Rename(FileName.TemporaryOf(FileKind.Segment, Header.Number), FileName.Of(FileKind.Segment, Header.Number));
        files.SyncDirectory();
    }

    /// <summary>Makes sure of space, as much as there is down to what is needed, and returns how far it reaches now.</summary>
    /// <exception cref="DiskFullException">There is less than what is needed.</exception>
    internal long Allocate(long needed, long wanted)
    {
        while (true)
        {
            try
            {
                _file.Allocate(wanted);
                return wanted;
            }
            catch (DiskFullException) when (wanted > needed)
            {
                wanted = needed + ((wanted - needed) / 2);
            }
        }
    }

    /// <summary>Writes records, and before them the time, unless that was said within the last millisecond.</summary>
    internal void Write(AppendBuffer buffer, long durable, long now)
    {
        bool saysTime = now - _lastTime >= TimeSpan.TicksPerMillisecond;
        ReadOnlySpan<byte> bytes = buffer.Stamp(Header.Salt, durable, _cipher, saysTime ? now : null);
        if (bytes.IsEmpty)
        {
            return;
        }

        _file.Write(bytes, Position);
        Position += bytes.Length;
        _lastTime = saysTime ? now : _lastTime;
        _records++;
    }

    /// <summary>Says that the owner closed the store.</summary>
    internal void WriteClose(long last, long durable, long now) => WriteOwn(FrameKind.Close, last, durable, now);

    /// <summary>Says that the segment is complete and which one follows.</summary>
    internal void WriteEnd(long last, long durable, long next) => WriteOwn(FrameKind.End, last, durable, next);

    internal void Sync() => _file.Sync();

    /// <summary>Gives back what was allocated ahead.</summary>
    internal void Trim() => _file.Truncate(Position);

    public void Dispose()
    {
        _file.Dispose();
        _cipher?.Dispose();
    }

    /// <summary>
    /// Goes on with a segment that was closed, in order to seal it. The record that says so is written once more: what the close could not flush is
    /// read back from the memory of the machine, but would not reach the disk with the end.
    /// </summary>
    internal static Segment Reopen(IFiles files, FileHeader header, byte[]? key, long closedAt, long end)
    {
        IFile file = files.Open(FileName.Of(FileKind.Segment, header.Number), writes: true);
        try
        {
            Span<byte> close = stackalloc byte[(int)(end - closedAt)];
            for (int length = 0; length < close.Length;)
            {
                int read = file.Read(close[length..], closedAt + length);
                length += read > 0 ? read : throw new IOException($"'{FileName.Of(FileKind.Segment, header.Number)}' has become shorter.");
            }

            file.Write(close, closedAt);
            return new Segment(file, header, key is null ? null : new FileCipher(key, header)) { Position = end };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Begin(long neededBytes, long wantedBytes)
    {
        Span<byte> start = stackalloc byte[FileHeader.Size + 48];
        Header.WriteTo(start);
        Position = FileHeader.Size;
        if (_cipher is not null)
        {
            Span<byte> check = start[FileHeader.Size..];
            Frame.Begin(check, FrameKind.KeyCheck, 0, Frame.TagSize);
            Frame.Stamp(check, Header.Salt, 0, _cipher);
            Position += Frame.SizeOf(Frame.TagSize);
        }

        Allocated = Allocate(Position + neededBytes, Position + wantedBytes);
        _file.Write(start[..(int)Position], 0);
    }

    private void WriteOwn(FrameKind kind, long last, long durable, long number)
    {
        int payload = sizeof(long) + (_cipher is null ? 0 : Frame.TagSize);
        Span<byte> frame = stackalloc byte[Frame.HeaderSize + sizeof(long) + Frame.TagSize];
        frame = frame[..Frame.SizeOf(payload)];
        Frame.Begin(frame, kind, last, payload);
        BinaryPrimitives.WriteInt64LittleEndian(frame[Frame.HeaderSize..], number);
        Frame.Stamp(frame, Header.Salt, durable, _cipher);
        _file.Write(frame, Position);
        Position += frame.Length;
    }
}
