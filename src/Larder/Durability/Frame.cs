using System.Buffers.Binary;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>What a record is.</summary>
internal enum FrameKind : byte
{
    /// <summary>The changes of one commit.</summary>
    Commit = 1,

    /// <summary>The owner closed the store; nothing but <see cref="End"/> follows.</summary>
    Close = 2,

    /// <summary>The segment is complete, and the next one exists.</summary>
    End = 3,

    /// <summary>What time it was when the following commits were written.</summary>
    Time = 4,

    /// <summary>First in every encrypted file, without content: who cannot decrypt it has the wrong key.</summary>
    KeyCheck = 5,

    /// <summary>First in a checkpoint: its point in time and where the log goes on.</summary>
    ImageBegin = 16,

    /// <summary>Entries of a checkpoint.</summary>
    Image = 17,

    /// <summary>Last in a checkpoint: how many entries, and the checksum of all checksums.</summary>
    ImageEnd = 18,
}

/// <summary>
/// The form of a record in a file. Little-endian: 0 payload length (4) · 4 CRC-32C (4) · 8 sequence (8) · 16 kind (1) · 17 flags (1) ·
/// 18 reserved (2) · 20 durable hint (4) · 24 payload · zeros up to a multiple of 8. The checksum covers the salt of the file, the
/// length, and everything from the sequence to the end of the payload.
/// </summary>
internal static class Frame
{
    internal const int HeaderSize = 24;

    /// <summary>What encryption adds at the end of a payload.</summary>
    internal const int TagSize = 16;

    /// <summary>The longest payload. Well below what one array holds, and above the largest value and key together.</summary>
    internal const int MostPayload = 0x6000_0000;

    /// <summary>Bytes that a record with this payload takes in the file.</summary>
    internal static int SizeOf(int payload) => (HeaderSize + payload + 7) & ~7;

    /// <summary>Writes what is known of a record before it is stamped.</summary>
    internal static void Begin(Span<byte> frame, FrameKind kind, long sequence, int payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], 0);
        frame[16] = (byte)kind;
        frame[(HeaderSize + payload)..SizeOf(payload)].Clear();
    }

    internal static int PayloadOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32LittleEndian(frame);

    internal static long SequenceOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt64LittleEndian(frame[8..]);

    internal static FrameKind KindOf(ReadOnlySpan<byte> frame) => (FrameKind)frame[16];

    /// <summary>The last commit that was known to be on stable storage when this record was written.</summary>
    internal static long DurableOf(ReadOnlySpan<byte> frame)
    {
        uint hint = BinaryPrimitives.ReadUInt32LittleEndian(frame[20..]);
        return hint == uint.MaxValue ? 0 : SequenceOf(frame) - hint;
    }

    /// <summary>Makes a record final: says what is durable, encrypts, and adds the checksum, which is returned.</summary>
    internal static uint Stamp(Span<byte> frame, ulong salt, long durable, FileCipher? cipher)
    {
        int payload = PayloadOf(frame);
        frame = frame[..(HeaderSize + payload)];
        long behind = SequenceOf(frame) - durable;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], behind is >= 0 and < uint.MaxValue ? (uint)behind : uint.MaxValue);
        cipher?.Encrypt(frame);
        uint crc = Checksum(frame, salt);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], crc);
        return crc;
    }

    /// <summary>Whether the checksum of a whole record, without its padding, matches.</summary>
    internal static bool IsIntact(ReadOnlySpan<byte> frame, ulong salt) => ChecksumOf(frame) == Checksum(frame, salt);

    internal static uint ChecksumOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);

    private static uint Checksum(ReadOnlySpan<byte> frame, ulong salt)
    {
        Span<byte> start = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(start, salt);
        frame[..4].CopyTo(start[8..]);
        return ~Crc32C.Add(Crc32C.Add(uint.MaxValue, start), frame[8..]);
    }
}
