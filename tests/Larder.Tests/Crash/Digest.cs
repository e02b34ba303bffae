using System.Buffers.Binary;
using System.Numerics;

namespace Larder.Tests.Crash;

/// <summary>A fast hash of 64 bits: to tell images apart, nothing more.</summary>
internal static class Digest
{
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length + 0x27D4EB2F165667C5;
        while (bytes.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0x9FB21C651E98DF25, 29);
            bytes = bytes[8..];
        }

        foreach (byte one in bytes)
        {
            hash = (hash ^ one) * 0x100000001B3;
        }

        return Mix(hash);
    }

    public static ulong Of(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char one in text)
        {
            hash = (hash ^ one) * 0x100000001B3;
        }

        return Mix(hash);
    }

    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
        return hash ^ (hash >> 32);
    }
}
