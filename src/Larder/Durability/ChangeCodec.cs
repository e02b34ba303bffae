using System.Buffers.Binary;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// The form of changes in the payload of a record. Each is: what (1) · length of the key (varint) · key, and then for a set:
/// deadline in UTC ticks (8, if there is one) · version (varint, if it is not the record's sequence) · length of the value (varint) · value;
/// for a touch the deadline only. Results are written, not commands, so that applying them twice does no harm.
/// </summary>
internal static class ChangeCodec
{
    // The first byte: the kind in bits 0-2, what follows in bits 3-5, the kind of the value in bits 6-7.
    private const int KindMask = 7;
    private const int TouchCode = 7;        // where ChangeKind has no value that is ever written
    private const int EndsHistory = 8;
    private const int HasDeadline = 16;
    private const int HasVersion = 32;
    private const int ValueKindShift = 6;

    internal static int SizeOf(in Change change, long sequence)
    {
        int size = 1 + VarInt.SizeOf(change.Utf8Key.Length) + change.Utf8Key.Length;
        if (change.Kind != ChangeKind.Set)
        {
            return size;
        }

        size += change.Deadline != Expiry.Never ? sizeof(long) : 0;
        return change.IsTouch
            ? size
            : size + (change.Version != sequence ? VarInt.SizeOf(change.Version) : 0) + VarInt.SizeOf(change.Value.Length) + change.Value.Length;
    }

    /// <summary>Writes a change and returns how many bytes it took: <see cref="SizeOf"/>.</summary>
    internal static int Write(Span<byte> destination, in Change change, long sequence)
    {
        bool isSet = change.Kind == ChangeKind.Set;
        bool expires = isSet && change.Deadline != Expiry.Never;
        bool isTouch = isSet && change.IsTouch;
        bool hasVersion = isSet && !isTouch && change.Version != sequence;
        destination[0] = (byte)(
            (isTouch ? TouchCode : (int)change.Kind)
            | (isSet && change.EndsHistory ? EndsHistory : 0)
            | (expires ? HasDeadline : 0)
            | (hasVersion ? HasVersion : 0)
            | (isSet ? (int)change.ValueKind << ValueKindShift : 0));
        int at = 1 + VarInt.Write(destination[1..], change.Utf8Key.Length);
        change.Utf8Key.Span.CopyTo(destination[at..]);
        at += change.Utf8Key.Length;
        if (expires)
        {
            BinaryPrimitives.WriteInt64LittleEndian(destination[at..], change.Deadline);
            at += sizeof(long);
        }

        if (isSet && !isTouch)
        {
            at += hasVersion ? VarInt.Write(destination[at..], change.Version) : 0;
            at += VarInt.Write(destination[at..], change.Value.Length);
            change.Value.Span.CopyTo(destination[at..]);
            at += change.Value.Length;
        }

        return at;
    }

    /// <summary>Reads the next change, over the memory it is in. False when the bytes make no sense.</summary>
    internal static bool TryRead(ref ReadOnlyMemory<byte> source, long sequence, out Change change)
    {
        change = default;
        ReadOnlySpan<byte> bytes = source.Span;
        if (bytes.IsEmpty)
        {
            return false;
        }

        int what = bytes[0];
        int code = what & KindMask;
        bool isTouch = code == TouchCode;
        bool isSet = code == (int)ChangeKind.Set || isTouch;
        int at = 1;
        if ((!isSet && code > (int)ChangeKind.Clear) || !TryReadLength(bytes, ref at, out int keyLength))
        {
            return false;
        }

        ReadOnlyMemory<byte> key = source.Slice(at, keyLength);
        at += keyLength;
        long deadline = Expiry.Never;
        if ((what & HasDeadline) != 0)
        {
            if (bytes.Length - at < sizeof(long))
            {
                return false;
            }

            deadline = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
            at += sizeof(long);
        }

        long version = isSet ? sequence : 0;   // a log does not say which version is gone
        ReadOnlyMemory<byte> value = default;
        if (isSet && !isTouch)
        {
            if (((what & HasVersion) != 0 && !VarInt.TryRead(bytes, ref at, out version)) || !TryReadLength(bytes, ref at, out int valueLength))
            {
                return false;
            }

            value = source.Slice(at, valueLength);
            at += valueLength;
        }

        source = source[at..];
        change = new Change(
            isSet ? ChangeKind.Set : (ChangeKind)code,
            sequence,
            key,
            value,
            version,
            deadline,
            (ValueKind)(what >> ValueKindShift),
            (isTouch ? ChangeMarks.Touch : ChangeMarks.None) | ((what & EndsHistory) != 0 ? ChangeMarks.EndsHistory : ChangeMarks.None));
        return (deadline == Expiry.Never || (ulong)deadline <= (ulong)DateTime.MaxValue.Ticks) && (keyLength > 0 || code == (int)ChangeKind.Clear);
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        bool isRead = VarInt.TryRead(bytes, ref at, out long number) && number <= bytes.Length - at;
        length = isRead ? (int)number : 0;
        return isRead;
    }
}
