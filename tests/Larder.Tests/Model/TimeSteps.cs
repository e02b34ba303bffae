namespace Larder.Tests.Model;

internal sealed record AdvanceStep(TimeSpan By) : Step
{
    public override void Run(Trial trial)
    {
        // The model first: what the store's timers do on the way is then already expected.
        trial.Model.Advance(By.Ticks);
        trial.Clock.Advance(By);
    }
}

/// <summary>Moves the clock to a key's deadline, give or take some ticks; not at all when that is in the past or far ahead.</summary>
internal sealed record AdvanceToDeadlineStep(Place Key, long Offset) : Step
{
    public override void Run(Trial trial)
    {
        long distance = (trial.Model.Find(Key.Full)?.Deadline ?? 0) + Offset - trial.Model.Now;
        if (distance > 0 && distance < TimeSpan.TicksPerDay)
        {
            new AdvanceStep(new TimeSpan(distance)).Run(trial);
        }
    }
}
