namespace Larder.Tests.Concurrency;

/// <summary>Small random pauses, which make threads meet that would pass each other by. Each thread has its own sequence.</summary>
internal static class Perturbation
{
    [ThreadStatic]
    private static uint _state;

    /// <summary>A random number below <paramref name="bound"/>: cheap, and shared with nobody.</summary>
    public static int Next(int bound)
    {
        uint x = _state == 0 ? (uint)Random.Shared.Next(1, int.MaxValue) : _state;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        _state = x;
        return (int)(x % (uint)bound);
    }

    public static void Pause()
    {
        switch (Next(8))
        {
            case < 3:
                Thread.Yield();
                break;
            case < 6:
                Thread.SpinWait(Next(60));
                break;
        }
    }
}
