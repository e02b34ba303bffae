namespace Larder.AspNetCore;

/// <summary>How many requests one client may make. A client is an address.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Whether requests are counted and refused. Default: they are. Off in the options of the guard, no route is limited either.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How requests are counted. Default: in minutes of the clock.</summary>
    public RateLimitAlgorithm Algorithm { get; set; } = RateLimitAlgorithm.FixedWindow;

    /// <summary>The most requests in a minute. Default 60; from 1 to 1,000,000.</summary>
    public int RequestsPerMinute { get; set; } = 60;

    /// <summary>
    /// How many requests beyond the limit are allowed in an hour, counted from the first of them; for a token bucket, how many requests beyond one may come
    /// at once. Default 10; from 0 to 1,000,000.
    /// </summary>
    public int BurstSize { get; set; } = 10;

    /// <summary>How many refusals within 24 hours, counted from the first of them, ban a client. Default 100; at least 1.</summary>
    public int AutoBanThreshold { get; set; } = 100;

    /// <summary>How long such a ban lasts. Default 60 minutes; more than 0.</summary>
    public TimeSpan AutoBanDuration { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>
    /// Paths that are not limited: <c>/ready</c> exactly, <c>/p/*</c> for <c>/p</c> and one segment more, <c>/p/**</c> for <c>/p</c> and everything
    /// below, <c>*</c> for everything.
    /// </summary>
    public IList<string> ExcludedPaths { get; } = new List<string>();
}
