using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
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
        return new KeyedHash(key[0], key[1] | 1, key[2] | 1);   // multipliers are odd, so that they lose nothing
    }

    internal uint Of(ReadOnlySpan<byte> data)
    {
        ref byte from = ref MemoryMarshal.GetReference(data);
        ulong hash = third;
        int left = data.Length;
        for (; left > 16; left -= 16)
        {
            hash = Fold(Word(ref from, 0) ^ first, Word(ref from, 8) ^ hash);
            from = ref Unsafe.Add(ref from, 16);
        }

        // What is left, at most sixteen bytes, as two words that may overlap.
        (ulong low, ulong high) = left switch
        {
            >= 8 => (Word(ref from, 0), Word(ref from, left - 8)),
            >= 4 => (Half(ref from, 0), Half(ref from, left - 4)),
            > 0 => (from | ((ulong)Unsafe.Add(ref from, left / 2) << 8), Unsafe.Add(ref from, left - 1)),
            _ => (0ul, 0ul),
        };
        hash = Fold(Fold(low ^ first, high ^ hash) ^ second, (ulong)data.Length ^ third);
        return (uint)(hash ^ (hash >> 32));
    }

    /// <summary>The same of one word. Two multiplications, because one leaves a pattern in the hashes of words in sequence.</summary>
    internal uint Of(ulong word)
    {
        ulong hash = (word ^ first) * second;
        return (uint)(((hash ^ (hash >> 32)) * third) >> 32);
    }

    /// <summary>Both halves of the product, folded. Where the processor has it, the upper half alone is asked for: the pair would go through memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b) => (Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _)) ^ (a * b);

    private static ulong Word(ref byte from, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, at));

    private static ulong Half(ref byte from, int at) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, at));
}
