using System.Buffers.Binary;
using System.Text;

namespace Larder.NostrMls.Codec;

/// <summary>
/// Writes the parts of a record one behind the other. Over no memory it only counts: buffers are allocated at their final size, because growing ones leave copies of
/// secrets behind.
/// </summary>
internal ref struct RecordWriter
{
    private readonly Span<byte> _destination;
    private readonly bool _counts;

    private RecordWriter(Span<byte> destination, bool counts)
    {
        _destination = destination;
        _counts = counts;
    }

    /// <summary>How many bytes there are so far.</summary>
    internal int Length { get; private set; }

    internal static RecordWriter Counting() => new(default, counts: true);

    internal static RecordWriter Over(Span<byte> destination) => new(destination, counts: false);

    internal void Byte(byte value)
    {
        if (!_counts)
        {
            _destination[Length] = value;
        }

        Length++;
    }

    internal void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Seven bits a byte, the lowest first.</summary>
    internal void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    internal void Number(ulong? value)
    {
        Flag(value is not null);
        if (value is { } number)
        {
            Number(number);
        }
    }

    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        Raw(bytes);
    }

    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        if (!_counts)
        {
            bytes.CopyTo(_destination[Length..]);
        }

        Length += bytes.Length;
    }

    /// <summary>In UTF-8; a text with unpaired surrogates, which has none, in UTF-16. The lowest bit of the length says which.</summary>
    internal void Text(string text)
    {
        if (IsWellFormed(text))
        {
            int length = Encoding.UTF8.GetByteCount(text);
            Number((ulong)length << 1);
            if (!_counts)
            {
                Encoding.UTF8.GetBytes(text, _destination[Length..]);
            }

            Length += length;
            return;
        }

        Number(((ulong)text.Length << 2) | 1);
        foreach (char letter in text)
        {
            if (!_counts)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(_destination[Length..], letter);
            }

            Length += sizeof(char);
        }
    }

    internal void Text(string? text, bool isNullable)
    {
        if (isNullable)
        {
            Flag(text is not null);
        }

        if (text is not null)
        {
            Text(text);
        }
    }

    internal void Secret(SecretBytes? secret)
    {
        Flag(secret is not null);
        if (secret is not null)
        {
            Bytes(secret.Span);
        }
    }

    internal void Id(EventId id)
    {
        if (!_counts)
        {
            id.CopyTo(_destination[Length..]);
        }

        Length += EventId.Size;
    }

    internal void Id(EventId? id)
    {
        Flag(id is not null);
        if (id is { } value)
        {
            Id(value);
        }
    }

    internal void Key(PublicKey key)
    {
        if (!_counts)
        {
            key.CopyTo(_destination[Length..]);
        }

        Length += PublicKey.Size;
    }

    /// <summary>32 bytes.</summary>
    internal void Fixed(byte[] bytes) => Raw(bytes);

    private static bool IsWellFormed(string text)
    {
        for (int at = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); at >= 0 && at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]))
            {
                return false;
            }
        }

        return true;
    }
}
