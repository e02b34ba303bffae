using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Larder.Primitives;

/// <summary>
/// A 32-bit hash of bytes under a secret key: sixteen bytes a step, each step a 64 × 64 bit multiplication folded by exclusive or (the
/// construction of wyhash, Wang Yi 2019). Who knows neither the key nor the hashes cannot choose keys that collide. It is no
/// cryptographic hash: never show its results to a stranger.
/// </summary>
internal readonly struct KeyedHash(ulong first, ulong second, ulong third)
{
    /// <summary>A hash under a fresh random key.</summary>
    internal static KeyedHash Random()
    {
        Span<ulong> key = stackalloc ulong[3];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        return new KeyedHash(key[0], key[1], key[2]);
    }

    internal uint Of(ReadOnlySpan<byte> data)
    {
        ulong hash = third;
        int at = 0;
        for (; data.Length - at > 16; at += 16)
        {
            hash = Fold(Word(data, at) ^ first, Word(data, at + 8) ^ hash);
        }

        // What is left, at most sixteen bytes, as two words that may overlap.
        ReadOnlySpan<byte> rest = data[at..];
        (ulong low, ulong high) = rest.Length switch
        {
            >= 8 => (Word(rest, 0), Word(rest, rest.Length - 8)),
            >= 4 => (Half(rest, 0), Half(rest, rest.Length - 4)),
            > 0 => (rest[0] | ((ulong)rest[rest.Length / 2] << 8), rest[^1]),
            _ => (0ul, 0ul),
        };
        hash = Fold(Fold(low ^ first, high ^ hash) ^ second, (ulong)data.Length ^ third);
        return (uint)(hash ^ (hash >> 32));
    }

    /// <summary>The same of one word, in one step.</summary>
    internal uint Of(ulong word)
    {
        ulong hash = Fold(word ^ first, second | 1) ^ third;
        return (uint)(hash ^ (hash >> 32));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    private static ulong Word(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt64LittleEndian(data[at..]);

    private static ulong Half(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
}
