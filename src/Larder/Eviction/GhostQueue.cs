using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Larder.Eviction;

/// <summary>
/// The keys that were refused last, by fingerprint: a set-associative table. Each set is a ring of sixteen places, of 16 bits of hash and 16 bits of when each. A key is
/// forgotten when as many others were refused since as the ghost is long, or when sixteen newer ones share its set. About five bytes per remembered key.
/// </summary>
internal sealed class GhostQueue
{
    private const int Ways = 16;
    private const double Slack = 1.3;        // places per remembered key, so that few sets overflow
    private const int MostStamps = 14;       // bits: the whole length is at most a quarter of what 16 bits tell apart

    private readonly Set[] _sets;
    private readonly long _length;
    private readonly int _stampShift;
    private long _refusals;

    /// <param name="length">How many keys it remembers.</param>
    internal GhostQueue(long length)
    {
        _length = Math.Min(length, Array.MaxLength);
        _sets = new Set[Math.Max(1, (long)Math.Ceiling(_length * Slack / Ways))];
        _stampShift = Math.Max(0, BitOperations.Log2((ulong)Math.Max(1, _length)) + 1 - MostStamps);
    }

    private ushort Now => (ushort)(_refusals >> _stampShift);

    /// <summary>Remembers a key that was refused.</summary>
    internal void Add(uint hash)
    {
        _refusals++;
        ref Set set = ref SetOf(hash, out ushort print);
        int place = set.Next++ & (Ways - 1);
        set.Prints[place] = print;
        set.Stamps[place] = Now;
    }

    /// <summary>Whether the key is remembered; if so it is forgotten, because it comes back.</summary>
    internal bool Take(uint hash)
    {
        ref Set set = ref SetOf(hash, out ushort print);
        var prints = Vector256.LoadUnsafe(ref Unsafe.As<Prints, ushort>(ref set.Prints));
        for (uint matches = Vector256.Equals(prints, Vector256.Create(print)).ExtractMostSignificantBits(); matches != 0; matches &= matches - 1)
        {
            int place = BitOperations.TrailingZeroCount(matches);
            set.Prints[place] = 0;
            if ((long)(ushort)(Now - set.Stamps[place]) << _stampShift <= _length)
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Set SetOf(uint hash, out ushort print)
    {
        ulong mix = (hash ^ 0x5851_F42Du) * 0x9E37_79B9_7F4A_7C15ul;
        print = (ushort)((mix >> 16) | 1);
        return ref _sets[(int)(((mix >> 32) * (uint)_sets.Length) >> 32)];
    }

    [InlineArray(Ways)]
    private struct Prints
    {
        private ushort _first;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Set
    {
        internal Prints Prints;   // 0 is an empty place
        internal Prints Stamps;
        internal ushort Next;
    }
}
