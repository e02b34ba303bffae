using System.Runtime.InteropServices;

namespace Larder.Engine;

/// <summary>
/// What one thread notes of its look-ups: how many found something, and the sampled keys it found, for the tuner. The thread alone writes, except for
/// <see cref="_taken"/>, which is the gate's; when nobody takes samples away, new ones are dropped.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal sealed class Lookups
{
    [FieldOffset(0)]
    private uint[]? _samples;   // a ring, made with the first

    [FieldOffset(72)]
    internal long Hits;

    [FieldOffset(80)]
    internal long Misses;

    [FieldOffset(88)]
    private int _noted;

    [FieldOffset(92)]
    private int _taken;

    /// <summary>Notes a sampled key, by the thread itself, in a ring of so many, a power of two, if it has none yet.</summary>
    internal void Note(uint hash, int room)
    {
        int noted = _noted;
        room = _samples?.Length ?? room;
        if (noted - Volatile.Read(ref _taken) < room)
        {
            _samples ??= new uint[room];
            _samples[noted & (_samples.Length - 1)] = hash;
            Volatile.Write(ref _noted, noted + 1);
        }
    }

    /// <summary>Takes the oldest sample. The gate is held.</summary>
    internal bool TryTake(out uint hash)
    {
        int taken = _taken;
        if (taken == Volatile.Read(ref _noted))
        {
            hash = 0;
            return false;
        }

        hash = _samples![taken & (_samples.Length - 1)];

        Volatile.Write(ref _taken, taken + 1);
        return true;
    }
}
