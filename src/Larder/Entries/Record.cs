using System.Buffers.Binary;

namespace Larder.Entries;

/// <summary>
/// One version of one key, or the mark that the key was gone from then on (a tombstone): an array that holds the version, the deadline and
/// the kind, and then the value. One object a version is what the collector has to carry; it becomes visible, whole, by one
/// store of its reference, and never changes after that.
/// </summary>
internal readonly struct Record(byte[]? bytes)
{
    /// <summary>Where the value begins. Before it: version (8), deadline (8), kind (1), whether it is a tombstone (1).</summary>
    internal const int ValueAt = 18;

    private const int DeadlineAt = 8;
    private const int KindAt = 16;
    private const int TombstoneAt = 17;

    private readonly byte[]? _bytes = bytes;

    /// <summary>The array: what is said of the value, and the value.</summary>
    internal byte[]? Bytes => _bytes;

    /// <summary>Whether there is no version at all.</summary>
    internal bool IsNone => _bytes is null;

    internal bool IsTombstone => _bytes![TombstoneAt] != 0;

    /// <summary>Whether this is a version, and one with a value.</summary>
    internal bool IsPresent => _bytes is not null && !IsTombstone;

    /// <summary>Of the value.</summary>
    internal int Length => _bytes!.Length - ValueAt;

    internal ReadOnlyMemory<byte> Value => _bytes.AsMemory(ValueAt);

    internal ReadOnlySpan<byte> Span => _bytes.AsSpan(ValueAt);

    internal long Version => BinaryPrimitives.ReadInt64LittleEndian(_bytes);

    internal long ExpiresAt => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(DeadlineAt));

    internal ValueKind Kind => (ValueKind)_bytes![KindAt];

    internal bool Expires => ExpiresAt != Expiry.Never;

    /// <summary>A version over a copy of a value. It belongs to no commit until it is stamped.</summary>
    internal static Record Of(ReadOnlySpan<byte> value, ValueKind kind)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(ValueAt + value.Length);
        bytes[KindAt] = (byte)kind;
        bytes[TombstoneAt] = 0;
        value.CopyTo(bytes.AsSpan(ValueAt));
        return new Record(bytes);
    }

    internal static Record Tombstone()
    {
        var bytes = new byte[ValueAt];
        bytes[TombstoneAt] = 1;
        return new Record(bytes);
    }

    /// <summary>The same value, to be stamped anew. Until then it names the version that it was copied from.</summary>
    internal Record Copy() => new(_bytes.AsSpan().ToArray());

    /// <summary>Whether the two are one and the same version.</summary>
    internal bool Is(Record other) => ReferenceEquals(_bytes, other._bytes);

    /// <summary>Says which commit the version belongs to and until when it holds: once, before it is published.</summary>
    internal void Stamp(long version, long expiresAt)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, version);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(DeadlineAt), expiresAt);
    }
}
