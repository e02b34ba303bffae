namespace Larder.Eviction;

/// <summary>
/// The counters that hits raise, one for each entry, kept by whoever keeps the entries: where a look-up has just been, so that counting costs it nothing more.
/// </summary>
internal interface IHitCounters
{
    internal const byte Most = 3;

    ref byte this[int entry] { get; }

    /// <summary>Notes a hit. Needs no gate: a lost update costs nothing but a little advice.</summary>
    internal static void Raise(ref byte hits)
    {
        if (hits < Most)
        {
            hits++;
        }
    }
}
