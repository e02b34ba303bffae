namespace Larder.AspNetCore;

/// <summary>Which other origins' scripts may read the answers. Only the middleware has use for it. A list that is null has its default; one that is given replaces it.</summary>
public sealed class GuardCorsOptions
{
    /// <summary>Whether the headers are sent. Default: they are.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Origins such as <c>https://example.com</c>, <c>*.example.com</c> for every host below a domain, <c>*</c> for all. Default: <c>*</c>.</summary>
    public IList<string>? AllowedOrigins { get; set; }

    /// <summary>Methods. Default: GET, POST, PUT, DELETE, OPTIONS.</summary>
    public IList<string>? AllowedMethods { get; set; }

    /// <summary>Request headers, <c>*</c> for all. Default: <c>*</c>.</summary>
    public IList<string>? AllowedHeaders { get; set; }

    /// <summary>Whether cookies and credentials may be sent along. Default: not. Refused together with all origins.</summary>
    public bool AllowCredentials { get; set; }

    /// <summary>How long a browser may remember the answer to a preflight. Default 600 s; at least 0.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(600);
}
