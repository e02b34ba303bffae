namespace Larder.AspNetCore;

/// <summary>What the guard says to a request. The default value refuses.</summary>
/// <param name="Allowed">Whether the request may pass.</param>
/// <param name="Type">Which part refused it, one of <see cref="GuardDecisionType"/>; null when it is allowed.</param>
/// <param name="Reason">Why, in a sentence for people; null when it is allowed.</param>
/// <param name="RateLimit">What the rate limit said, when it was asked; null when an earlier part refused.</param>
public readonly record struct GuardDecision(bool Allowed, string? Type, string? Reason, RateLimitResult? RateLimit);
