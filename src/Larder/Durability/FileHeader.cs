using System.Buffers.Binary;
using System.Security.Cryptography;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>The first 64 bytes of every file of a store. Little-endian.</summary>
/// <remarks>
/// 0 magic (4) · 4 format version (2) · 6 oldest reader that understands it (2) · 8 flags (4) · 12 store id (16) · 28 file number (8) ·
/// 36 first sequence (8) · 44 salt (8) · 52 created, UTC ticks (8) · 60 CRC-32C of all before (4).
/// </remarks>
internal sealed record FileHeader
{
    internal const int Size = 64;
    internal const ushort FormatVersion = 1;

    /// <summary>In what is said of a file that is too new.</summary>
    internal const string Newer = "written by a newer Larder";

    private const uint SegmentMagic = 0x5744524c;       // "LRDW"
    private const uint CheckpointMagic = 0x5344524c;    // "LRDS"
    private const uint EncryptedFlag = 1;

    internal required FileKind Kind { get; init; }

    /// <summary>All files of a store carry the same.</summary>
    internal required Guid StoreId { get; init; }

    /// <summary>The number in the file's name.</summary>
    internal required long Number { get; init; }

    /// <summary>Of a segment, the sequence of the first commit in it; of a checkpoint, the point in time it holds.</summary>
    internal required long FirstSequence { get; init; }

    /// <summary>Random. Part of every checksum, so that no record of another file validates; and of the file's encryption key.</summary>
    internal required ulong Salt { get; init; }

    /// <summary>The store's clock when the file was begun, UTC ticks.</summary>
    internal required long Created { get; init; }

    internal required bool IsEncrypted { get; init; }

    /// <summary>Whether it was damaged, and is only what it may have been.</summary>
    internal bool IsGuess { get; init; }

    internal static ulong NewSalt()
    {
        Span<byte> salt = stackalloc byte[8];
        RandomNumberGenerator.Fill(salt);
        return BinaryPrimitives.ReadUInt64LittleEndian(salt);
    }

    internal void WriteTo(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Kind == FileKind.Segment ? SegmentMagic : CheckpointMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], IsEncrypted ? EncryptedFlag : 0);
        StoreId.TryWriteBytes(bytes[12..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[28..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[36..], FirstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[44..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[52..], Created);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[60..], Crc32C.Of(bytes[..60]));
    }

    /// <summary>
    /// What is left of a damaged header, completed by what is known otherwise. Whether the salt is right is seen by the checksums of the records; the first sequence and
    /// the time are not to be relied on.
    /// </summary>
    internal static FileHeader Guess(ReadOnlySpan<byte> bytes, FileKind kind, long number, FileHeader? sibling, bool isEncrypted) => new()
    {
        Kind = kind,
        StoreId = sibling?.StoreId ?? new Guid(bytes.Slice(12, 16)),
        Number = number,
        FirstSequence = 0,
        Salt = BinaryPrimitives.ReadUInt64LittleEndian(bytes[44..]),
        Created = 0,
        IsEncrypted = sibling?.IsEncrypted ?? isEncrypted,
        IsGuess = true,
    };

    /// <summary>Null, and what is wrong, when these bytes are no header of a file of this kind and number.</summary>
    internal static FileHeader? Read(ReadOnlySpan<byte> bytes, FileKind kind, long number, out string problem)
    {
        problem = "";
        if (bytes.Length < Size)
        {
            problem = $"the file has {bytes.Length} bytes, which is less than a header";
            return null;
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (magic != (kind == FileKind.Segment ? SegmentMagic : CheckpointMagic))
        {
            problem = $"it does not begin like a {kind.ToString().ToLowerInvariant()} of a store";
            return null;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Crc32C.Of(bytes[..60]))
        {
            problem = "the checksum of the header does not match";
            return null;
        }

        int oldestReader = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (oldestReader > FormatVersion)
        {
            problem = $"it was {Newer}: format {BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..])} needs a reader for {oldestReader}, this one reads {FormatVersion}";
            return null;
        }

        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        long written = BinaryPrimitives.ReadInt64LittleEndian(bytes[28..]);
        if (flags > EncryptedFlag)
        {
            problem = $"the flags {flags:x} are not known";
            return null;
        }

        if (written != number)
        {
            problem = $"by its name it is number {number}, by its header number {written}";
            return null;
        }

        return new FileHeader
        {
            Kind = kind,
            StoreId = new Guid(bytes.Slice(12, 16)),
            Number = number,
            FirstSequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[36..]),
            Salt = BinaryPrimitives.ReadUInt64LittleEndian(bytes[44..]),
            Created = BinaryPrimitives.ReadInt64LittleEndian(bytes[52..]),
            IsEncrypted = flags != 0,
        };
    }
}
