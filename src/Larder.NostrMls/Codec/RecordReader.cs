using System.Runtime.InteropServices;
using System.Text;

namespace Larder.NostrMls.Codec;

/// <summary>Reads what a <see cref="RecordWriter"/> wrote. What makes no sense is a <see cref="MlsStoreException"/> of kind Deserialization.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    internal static MlsStoreException Broken() => new(MlsStoreErrorKind.Deserialization, "a stored record cannot be read");

    /// <summary>Nothing may be left.</summary>
    internal readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw Broken();
        }
    }

    internal byte Byte() => Raw(1)[0];

    internal bool Flag() => Byte() switch { 0 => false, 1 => true, _ => throw Broken() };

    internal ulong Number()
    {
        ulong number = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Byte();
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw Broken();
    }

    internal ulong? OptionalNumber() => Flag() ? Number() : null;

    internal ReadOnlySpan<byte> Bytes() => Raw(Number());

    internal string Text()
    {
        ulong length = Number();
        ReadOnlySpan<byte> bytes = Raw(length >> 1);
        return (length & 1) == 0 ? Encoding.UTF8.GetString(bytes) : new string(MemoryMarshal.Cast<byte, char>(bytes));
    }

    internal string? OptionalText() => Flag() ? Text() : null;

    internal SecretBytes? Secret() => Flag() ? new SecretBytes(Bytes()) : null;

    internal EventId Id() => new(Raw(EventId.Size));

    internal EventId? OptionalId() => Flag() ? Id() : null;

    internal PublicKey Key() => new(Raw(PublicKey.Size));

    internal NostrGroupId NostrId() => new(Raw(NostrGroupId.Size));

    internal ImageHash? OptionalHash() => Flag() ? new ImageHash(Raw(ImageHash.Size)) : null;

    internal ReadOnlySpan<byte> Raw(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Broken();
        }

        ReadOnlySpan<byte> bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }
}
