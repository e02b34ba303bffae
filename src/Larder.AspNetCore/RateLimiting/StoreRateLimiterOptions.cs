namespace Larder.AspNetCore;

/// <summary>How a <see cref="StoreRateLimiter"/> limits.</summary>
public sealed class StoreRateLimiterOptions
{
    /// <summary>The most permits of one window; at least 1. Required.</summary>
    public int PermitLimit { get; set; }

    /// <summary>How long a window lasts, counted from the first permit that is taken of it; more than zero. Required.</summary>
    public TimeSpan Window { get; set; }

    /// <summary>How many permits may be waited for at once. Default 0: nobody waits.</summary>
    public int QueueLimit { get; set; }

    /// <summary>The clock by which waiting ends; should be that of the store. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A copy that nobody changes.</summary>
    /// <exception cref="ArgumentException">Some options are impossible; the message lists every one.</exception>
    internal StoreRateLimiterOptions Validated()
    {
        List<string> problems = [];
        Check(PermitLimit >= 1, $"PermitLimit must be at least 1, but is {PermitLimit}");
        Check(Window > TimeSpan.Zero, $"Window must be more than 0, but is {Window}");
        Check(QueueLimit >= 0, $"QueueLimit must be at least 0, but is {QueueLimit}");
        Check(TimeProvider is not null, "TimeProvider must not be null");
        return problems.Count == 0
            ? (StoreRateLimiterOptions)MemberwiseClone()
            : throw new ArgumentException($"the options of the rate limiter are not valid: {string.Join("; ", problems)}.");

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
