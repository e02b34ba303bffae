namespace Larder.NostrMls.State;

/// <summary>When a group or an invitation was last used, on the clock of uses. One object as long as it lives, through all versions of the state.</summary>
internal sealed class Recency(long stamp)
{
    private long _stamp = stamp;

    internal long Stamp
    {
        get => Volatile.Read(ref _stamp);
        set => Volatile.Write(ref _stamp, value);
    }
}

/// <summary>Who takes note of uses: the clock at once, a draft when it is committed.</summary>
internal interface IUses
{
    void Note(Recency recency);
}

/// <summary>
/// Numbers uses. Readers on many threads stamp without a gate: of two uses at the same moment either may be the later. What was used last is not stamped again, so that readers
/// of one group do not contend for the clock.
/// </summary>
internal sealed class UseClock : IUses
{
    private long _now;

    public void Note(Recency recency)
    {
        if (recency.Stamp != Volatile.Read(ref _now))
        {
            recency.Stamp = Next();
        }
    }

    internal long Next() => Interlocked.Increment(ref _now);

    /// <summary>Goes on from here, when a store was opened.</summary>
    internal void AdvanceTo(long stamp) => _now = Math.Max(_now, stamp);
}
