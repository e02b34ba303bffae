using System.Diagnostics;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>The id by which relays route the messages of a group; it may change while the group lives: exactly 32 bytes, compared byte by byte. As text and in JSON 64 digits of lower-case hex; <see cref="ToString"/> shows nothing of it.</summary>
[DebuggerDisplay("NostrGroupId(redacted)")]
[JsonConverter(typeof(NostrGroupIdJson))]
public readonly struct NostrGroupId : IEquatable<NostrGroupId>, IComparable<NostrGroupId>
{
    /// <summary>How many bytes there are: 32.</summary>
    public const int Size = Bytes32.Size;

    private const string What = "a Nostr group id";

    private readonly Bytes32 _bytes;

    /// <summary>Copies the bytes.</summary>
    /// <exception cref="ArgumentException">There are not 32 of them.</exception>
    public NostrGroupId(ReadOnlySpan<byte> bytes) => _bytes = Bytes32.Of(bytes, What);

    private NostrGroupId(Bytes32 bytes) => _bytes = bytes;

    /// <summary>Reads 64 digits of lower-case hex.</summary>
    /// <exception cref="ArgumentException">The text has another length.</exception>
    /// <exception cref="MlsStoreException">InvalidParameters: it is not lower-case hex.</exception>
    public static NostrGroupId Parse(string hex) => new(Bytes32.Parse(hex, What));

    /// <summary>64 digits of lower-case hex.</summary>
    public string ToHex() => _bytes.ToHex();

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>Copies the bytes to the beginning of <paramref name="destination"/>, which must have room for 32.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(NostrGroupId other) => _bytes.Equals(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NostrGroupId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();

    /// <summary>By bytes, from the first to the last.</summary>
    public int CompareTo(NostrGroupId other) => _bytes.CompareTo(other._bytes);

    /// <summary>Says what it is, and nothing of its bytes.</summary>
    public override string ToString() => "NostrGroupId(redacted)";

    /// <summary>Whether the bytes are the same.</summary>
    public static bool operator ==(NostrGroupId left, NostrGroupId right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(NostrGroupId left, NostrGroupId right) => !left.Equals(right);

    /// <summary>By bytes.</summary>
    public static bool operator <(NostrGroupId left, NostrGroupId right) => left.CompareTo(right) < 0;

    /// <summary>By bytes.</summary>
    public static bool operator >(NostrGroupId left, NostrGroupId right) => left.CompareTo(right) > 0;

    /// <summary>By bytes.</summary>
    public static bool operator <=(NostrGroupId left, NostrGroupId right) => left.CompareTo(right) <= 0;

    /// <summary>By bytes.</summary>
    public static bool operator >=(NostrGroupId left, NostrGroupId right) => left.CompareTo(right) >= 0;
}
