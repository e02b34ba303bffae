using System.Text;

namespace Larder.AspNetCore.Paths;

/// <summary>
/// A set of paths: <c>/a/b</c> exactly, <c>/p/*</c> for <c>/p</c> and exactly one segment more, <c>/p/**</c> for <c>/p</c> and everything below, <c>*</c> for
/// everything. A trailing slash makes no difference, nor does case, as in the routing of ASP.NET Core: a limit that another spelling evades is none.
/// </summary>
internal sealed class PathPattern
{
    /// <summary>The longest pattern, in UTF-8; patterns become part of keys.</summary>
    internal const int MaxBytes = 256;

    private readonly string _prefix;
    private readonly Reach _reach;

    private PathPattern(string prefix, Reach reach)
    {
        _prefix = prefix;
        _reach = reach;
    }

    private enum Reach
    {
        Exact,
        OneMore,
        Below,
        Everything,
    }

    /// <summary>The path, when the pattern is one and has no wildcard; otherwise null.</summary>
    internal string? Exact => _reach == Reach.Exact ? _prefix : null;

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    internal static string? Problem(string? pattern)
    {
        if (pattern == "*")
        {
            return null;
        }

        if (string.IsNullOrEmpty(pattern) || pattern[0] != '/')
        {
            return $"the path pattern '{pattern}' must begin with '/', or be '*'";
        }

        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0 && pattern[(star - 1)..] is not ("/*" or "/**"))
        {
            return $"the path pattern '{pattern}' has a '*' that is not its whole last segment";
        }

        return Encoding.UTF8.GetByteCount(pattern) > MaxBytes ? $"the path pattern '{pattern[..32]}...' is longer than {MaxBytes} bytes" : null;
    }

    /// <summary>Takes a pattern that has no problem.</summary>
    internal static PathPattern Parse(string pattern) => pattern switch
    {
        "*" => new(pattern, Reach.Everything),
        [.. var prefix, '/', '*', '*'] => new(prefix, Reach.Below),
        [.. var prefix, '/', '*'] => new(prefix, Reach.OneMore),
        _ => new(WithoutSlash(pattern).ToString(), Reach.Exact),
    };

    /// <summary>A path without its trailing slash; the root, which has nothing else, becomes empty.</summary>
    internal static ReadOnlySpan<char> WithoutSlash(ReadOnlySpan<char> path) => path is [.. var most, '/'] ? most : path;

    internal bool Matches(ReadOnlySpan<char> path)
    {
        if (_reach == Reach.Everything)
        {
            return true;
        }

        path = WithoutSlash(path);
        if (!path.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> rest = path[_prefix.Length..];
        return rest.IsEmpty
            || (rest[0] == '/' && (_reach == Reach.Below || (_reach == Reach.OneMore && rest.Length > 1 && !rest[1..].Contains('/'))));
    }
}
