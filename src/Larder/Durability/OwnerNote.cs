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

    /// <summary>What the lock file of a directory says, if there is one.</summary>
    internal static OwnerNote? Of(IFiles files)
    {
        if (!files.List().Contains(FileName.Lock))
        {
            return null;
        }

        using IFile lockFile = files.Open(FileName.Lock);
        return Read(lockFile);
    }

    /// <summary>For those who read without owning: what was found must be a store, and the newest state of it.</summary>
    /// <exception cref="StoreDamagedException">It was more once.</exception>
    /// <exception cref="IOException">There is no store.</exception>
    internal static void ExpectStore(IFiles files, Recovered found)
    {
        Of(files)?.Check(files.Path, found);
        if (found.StoreId is null)
        {
            throw new IOException($"'{files.Path}' holds no store.");
        }
    }

    /// <summary>A store whose files are all gone, or whose newest checkpoint is and left no log, must not begin anew.</summary>
    /// <exception cref="StoreDamagedException">They are.</exception>
    internal void Check(string path, Recovered found)
    {
        if (found.StoreId is null)
        {
            throw new StoreDamagedException(path, 0, 1, $"the store {StoreId} was here, but all its files are missing");
        }

        if (found.StoreId == StoreId && found.FirstSegment == 0 && found.Checkpoint < Checkpoint)
        {
            throw new StoreDamagedException(Path.Combine(path, FileName.Of(FileKind.Checkpoint, Checkpoint)), 0, found.Last + 1, "the checkpoint is missing");
        }
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
