using Larder.AspNetCore.Guarding;

namespace Larder.AspNetCore;

/// <summary>
/// How a <see cref="Guard"/> decides. Can be bound from configuration as it is. A guard reads its options once, when it is made; what is wrong with them is told
/// then, all of it at once.
/// </summary>
public sealed class GuardOptions
{
    /// <summary>Bans and address lists.</summary>
    public IpFilterOptions IpFilter { get; set; } = new();

    /// <summary>User agents.</summary>
    public UserAgentOptions UserAgent { get; set; } = new();

    /// <summary>How many requests a client may make where no route has a limit of its own.</summary>
    public RateLimitOptions RateLimit { get; set; } = new();

    /// <summary>Limits of routes: an exact path first, then patterns in this order. See also <see cref="Guard.AddRouteLimit"/>.</summary>
    public IList<RouteLimitOptions> RouteLimits { get; } = new List<RouteLimitOptions>();

    /// <summary>Suspicious input.</summary>
    public PenetrationOptions Penetration { get; set; } = new();

    /// <summary>Cross-origin requests; for the middleware.</summary>
    public GuardCorsOptions Cors { get; set; } = new();

    /// <summary>Where state is kept, who is believed, what is answered; for the middleware.</summary>
    public GuardWebOptions Web { get; set; } = new();

    /// <summary>What is logged.</summary>
    public GuardLoggingOptions Logging { get; set; } = new();

    /// <summary>Everything that is wrong, a phrase each; empty when nothing is.</summary>
    internal IReadOnlyList<string> Problems() => GuardOptionsCheck.ProblemsOf(this);
}
