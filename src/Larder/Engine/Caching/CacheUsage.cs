using System.Runtime.CompilerServices;
using Larder.Eviction;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// What a cache notes of its look-ups: counts for its statistics, and samples for the tuner of its policy. Threads write to cells of their own; the tuner is guarded by the
/// cache's gate.
/// </summary>
internal sealed class CacheUsage(bool counts)
{
    private const int DrainEvery = 8;   // insertions between two looks at what threads have sampled

    private readonly ThreadCells<Lookups> _lookups = new();
    private ArmTuner? _tuner;
    private uint _sampled;              // the tuner's limit, where look-ups see it; 0 without one

    /// <summary>The arm that found most of late.</summary>
    internal Arm Best => _tuner?.Best ?? Arm.Balanced;

    /// <summary>All look-ups that found something, and all that did not.</summary>
    internal (long Hits, long Misses) Totals
    {
        get
        {
            (long hits, long misses) = (0, 0);
            foreach (Lookups? one in _lookups.All)
            {
                hits += one is null ? 0 : Volatile.Read(ref one.Hits);
                misses += one is null ? 0 : Volatile.Read(ref one.Misses);
            }

            return (hits, misses);
        }
    }

    /// <summary>Notes that a look-up found a key; true, so that a look-up can end with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Hit(uint hash)
    {
        Use(hash);
        if (counts)
        {
            _lookups.Mine.Hits++;   // last: asking for the thread is a call, and then little has to be saved around it
        }

        return true;
    }

    /// <summary>Notes that a look-up found nothing; false, so that a look-up can end with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Miss()
    {
        if (counts)
        {
            _lookups.Mine.Misses++;
        }

        return false;
    }

    /// <summary>Keeps a key that is there and was used, if the tuner samples it, until insertions show it to the tuner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Use(uint hash)
    {
        if (ArmTuner.Samples(hash, _sampled))
        {
            Sample(hash);
        }
    }

    /// <summary>Shows the tuner what was sampled, and this newcomer; whether another arm is the best now. The gate is held.</summary>
    internal bool ArriveLocked(uint hash, long insertions)
    {
        bool isChange = false;
        if (_tuner is not { } tuner)
        {
            return false;
        }

        if (insertions % DrainEvery == 0)
        {
            foreach (Lookups? one in _lookups.All)
            {
                while (one is not null && one.TryTake(out uint sampled))
                {
                    isChange |= tuner.Access(sampled);
                }
            }
        }

        return isChange | (ArmTuner.Samples(hash, tuner.Limit) && tuner.Access(hash));
    }

    /// <summary>Whether there is a tuner yet. The gate is held.</summary>
    internal bool IsTuned => _tuner is not null;

    /// <summary>Begins with a tuner that knows nothing yet, or with none. The gate is held.</summary>
    internal void TuneLocked(ArmTuner? tuner)
    {
        _tuner = tuner;
        _sampled = tuner?.Limit ?? 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Sample(uint hash)
    {
        if (_tuner is { } tuner)
        {
            _lookups.Mine.Note(hash, tuner.Backlog);
        }
    }
}
