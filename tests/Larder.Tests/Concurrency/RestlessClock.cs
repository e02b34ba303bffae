namespace Larder.Tests.Concurrency;

/// <summary>A manual clock that pauses whoever reads it, now and then: inside the store, that is the middle of an operation.</summary>
internal sealed class RestlessClock(ManualTimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp()
    {
        long now = clock.GetTimestamp();
        Perturbation.Pause();
        return now;
    }

    public override DateTimeOffset GetUtcNow()
    {
        DateTimeOffset now = clock.GetUtcNow();
        Perturbation.Pause();
        return now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
