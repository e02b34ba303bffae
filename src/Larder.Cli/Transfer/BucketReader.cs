using System.Buffers.Binary;
using System.Text;

namespace Larder.Cli.Transfer;

/// <summary>
/// Reads what cache_ro 0.x writes: numbers of variable length in big-endian order, and lengths before what they are the length of. Every length is held
/// against the bytes that are left before anything is allocated for it.
/// </summary>
/// <remarks>
/// The encoding is that of bincode 2 (https://github.com/bincode-org/bincode, docs/spec.md): a number below 251 is one byte; otherwise 251, 252, 253 or 254 stands
/// before 2, 4, 8 or 16 bytes. Signed numbers are zigzag-coded first: 0, -1, 1, -2 become 0, 1, 2, 3.
/// </remarks>
/// <param name="bytes">What is read.</param>
/// <param name="start">Where it stands in its file, so that a refusal can say where.</param>
internal ref struct BucketReader(ReadOnlySpan<byte> bytes, int start = 0)
{
    private const byte FirstMarker = 251;
    private const byte LastMarker = 254;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _left = bytes;
    private readonly int _end = start + bytes.Length;

    /// <summary>Where the next byte stands in the file.</summary>
    public readonly int Offset => _end - _left.Length;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _left.Length;

    /// <summary>An unsigned number.</summary>
    /// <exception cref="FormatException">There is none, or it is written longer than it need be.</exception>
    public UInt128 Unsigned(string what)
    {
        int at = Offset;
        byte first = Raw(1, what)[0];
        if (first < FirstMarker)
        {
            return first;
        }

        if (first > LastMarker)
        {
            throw Bad(at, $"{what} begins with 255, which begins no number");
        }

        ReadOnlySpan<byte> digits = Raw(2 << (first - FirstMarker), what);
        UInt128 number = digits.Length switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(digits),
            4 => BinaryPrimitives.ReadUInt32BigEndian(digits),
            8 => BinaryPrimitives.ReadUInt64BigEndian(digits),
            _ => BinaryPrimitives.ReadUInt128BigEndian(digits),
        };
        UInt128 least = digits.Length == 2 ? FirstMarker : UInt128.One << (4 * digits.Length);
        return number >= least ? number : throw Bad(at, $"{what} is written longer than it need be");
    }

    /// <summary>A signed number.</summary>
    /// <exception cref="FormatException">There is none, or it is written longer than it need be.</exception>
    public Int128 Signed(string what)
    {
        UInt128 coded = Unsigned(what);
        return (Int128)(coded >> 1) ^ -(Int128)(coded & 1);
    }

    /// <summary>A length of so many things of at least so many bytes each, all of which are there.</summary>
    /// <exception cref="FormatException">There is none, or fewer bytes are left than it says.</exception>
    public int Length(string what, int bytesEach = 1)
    {
        int at = Offset;
        UInt128 length = Unsigned(what);
        return length <= (UInt128)(Left / bytesEach) ? (int)length : throw Bad(at, $"{what} is {length}, but only {Left} bytes are left");
    }

    /// <summary>So many bytes.</summary>
    /// <exception cref="FormatException">They are not there.</exception>
    public ReadOnlySpan<byte> Raw(int count, string what)
    {
        if (count > Left)
        {
            throw Bad(Offset, $"{what} ends too soon");
        }

        ReadOnlySpan<byte> taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    /// <summary>A text: the length of its UTF-8, then its UTF-8.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public string Text(string what)
    {
        int length = Length($"the length of {what}");
        int at = Offset;
        try
        {
            return _strict.GetString(Raw(length, what));
        }
        catch (DecoderFallbackException broken)
        {
            throw Bad(at, $"{what} is no UTF-8", broken);
        }
    }

    /// <exception cref="FormatException">Something is left.</exception>
    public readonly void End(string what)
    {
        if (Left > 0)
        {
            throw Bad(Offset, $"{Left} bytes follow {what}");
        }
    }

    internal static FormatException Bad(int offset, string problem, Exception? inner = null) => new($"at offset {offset}: {problem}.", inner);
}
