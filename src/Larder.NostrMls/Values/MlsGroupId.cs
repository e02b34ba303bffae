using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>
/// The id of a group in MLS: bytes of any length, compared byte by byte. It never changes. In JSON lower-case hex; <see cref="ToString"/> shows nothing of it.
/// </summary>
[DebuggerDisplay("MlsGroupId(redacted)")]
[JsonConverter(typeof(MlsGroupIdJson))]
public readonly struct MlsGroupId : IEquatable<MlsGroupId>, IComparable<MlsGroupId>
{
    private readonly byte[]? _bytes;
    private readonly ulong _first;    // eight bytes, the first the most significant, zeros behind the end: where two differ, they say which id is lower

    /// <summary>Copies the bytes; there may be none.</summary>
    public MlsGroupId(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        first.Clear();
        bytes[..Math.Min(bytes.Length, first.Length)].CopyTo(first);
        _first = BinaryPrimitives.ReadUInt64BigEndian(first);
    }

    /// <summary>How many bytes there are.</summary>
    public int Length => Span.Length;

    internal ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Reads lower-case hex, two digits a byte.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: the text is something else.</exception>
    public static MlsGroupId Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        return hex.Length % 2 == 0 && Hex.IsLower(hex.AsSpan())
            ? new MlsGroupId(Convert.FromHexString(hex))
            : throw MlsStoreException.Invalid("an MLS group id is not lower-case hex");
    }

    /// <summary>Lower-case hex.</summary>
    public string ToHex() => Convert.ToHexStringLower(Span);

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <inheritdoc/>
    public bool Equals(MlsGroupId other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MlsGroupId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>By bytes, a beginning before what it begins.</summary>
    public int CompareTo(MlsGroupId other) => _first != other._first ? _first.CompareTo(other._first) : Span.SequenceCompareTo(other.Span);

    /// <summary>Says what it is, and nothing of its bytes.</summary>
    public override string ToString() => "MlsGroupId(redacted)";

    /// <summary>Whether the bytes are the same.</summary>
    public static bool operator ==(MlsGroupId left, MlsGroupId right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(MlsGroupId left, MlsGroupId right) => !left.Equals(right);

    /// <summary>By bytes.</summary>
    public static bool operator <(MlsGroupId left, MlsGroupId right) => left.CompareTo(right) < 0;

    /// <summary>By bytes.</summary>
    public static bool operator >(MlsGroupId left, MlsGroupId right) => left.CompareTo(right) > 0;

    /// <summary>By bytes.</summary>
    public static bool operator <=(MlsGroupId left, MlsGroupId right) => left.CompareTo(right) <= 0;

    /// <summary>By bytes.</summary>
    public static bool operator >=(MlsGroupId left, MlsGroupId right) => left.CompareTo(right) >= 0;
}
