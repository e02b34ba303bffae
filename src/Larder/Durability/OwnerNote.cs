using System.Buffers.Binary;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// What the lock file says besides who holds it: which store is in the directory, its newest checkpoint, and a commit that was on stable storage when this was
/// written, which is done when the store is closed and with each checkpoint. Nothing is built on it; but when what it speaks of is gone, the store
/// must not begin anew, or go on shorter, in silence.
/// </summary>
internal readonly record struct OwnerNote(Guid StoreId, long Checkpoint, long Last)
{
    private const int At = 64;
    private const int Size = 40;
    private const uint Magic = 0x4e44524c;   // "LRDN"

    internal static OwnerNote? Read(IFile lockFile)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return lockFile.Read(bytes, At) == Size
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]) == Crc32C.Of(bytes[..36])
                ? new OwnerNote(new Guid(bytes.Slice(4, 16)), BinaryPrimitives.ReadInt64LittleEndian(bytes[20..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[28..]))
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

    /// <summary>
    /// For those who read without owning: what was found must be a store, and no less of it than was noted. The note is read first, so that an owner's writing meanwhile does no harm.
    /// </summary>
    /// <exception cref="StoreDamagedException">It was more once.</exception>
    /// <exception cref="IOException">There is no store.</exception>
    internal static Recovered Expect(IFiles files, Func<Recovered> read)
    {
        OwnerNote? note = Of(files);
        Recovered found = read();
        note?.Check(files.Path, found);
        return found.StoreId is null ? throw new IOException($"'{files.Path}' holds no store.") : found;
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

        if (found.StoreId == StoreId && found.Last < Last)
        {
            throw Shortage(path, found);
        }
    }

    /// <summary>What to say when there is less than what was noted.</summary>
    internal StoreDamagedException Shortage(string path, Recovered found)
    {
        string file = found.LastSegment is { } segment ? Path.Combine(path, FileName.Of(FileKind.Segment, segment.Number)) : path;
        return new StoreDamagedException(file, found.End, found.Last + 1, $"the log ends with commit {found.Last}, but commit {Last} was on stable storage", Last);
    }

    internal void WriteTo(IFile lockFile)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        StoreId.TryWriteBytes(bytes[4..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[20..], Checkpoint);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[28..], Last);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], Crc32C.Of(bytes[..36]));
        lockFile.Write(bytes, At);
    }
}
