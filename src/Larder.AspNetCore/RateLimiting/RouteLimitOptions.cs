namespace Larder.AspNetCore;

/// <summary>A limit of its own for the paths that a pattern matches.</summary>
public sealed class RouteLimitOptions
{
    /// <summary>The pattern, as in <see cref="RateLimitOptions.ExcludedPaths"/>. Required.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The limit of these paths; what is not said has the defaults of <see cref="RateLimitOptions"/>, not those of the guard.</summary>
    public RateLimitOptions Limit { get; set; } = new();
}
