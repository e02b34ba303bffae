namespace Larder.Comparisons.Measuring;

/// <summary>How large and how long to measure.</summary>
internal sealed record Effort(string Name, int Small, int Large, int Rounds, int Operations, TimeSpan Slice, TimeSpan WarmUp)
{
    public static readonly Effort Full = new("full", 4_096, 1_000_000, 9, 1 << 20, Milliseconds(150), Milliseconds(1_000));

    public static readonly Effort Quick = new("quick", 4_096, 1_000_000, 3, 1 << 18, Milliseconds(60), Milliseconds(700));

    /// <summary>Only shows that everything runs.</summary>
    public static readonly Effort Smoke = new("smoke", 2_048, 10_000, 2, 1 << 13, Milliseconds(5), Milliseconds(10));

    /// <summary>How many entries the stores hold whose flushed puts are measured.</summary>
    public int Flushed => MeansNothing ? 1_000 : 50_000;

    /// <summary>Many short rounds where the device decides: it stalls now and then, and for longer than a slice.</summary>
    public int FlushedRounds => MeansNothing ? Rounds : Rounds * 5;

    /// <summary>How many entries the old designs hold: theirs is the size at which they were in use.</summary>
    public int Seeds => MeansNothing ? 500 : 5_000;

    /// <summary>How many logged puts make a slice: more bytes than any store keeps back in memory.</summary>
    public int LoggedOperations => MeansNothing ? 1 << 10 : 1 << 17;

    /// <summary>Rounds of work that takes a second.</summary>
    public int LongRounds => Math.Min(Rounds, 5);

    /// <summary>Entries of the larger of the caches that are full and churn.</summary>
    public int Churn => MeansNothing ? 8_192 : 131_072;

    /// <summary>Entries of the caches whose memory and pauses are measured.</summary>
    public int Millions => MeansNothing ? 20_000 : 5_000_000;

    /// <summary>How many messages a group holds; the last number is what a group keeps.</summary>
    public int[] MlsMessages => MeansNothing ? [100, 500] : [1_000, 10_000];

    /// <summary>How many groups there are besides the one that is measured.</summary>
    public int[] MlsOtherGroups => MeansNothing ? [0, 3] : [0, 100];

    public bool MeansNothing => this == Smoke;

    public int[] Sizes => [Small, Large];

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
