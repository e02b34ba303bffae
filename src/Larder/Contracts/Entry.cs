using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Larder;

/// <summary>
/// One version of one key, as a reader found it. <see cref="Value"/> is the caller's to keep for ever and never changes,
/// whatever happens to the key afterwards.
/// </summary>
[DebuggerDisplay("{Key} = {Value.Length} bytes, version {Version}")]
public readonly struct Entry
{
    // Arrays and positions, not slices: an entry is copied on every read, and what is smaller is copied faster.
    private readonly byte[] _utf8Key;
    private readonly byte[] _value;
    private readonly string? _key;
    private readonly long _expiresAt;
    private readonly int _keyStart;
    private readonly int _valueStart;

    /// <summary>Makes an entry; for those who implement <see cref="IStore"/>.</summary>
    /// <param name="utf8Key">The key in UTF-8; copied unless it is a whole array.</param>
    /// <param name="value">The value; copied unless it is a whole array, which must never change afterwards.</param>
    /// <param name="version">The sequence of the commit that wrote it.</param>
    /// <param name="expiresAt">When it expires; null for never.</param>
    /// <param name="kind">How the bytes came to be.</param>
    /// <param name="key">The key as a string, when there is one already.</param>
    public Entry(
        ReadOnlyMemory<byte> utf8Key,
        ReadOnlyMemory<byte> value,
        long version,
        DateTimeOffset? expiresAt = null,
        ValueKind kind = ValueKind.Bytes,
        string? key = null)
        : this(Whole(utf8Key), Whole(value), 0, version, expiresAt?.UtcTicks ?? Expiry.Never, kind, key)
    {
    }

    internal Entry(byte[] utf8Key, byte[] value, int valueStart, long version, long expiresAt, ValueKind kind, string? key = null, int keyStart = 0)
    {
        _utf8Key = utf8Key;
        _value = value;
        _key = key;
        _expiresAt = expiresAt;
        _keyStart = keyStart;
        _valueStart = valueStart;
        Version = version;
        Kind = kind;
    }

    /// <summary>The key.</summary>
    public string Key => _key ?? Encoding.UTF8.GetString(Utf8Key.Span);

    /// <summary>The key in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Key => _utf8Key.AsMemory(_keyStart);

    /// <summary>The value.</summary>
    public ReadOnlyMemory<byte> Value => _value.AsMemory(_valueStart);

    /// <summary>The sequence of the commit that last changed the entry: grows, is never reused, and is the token of compare-and-set.</summary>
    public long Version { get; }

    /// <summary>When the entry expires, on the store's clock; null for never.</summary>
    public DateTimeOffset? ExpiresAt => _expiresAt is 0 or Expiry.Never ? null : new DateTimeOffset(_expiresAt, TimeSpan.Zero);

    /// <summary>How the bytes came to be.</summary>
    public ValueKind Kind { get; }

    /// <summary>The same entry under a key without its first <paramref name="bytes"/> bytes.</summary>
    internal Entry WithoutPrefix(int bytes) => new(_utf8Key, _value, _valueStart, Version, _expiresAt, Kind, null, _keyStart + bytes);

    private static byte[] Whole(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment) && segment.Array is { } array && array.Length == memory.Length ? array : memory.ToArray();
}
