namespace Larder.Changes;

/// <summary>
/// A mutual exclusion for a few instructions inside a commit: whoever finds it taken spins and yields. Unlike one that parks or sleeps it is
/// no wait that <see cref="Thread.Interrupt"/> ends, so that entering never throws. Not re-entrant, not fair.
/// </summary>
internal sealed class SpinGate
{
    private const int SpinsBeforeYielding = 10;   // for as long as somebody inside needs; after that they are likely to have lost their processor

    private int _isHeld;

    /// <summary>Enters; dispose the result to leave.</summary>
    internal Inside Enter()
    {
        for (int spin = 1; Interlocked.Exchange(ref _isHeld, 1) != 0; spin++)
        {
            if (spin <= SpinsBeforeYielding)
            {
                Thread.SpinWait(spin);
            }
            else
            {
                Thread.Yield();   // neither SpinLock nor SpinWait: both sleep now and then, if only for no time, and a sleep can be interrupted
            }
        }

        return new Inside(this);
    }

    /// <summary>Somebody is inside until this is disposed.</summary>
    internal readonly ref struct Inside(SpinGate gate)
    {
        public void Dispose() => Volatile.Write(ref gate._isHeld, 0);
    }
}
