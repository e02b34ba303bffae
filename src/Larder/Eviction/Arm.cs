namespace Larder.Eviction;

/// <summary>One way to run <see cref="AdmissionPolicy"/>; which one suits cannot be known beforehand, so <see cref="ArmTuner"/> tries all.</summary>
/// <param name="WindowShare">The window's share of the bound.</param>
/// <param name="PromoteAt">Hits in the window that earn a place in the main queue without a contest; more than a counter holds for never.</param>
/// <param name="HasContest">Whether the sketch may let a newcomer in; if not, only <paramref name="PromoteAt"/> does.</param>
/// <param name="HasGhost">Whether a refused key that comes back goes straight to the main queue.</param>
/// <param name="HandStays">Whether the hand passes entries by where they are (SIEVE) instead of moving them to the end (CLOCK).</param>
internal readonly record struct Arm(double WindowShare, int PromoteAt, bool HasContest, bool HasGhost, bool HandStays)
{
    private const int Never = 99;

    /// <summary>Newcomers must be asked for more often than whom they displace.</summary>
    internal static Arm Balanced => new(0.10, Never, HasContest: true, HasGhost: true, HandStays: false);

    /// <summary>What was found once in a long window stays: for traffic that drifts.</summary>
    internal static Arm Recency => new(0.20, 1, HasContest: false, HasGhost: true, HandStays: false);

    /// <summary>A short window and two hits: for scans and loops.</summary>
    internal static Arm Scan => new(0.01, 2, HasContest: false, HasGhost: true, HandStays: false);

    /// <summary>Strict admission and a hand that moves nothing: holds loops that a clock with a ghost loses.</summary>
    internal static Arm Loop => new(0.05, Never, HasContest: true, HasGhost: false, HandStays: true);
}
