using System.Text;
using Larder.AspNetCore.Paths;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>The limit of a route, or of everything else, ready for use: a copy of the options it was made of.</summary>
internal sealed class Limit
{
    private readonly PathPatterns _excluded;
    private readonly bool _enabled;

    /// <summary>Takes options that have no problem. The pattern is empty for the limit of everything else.</summary>
    internal Limit(string pattern, RateLimitOptions options)
    {
        Pattern = pattern;
        Utf8Pattern = Encoding.UTF8.GetBytes(pattern);
        BanThreshold = options.AutoBanThreshold;
        BanDuration = options.AutoBanDuration;
        _enabled = options.Enabled;
        _excluded = new PathPatterns(options.ExcludedPaths);
        Algorithm = options.Algorithm switch
        {
            RateLimitAlgorithm.SlidingWindow => new SlidingWindow(options.RequestsPerMinute, options.BurstSize, Utf8Pattern),
            RateLimitAlgorithm.TokenBucket => new TokenBucket(options.RequestsPerMinute, options.BurstSize, Utf8Pattern),
            _ => new FixedWindow(options.RequestsPerMinute, options.BurstSize, Utf8Pattern),
        };
    }

    internal string Pattern { get; }

    internal byte[] Utf8Pattern { get; }

    internal int BanThreshold { get; }

    internal TimeSpan BanDuration { get; }

    internal IRateAlgorithm Algorithm { get; }

    internal bool AppliesTo(string path) => _enabled && !_excluded.Match(path);
}
