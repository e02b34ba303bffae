using System.Numerics;

namespace Larder.Eviction;

/// <summary>
/// Finds the arm that suits the traffic: miniatures see the keys whose hashes fall below a limit, each plays one arm, and the cache takes the arm that
/// found most of late. (Miniature simulation: Waldspurger et al., USENIX ATC 2017.) Guarded by the cache's gate; the limit may be read by anybody.
/// </summary>
internal sealed class ArmTuner
{
    private const int MostEntries = 512;        // in small caches, where a few keys more or less in the sample matter most;
    private const int UsualEntries = 256;       // in large ones
    private const int Slope = 1_300_000;        // and from 2,500 to 5,000 entries in between
    private const int FewestEntries = 8;
    private const double MostOfTheKeys = 0.5;   // four small updates for every other key is all that a small cache should pay
    private const int ShortestPeriod = 64;
    private const double Decay = 0.98;
    private const double Lead = 0.005;          // what a better arm must be ahead by, as a share

    // The first is played until the miniatures know more. It is the one whose absence costs most: a loop that is not held is missed whole.
    private static readonly Arm[] _arms = [Arm.Loop, Arm.Balanced, Arm.Recency, Arm.Scan];

    private readonly Miniature[] _miniatures;
    private readonly double[] _found = new double[_arms.Length];
    private readonly int _period;
    private int _accesses;
    private int _best;

    internal ArmTuner(int capacity)
    {
        int most = Math.Clamp(Slope / capacity, UsualEntries, MostEntries);
        double share = Math.Min(MostOfTheKeys, (double)most / capacity);
        int entries = (int)Math.Clamp(Math.Round(capacity * share), Math.Min(capacity, FewestEntries), most);
        _miniatures = Array.ConvertAll(_arms, arm => new Miniature(entries, arm));
        Limit = (uint)(share * uint.MaxValue);
        Backlog = (int)BitOperations.RoundUpToPowerOf2((uint)entries * 4);
        _period = Math.Max(ShortestPeriod, entries);
    }

    /// <summary>
    /// How many sampled hits should be kept until the next insertion shows them to the tuner; a power of two. If many are dropped, loops look shorter than they are.
    /// </summary>
    internal int Backlog { get; }

    internal Arm Best => _arms[_best];

    /// <summary>The share of the keys that the miniatures want to see, as a limit for <see cref="Samples"/>.</summary>
    internal uint Limit { get; }

    /// <summary>Whether a key is among a share of them.</summary>
    internal static bool Samples(uint hash, uint limit) => hash < limit;

    /// <summary>Shows the miniatures an access to a sampled key; whether another arm is the best now.</summary>
    internal bool Access(uint hash)
    {
        for (int i = 0; i < _miniatures.Length; i++)
        {
            _found[i] += _miniatures[i].Access(hash) ? 1 : 0;
        }

        if (++_accesses % _period != 0)
        {
            return false;
        }

        int best = _best;
        double lead = _found[_best] * Lead;
        for (int i = 0; i < _found.Length; i++)
        {
            if (_found[i] > _found[best] + (best == _best ? lead : 0))
            {
                best = i;
            }
        }

        for (int i = 0; i < _found.Length; i++)
        {
            _found[i] *= Decay;
        }

        bool isChange = best != _best;
        _best = best;
        return isChange;
    }
}
