namespace Larder.AspNetCore;

/// <summary>What a rate limit says to one request. All figures are -1 when the path is not limited.</summary>
/// <param name="Allowed">Whether the request is within the limit, or within the burst allowance.</param>
/// <param name="Remaining">How many more requests would be allowed now; 0 in the burst allowance and when refused.</param>
/// <param name="Reset">When more will be allowed, in seconds since 1970-01-01 UTC, rounded up.</param>
/// <param name="Limit">The limit a minute.</param>
/// <param name="Reason">Why it was refused, or that the burst allowance is being used; null otherwise.</param>
public readonly record struct RateLimitResult(bool Allowed, long Remaining, long Reset, long Limit, string? Reason);
