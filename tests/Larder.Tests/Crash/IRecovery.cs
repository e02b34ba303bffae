namespace Larder.Tests.Crash;

/// <summary>What a store held after it was opened on what a crash had left.</summary>
/// <param name="Sequence">Its last commit.</param>
/// <param name="Content">Everything in it.</param>
internal readonly record struct Recovered(long Sequence, Content Content);

/// <summary>How the subject of a <see cref="CrashCheck"/> comes back to life.</summary>
internal interface IRecovery
{
    /// <summary>Opens what a crash left, reads everything, and makes sure that it can be used: that a write outlives the next crash.</summary>
    Recovered Recover(DiskImage image, DateTimeOffset now);

    /// <summary>The same as a recording, whose crashes can be enumerated in turn. Nothing but the first recovery's result is allowed to come back.</summary>
    Recording Record(DiskImage image, Recovered first, DateTimeOffset now);
}
