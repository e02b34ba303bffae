using System.Diagnostics;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>The public key of a Nostr identity: exactly 32 bytes, compared byte by byte. As text and in JSON 64 digits of lower-case hex; <see cref="ToString"/> shows nothing of it.</summary>
[DebuggerDisplay("PublicKey(redacted)")]
[JsonConverter(typeof(PublicKeyJson))]
public readonly struct PublicKey : IEquatable<PublicKey>, IComparable<PublicKey>
{
    /// <summary>How many bytes there are: 32.</summary>
    public const int Size = Bytes32.Size;

    private const string What = "a public key";

    private readonly Bytes32 _bytes;

    /// <summary>Copies the bytes.</summary>
    /// <exception cref="ArgumentException">There are not 32 of them.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes) => _bytes = Bytes32.Of(bytes, What);

    private PublicKey(Bytes32 bytes) => _bytes = bytes;

    /// <summary>Reads 64 digits of lower-case hex.</summary>
    /// <exception cref="ArgumentException">The text has another length.</exception>
    /// <exception cref="MlsStoreException">InvalidParameters: it is not lower-case hex.</exception>
    public static PublicKey Parse(string hex) => new(Bytes32.Parse(hex, What));

    /// <summary>64 digits of lower-case hex.</summary>
    public string ToHex() => _bytes.ToHex();

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>Copies the bytes to the beginning of <paramref name="destination"/>, which must have room for 32.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(PublicKey other) => _bytes.Equals(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();

    /// <summary>By bytes, from the first to the last.</summary>
    public int CompareTo(PublicKey other) => _bytes.CompareTo(other._bytes);

    /// <summary>Says what it is, and nothing of its bytes.</summary>
    public override string ToString() => "PublicKey(redacted)";

    /// <summary>Whether the bytes are the same.</summary>
    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);

    /// <summary>By bytes.</summary>
    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;

    /// <summary>By bytes.</summary>
    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;

    /// <summary>By bytes.</summary>
    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;

    /// <summary>By bytes.</summary>
    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;
}
