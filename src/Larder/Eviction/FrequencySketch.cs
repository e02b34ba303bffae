using System.Runtime.CompilerServices;

namespace Larder.Eviction;

/// <summary>
/// About how often a key was asked for, of all keys and not only those that are kept: a count-min sketch of four-bit counters (Cormode and Muthukrishnan 2005;
/// as an admission filter: TinyLFU, Einziger, Friedman and Manes 2017), eight bytes per entry of the cache. The four counters of a key
/// stand in one cache line. All counters are halved after a while, so that old fame fades.
/// </summary>
/// <remarks>
/// Halving is lazy: a block remembers up to which halving it has followed, and catches up when it is touched next; so nobody ever waits for all
/// of it. Growing doubles the blocks, each of which inherits the counters of the one it came from.
/// </remarks>
internal sealed class FrequencySketch
{
    internal const int Highest = 15;

    private const int WordsPerBlock = 8;
    private const int Fewest = 256;          // entries; below that, counters collide too often
    private const int HalvedAfter = 20;      // increments per entry
    private const ulong Halves = 0x7777_7777_7777_7777;

    private const int ChunkBits = 10;        // blocks: 64 KiB, short enough for the collector to make something else of when the sketch has grown
    private const int ChunkBlocks = 1 << ChunkBits;

    private ulong[][] _chunks;
    private byte[] _halvings;                // per block, modulo 256
    private byte _halving;
    private long _increments;

    internal FrequencySketch(long entries)
    {
        int blocks = (int)Math.Min((Math.Max(entries, Fewest) + WordsPerBlock - 1) / WordsPerBlock, Array.MaxLength / WordsPerBlock);
        _chunks = NewChunks(blocks);
        _halvings = new byte[blocks];
    }

    /// <summary>For how many entries it is long enough.</summary>
    internal int Entries => _halvings.Length * WordsPerBlock;

    internal int Estimate(uint hash)
    {
        ulong mix = Mix(hash);
        ref ulong block = ref Block(mix);
        int least = Highest;
        for (int i = 0; i < 4; i++)
        {
            (int word, int shift) = Counter(mix, i);
            least = Math.Min(least, (int)(Unsafe.Add(ref block, word) >> shift) & Highest);
        }

        return least;
    }

    internal void Increment(uint hash)
    {
        ulong mix = Mix(hash);
        ref ulong block = ref Block(mix);
        bool isRaised = false;
        for (int i = 0; i < 4; i++)
        {
            (int word, int shift) = Counter(mix, i);
            ref ulong counters = ref Unsafe.Add(ref block, word);
            if (((counters >> shift) & Highest) != Highest)
            {
                counters += 1ul << shift;
                isRaised = true;
            }
        }

        if (isRaised && ++_increments >= (long)HalvedAfter * Entries)
        {
            _halving++;
            _increments = _increments * 9 / 20;   // about a tenth of the counts is lost to rounding down
        }
    }

    /// <summary>Doubles it.</summary>
    internal void Grow()
    {
        if (Entries > Array.MaxLength / 2)
        {
            return;
        }

        ulong[][] chunks = NewChunks(_halvings.Length * 2);
        byte[] halvings = new byte[_halvings.Length * 2];
        for (int block = 0; block < halvings.Length; block++)
        {
            Words(_chunks, block / 2).CopyTo(Words(chunks, block));
            halvings[block] = _halvings[block / 2];
        }

        _chunks = chunks;
        _halvings = halvings;
        _increments *= 2;
    }

    /// <summary>The block of a key, with the halvings it has missed made up for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong Block(ulong mix)
    {
        int number = (int)(((mix >> 32) * (uint)_halvings.Length) >> 32);
        if (_halvings[number] != _halving)
        {
            CatchUp(number);
        }

        return ref _chunks[number >> ChunkBits][(number & (ChunkBlocks - 1)) * WordsPerBlock];
    }

    private void CatchUp(int number)
    {
        for (int missed = Math.Min((byte)(_halving - _halvings[number]), (byte)4); missed > 0; missed--)
        {
            foreach (ref ulong counters in Words(_chunks, number))
            {
                counters = (counters >> 1) & Halves;
            }
        }

        _halvings[number] = _halving;
    }

    private static ulong[][] NewChunks(int blocks)
    {
        ulong[][] chunks = new ulong[(blocks + ChunkBlocks - 1) >> ChunkBits][];
        for (int i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new ulong[Math.Min(ChunkBlocks, blocks - (i << ChunkBits)) * WordsPerBlock];
        }

        return chunks;
    }

    private static Span<ulong> Words(ulong[][] chunks, int block) =>
        chunks[block >> ChunkBits].AsSpan((block & (ChunkBlocks - 1)) * WordsPerBlock, WordsPerBlock);

    private static (int Word, int Shift) Counter(ulong mix, int i)
    {
        uint bits = (uint)mix >> (i * 8);
        return ((int)(bits & 1) + (i * 2), (int)((bits >> 1) & 15) * 4);
    }

    private static ulong Mix(uint hash)
    {
        ulong mix = (hash + 0x9E37_79B9ul) * 0xD6E8_FEB8_6659_FD93;
        mix = (mix ^ (mix >> 32)) * 0xD6E8_FEB8_6659_FD93;
        return mix ^ (mix >> 32);
    }
}
