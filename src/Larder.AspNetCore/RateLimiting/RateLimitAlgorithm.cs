namespace Larder.AspNetCore;

/// <summary>How requests are counted. None of the three ever allows more than limit + burst in a window, whatever the concurrency.</summary>
public enum RateLimitAlgorithm
{
    /// <summary>Minutes of the clock, each counted by itself. The cheapest; two busy halves of neighbouring minutes may come together.</summary>
    FixedWindow = 0,

    /// <summary>The last 60 seconds, whenever one looks, counted in slices of 5 seconds: a request is counted for 60 to 65 seconds.</summary>
    SlidingWindow = 1,

    /// <summary>
    /// A bucket that holds <see cref="RateLimitOptions.BurstSize"/> + 1 requests and is refilled evenly at
    /// <see cref="RateLimitOptions.RequestsPerMinute"/>: smooth, and without windows at whose beginning everybody comes at once.
    /// </summary>
    TokenBucket = 2,
}
