using System.Buffers.Binary;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// What the lock file says besides who holds it: which store is in the directory, and its newest checkpoint. Nothing is built on it; but when all that it
/// speaks of is gone, the store must not begin anew in silence.
/// </summary>
internal readonly record struct OwnerNote(Guid StoreId, long Checkpoint)
{
    private const int At = 64;
    private const int Size = 32;
    private const uint Magic = 0x4e44524c;   // "LRDN"

    internal static OwnerNote? Read(IFile lockFile)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return lockFile.Read(bytes, At) == Size
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) == Crc32C.Of(bytes[..28])
                ? new OwnerNote(new Guid(bytes.Slice(4, 16)), BinaryPrimitives.ReadInt64LittleEndian(bytes[20..]))
                : null;
    }

    internal void WriteTo(IFile lockFile)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        StoreId.TryWriteBytes(bytes[4..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[20..], Checkpoint);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], Crc32C.Of(bytes[..28]));
        lockFile.Write(bytes, At);
    }
}
