using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Larder.NostrMls.Tests.Child;

/// <summary>Bytes that occur nowhere by chance, made from a number, so that two processes know the same without telling each other.</summary>
internal sealed class Canary(long number)
{
    public const int Size = 32;

    /// <summary>Makes the bytes, hands them over, and leaves none behind.</summary>
    public void Give(Action<byte[]> take)
    {
        byte[] bytes = GC.AllocateArray<byte>(Size, pinned: true);
        try
        {
            Write(bytes);
            take(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    private void Write(Span<byte> bytes)
    {
        for (int at = 0; at < Size; at += sizeof(ulong))
        {
            ulong mixed = (ulong)number * 0x9E3779B97F4A7C15 + ((ulong)at << 56) + 0xD1B54A32D192ED03;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], mixed ^ (mixed >> 31));
        }
    }
}
