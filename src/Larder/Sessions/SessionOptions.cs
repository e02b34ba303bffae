namespace Larder;

/// <summary>How sessions live. A <see cref="SessionStorage"/> copies what it needs when it is made; later changes have no effect. Impossible
/// values are refused all at once, by one <see cref="ArgumentException"/> that lists every one of them.</summary>
public sealed class SessionOptions
{
    /// <summary>
    /// How long a session lives after its last use; null for no such limit. Default: 20 minutes. A touch prolongs it to exactly this; a get or a
    /// set does unless one did within the last sixteenth of it, so that reading stays reading. So a session is never there later than this after its
    /// last use, and always there for fifteen sixteenths of it.
    /// </summary>
    public TimeSpan? IdleTimeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a session lives after it began, however much it is used; null, the default, for no such limit. Rotating does not renew it.</summary>
    public TimeSpan? AbsoluteTimeout { get; set; }

    /// <summary>The most keys of one session; at least 1. Default: 1,024.</summary>
    public int MaxKeysPerSession { get; set; } = 1024;

    /// <summary>The largest value, in bytes of UTF-8. Default: 1 MiB. The limit of the store holds as well.</summary>
    public int MaxValueBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Whether only <see cref="SessionStorage.Create"/> begins sessions. Default: false: to set a key under an unknown id begins one. Ids that
    /// come from visitors should be strict, or a visitor chooses the id of a session.
    /// </summary>
    public bool Strict { get; set; }

    /// <summary>
    /// How often what ended sessions have left is removed from the store. Default: 1 minute; <see cref="Timeout.InfiniteTimeSpan"/> leaves it to
    /// <see cref="SessionStorage.Sweep"/>. Whether a session has ended never waits for it.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The clock of the sweep, and of when a use is worth a renewal. Default: the system's. Time-outs themselves follow the clock of the store.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal SessionOptions Validated()
    {
        var problems = new List<string>();
        Check(IdleTimeout is null || IdleTimeout > TimeSpan.Zero, $"IdleTimeout must be positive, but is {IdleTimeout}");
        Check(AbsoluteTimeout is null || AbsoluteTimeout > TimeSpan.Zero, $"AbsoluteTimeout must be positive, but is {AbsoluteTimeout}");
        Check(MaxKeysPerSession >= 1, $"MaxKeysPerSession must be at least 1, but is {MaxKeysPerSession}");
        Check(MaxValueBytes >= 0, $"MaxValueBytes must be at least 0, but is {MaxValueBytes}");
        Check(
            SweepInterval == Timeout.InfiniteTimeSpan || (SweepInterval >= TimeSpan.FromMilliseconds(1) && SweepInterval <= TimeSpan.FromDays(49)),
            $"SweepInterval must be from 1 ms to 49 days, or infinite, but is {SweepInterval}");
        Check(TimeProvider is not null, "TimeProvider must not be null");
        return problems.Count == 0
            ? (SessionOptions)MemberwiseClone()
            : throw new ArgumentException($"the session options are not valid: {string.Join("; ", problems)}.");

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
