namespace Larder.Tests.Concurrency;

/// <summary>Lets threads go on together once all have come. Spins, because a kernel wait would let them go one after the other.</summary>
internal sealed class SpinBarrier(int participants)
{
    private int _arrived;
    private int _round;

    public void SignalAndWait()
    {
        int round = Volatile.Read(ref _round);
        if (Interlocked.Increment(ref _arrived) == participants)
        {
            _arrived = 0;
            Volatile.Write(ref _round, round + 1);
            return;
        }

        var spin = default(SpinWait);
        while (Volatile.Read(ref _round) == round)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
