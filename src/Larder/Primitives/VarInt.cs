namespace Larder.Primitives;

/// <summary>Non-negative numbers in as few bytes as they need: seven bits a byte, the lowest first, the high bit set in all but the last.</summary>
internal static class VarInt
{
    internal static int SizeOf(long number)
    {
        int size = 1;
        for (ulong rest = (ulong)number >> 7; rest != 0; rest >>= 7)
        {
            size++;
        }

        return size;
    }

    internal static int Write(Span<byte> destination, long number)
    {
        int size = 0;
        ulong rest = (ulong)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            destination[size++] = (byte)(rest | 0x80);
        }

        destination[size++] = (byte)rest;
        return size;
    }

    /// <summary>False when there is no end, or the number is negative or longer than it need be.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, ref int at, out long number)
    {
        ulong result = 0;
        for (int shift = 0; at < source.Length && shift <= 56; shift += 7)
        {
            byte next = source[at++];
            result |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                number = (long)result;
                return next != 0 || shift == 0;
            }
        }

        number = 0;
        return false;
    }
}
