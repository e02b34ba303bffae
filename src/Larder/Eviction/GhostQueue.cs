using System.Numerics;

namespace Larder.Eviction;

/// <summary>
/// The keys that were refused last, by fingerprint: a set-associative table, each place holding 16 bits of hash and 16 bits of when. A key is forgotten when
/// as many others were refused since as the ghost is long, or when sixteen newer ones share its set. Four bytes a place.
/// </summary>
internal sealed class GhostQueue
{
    private const int Ways = 16;
    private const double Slack = 1.3;        // places per remembered key, so that few sets overflow

    private readonly uint[] _places;
    private readonly uint _sets;
    private readonly long _length;
    private readonly int _stampShift;
    private long _refusals = Ways;

    /// <param name="length">How many keys it remembers.</param>
    internal GhostQueue(long length)
    {
        _length = Math.Min(length, Array.MaxLength / 2);
        _sets = (uint)Math.Max(1, (long)Math.Ceiling(_length * Slack / Ways));
        _places = new uint[_sets * Ways];
        _stampShift = Math.Max(0, BitOperations.Log2((ulong)Math.Max(1, _length)) - 13);   // the whole length is at most 16,384 stamps, a quarter of what 16 bits tell apart
    }

    /// <summary>Remembers a key that was refused.</summary>
    internal void Add(uint hash)
    {
        _refusals++;
        Span<uint> set = Set(hash, out uint print);
        int oldest = 0;
        int most = -1;
        for (int i = 0; i < set.Length; i++)
        {
            int age = set[i] == 0 ? int.MaxValue : Age(set[i]);
            if (age > most)
            {
                (oldest, most) = (i, age);
            }
        }

        set[oldest] = (print << 16) | Stamp;
    }

    /// <summary>Whether the key is remembered; if so it is forgotten, because it comes back.</summary>
    internal bool Take(uint hash)
    {
        Span<uint> set = Set(hash, out uint print);
        for (int i = 0; i < set.Length; i++)
        {
            if (set[i] >> 16 == print && set[i] != 0)
            {
                bool isRemembered = (long)Age(set[i]) << _stampShift <= _length;
                set[i] = 0;
                if (isRemembered)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private uint Stamp => (ushort)(_refusals >> _stampShift);

    private int Age(uint place) => (ushort)(Stamp - place);

    private Span<uint> Set(uint hash, out uint print)
    {
        ulong mix = (hash ^ 0x5851_F42Du) * 0x9E37_79B9_7F4A_7C15ul;
        print = Math.Max(1u, (ushort)(mix >> 16));
        return _places.AsSpan((int)(((mix >> 32) * _sets) >> 32) * Ways, Ways);
    }
}
