namespace Larder.AspNetCore;

/// <summary>
/// What is refused as an attempt to break in. Looked at are the path, the names and values of the query, and the values of headers that are not skipped;
/// never the body.
/// </summary>
public sealed class PenetrationOptions
{
    /// <summary>Whether requests are inspected. Default: they are.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether the rules that come with the guard apply: SQL injection, script injection, path traversal and shell injection, written so that ordinary
    /// traffic passes. Default: they do.
    /// </summary>
    public bool UseDefaultRules { get; set; } = true;

    /// <summary>
    /// Regular expressions of your own, searched in any case. They run in time linear in the text, so lookarounds and backreferences are refused.
    /// Default: none.
    /// </summary>
    public IList<string> Patterns { get; } = new List<string>();

    /// <summary>Headers that are not inspected, besides user agent, cookies, credentials, and those of negotiation and caching. Default: none.</summary>
    public IList<string> SkippedHeaders { get; } = new List<string>();

    /// <summary>Whether what is found is only logged, as a warning, and the request allowed. Default: it is refused.</summary>
    public bool DetectOnly { get; set; }
}
