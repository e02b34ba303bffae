using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>
/// Secret bytes in a buffer of their own and of exactly their size, which the collector never moves and which is zeroed by <see cref="Dispose"/>,
/// or at the latest when the object is collected. <see cref="ToString"/> and the debugger show nothing of them, comparing takes the same time for all of one length, and
/// writing them to JSON throws, except as a <see cref="PlaintextSecret"/>. Reading from JSON (lower-case hex) works.
/// Reading is safe for any number of threads; disposing is for the one owner.
/// </summary>
[DebuggerDisplay("SecretBytes(redacted)")]
[JsonConverter(typeof(SecretBytesJson))]
public sealed class SecretBytes : IDisposable, IEquatable<SecretBytes>
{
    private readonly byte[] _bytes;
    private bool _isDisposed;

    /// <summary>Copies the bytes. Whoever gave them zeroes their own copy.</summary>
    public SecretBytes(ReadOnlySpan<byte> bytes)
        : this(bytes.Length) => bytes.CopyTo(_bytes);

    /// <summary>A buffer of zeros, to be filled once.</summary>
    internal SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Zeroes what nobody disposed of.</summary>
    ~SecretBytes() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>How many bytes there are; known after dispose as well.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether the bytes have been zeroed.</summary>
    public bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>The bytes themselves, without a copy. Not to be kept: they are zero after <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed of.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _bytes;
        }
    }

    /// <summary>The buffer, dead or alive: to be filled by its maker, and for tests that look whether it is zero.</summary>
    internal byte[] Buffer => _bytes;

    /// <summary>A secret of the same bytes with a buffer of its own.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed of.</exception>
    public SecretBytes Clone() => new(Span);

    /// <summary>Copies the bytes to the beginning of <paramref name="destination"/>.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed of.</exception>
    public void CopyTo(Span<byte> destination) => Span.CopyTo(destination);

    /// <summary>The bytes for an export that may be written to JSON; only for those who mean it.</summary>
    public PlaintextSecret ExportPlaintext() => new(this);

    /// <summary>Zeroes the bytes. Twice is as good as once.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        CryptographicOperations.ZeroMemory(_bytes);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the bytes are the same, in a time that depends on the lengths only. A secret that was disposed of equals nothing but itself.</summary>
    public bool Equals(SecretBytes? other) =>
        ReferenceEquals(this, other) || (other is not null && !IsDisposed && !other.IsDisposed && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretBytes);

    /// <summary>Of the length: a hash of the bytes would tell about them.</summary>
    public override int GetHashCode() => _bytes.Length;

    /// <summary>Says what it is, and nothing of its bytes.</summary>
    public override string ToString() => "SecretBytes(redacted)";
}
