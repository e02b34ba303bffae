using System.Buffers.Binary;

namespace Larder.Durability;

/// <summary>
/// Records on their way to the file, one behind the other. In front of them there is room for a record of the time, which is only known to be needed when
/// they are written.
/// </summary>
internal sealed class AppendBuffer(Func<int, byte[]> newBuffer, int capacity)
{
    /// <summary>Room for a record of the time, encrypted or not.</summary>
    internal const int Margin = Frame.HeaderSize + TimePayload + Frame.TagSize;

    private const int TimePayload = sizeof(long);

    private byte[] _bytes = newBuffer(capacity + Margin);

    /// <summary>Bytes of records.</summary>
    internal int Length { get; private set; }

    /// <summary>Bytes of records that fit without another allocation.</summary>
    internal int Capacity => _bytes.Length - Margin;

    /// <summary>Makes room for this many bytes in all.</summary>
    internal void Reserve(long bytes)
    {
        if (bytes > Capacity)
        {
            byte[] larger = newBuffer((int)Math.Min(Math.Max(bytes, 2L * Capacity) + Margin, Array.MaxLength));
            _bytes.AsSpan(0, Margin + Length).CopyTo(larger);
            _bytes = larger;
        }
    }

    /// <summary>The place of the next record of this size, which counts as written.</summary>
    internal Span<byte> Take(int size)
    {
        Reserve((long)Length + size);
        Span<byte> place = _bytes.AsSpan(Margin + Length, size);
        Length += size;
        return place;
    }

    /// <summary>
    /// Makes the records final, a record of the time before them if asked, and returns the bytes to write.
    /// </summary>
    internal ReadOnlySpan<byte> Stamp(ulong salt, long durable, FileCipher? cipher, long? time)
    {
        int start = Margin;
        if (time is { } ticks && Length > 0)
        {
            int payload = TimePayload + (cipher is null ? 0 : Frame.TagSize);
            start -= Frame.SizeOf(payload);
            Span<byte> frame = _bytes.AsSpan(start, Frame.SizeOf(payload));
            Frame.Begin(frame, FrameKind.Time, Frame.SequenceOf(_bytes.AsSpan(Margin)), payload);
            BinaryPrimitives.WriteInt64LittleEndian(frame[Frame.HeaderSize..], ticks);
        }

        Span<byte> all = _bytes.AsSpan(start, Margin + Length - start);
        for (Span<byte> rest = all; !rest.IsEmpty;)
        {
            int size = Frame.SizeOf(Frame.PayloadOf(rest));
            Frame.Stamp(rest, salt, durable, cipher);
            rest = rest[size..];
        }

        return all;
    }

    /// <summary>Forgets the records, and memory that only an unusually large one needed.</summary>
    internal void Clear(int usual)
    {
        Length = 0;
        if (Capacity > 2L * usual)
        {
            _bytes = newBuffer(usual + Margin);
        }
    }
}
