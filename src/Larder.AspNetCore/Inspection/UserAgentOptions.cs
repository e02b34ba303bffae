namespace Larder.AspNetCore;

/// <summary>Which user agents may come. A request without one is refused.</summary>
public sealed class UserAgentOptions
{
    /// <summary>Whether user agents are looked at. Default: they are.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Parts of user agents that are refused, in any case, such as <c>curl</c>. Default: none.</summary>
    public IList<string> BlockedAgents { get; } = new List<string>();

    /// <summary>Paths that any user agent may ask for; patterns as in <see cref="RateLimitOptions.ExcludedPaths"/>.</summary>
    public IList<string> ExcludedPaths { get; } = new List<string>();
}
