using System.Buffers.Binary;

namespace Larder.NostrMls.Values;

/// <summary>32 bytes in four numbers, the first byte the most significant: no array, and their order is the order of the bytes.</summary>
internal readonly struct Bytes32 : IEquatable<Bytes32>, IComparable<Bytes32>
{
    internal const int Size = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private Bytes32(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    public bool Equals(Bytes32 other) => _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    public override bool Equals(object? obj) => obj is Bytes32 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_first, _second, _third, _fourth);

    public int CompareTo(Bytes32 other) =>
        _first != other._first ? _first.CompareTo(other._first)
        : _second != other._second ? _second.CompareTo(other._second)
        : _third != other._third ? _third.CompareTo(other._third)
        : _fourth.CompareTo(other._fourth);

    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    internal static Bytes32 Of(ReadOnlySpan<byte> bytes, string what) =>
        bytes.Length == Size ? new Bytes32(bytes) : throw new ArgumentException($"{what} has {Size} bytes, but {bytes.Length} were given.", nameof(bytes));

    /// <exception cref="ArgumentException">The text does not stand for 32 bytes.</exception>
    /// <exception cref="MlsStoreException">InvalidParameters: the text is no lower-case hex.</exception>
    internal static Bytes32 Parse(string hex, string what)
    {
        ArgumentNullException.ThrowIfNull(hex);
        if (hex.Length != 2 * Size)
        {
            throw new ArgumentException($"{what} has {2 * Size} hex digits, but {hex.Length} characters were given.", nameof(hex));
        }

        if (!Hex.IsLower(hex.AsSpan()))
        {
            throw MlsStoreException.Invalid($"{what} is not lower-case hex");
        }

        return new Bytes32(Convert.FromHexString(hex));
    }

    internal void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    internal byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    internal string ToHex()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
