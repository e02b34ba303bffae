namespace Larder.AspNetCore.Paths;

/// <summary>Several patterns of paths. Takes patterns that have no problem.</summary>
internal sealed class PathPatterns(IEnumerable<string> patterns)
{
    private readonly PathPattern[] _patterns = [.. patterns.Select(PathPattern.Parse)];

    internal bool Match(ReadOnlySpan<char> path)
    {
        foreach (PathPattern pattern in _patterns)
        {
            if (pattern.Matches(path))
            {
                return true;
            }
        }

        return false;
    }
}
