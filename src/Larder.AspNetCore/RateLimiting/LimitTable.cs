using System.Collections.Frozen;
using Larder.AspNetCore.Paths;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>Which limit applies to a path. Never changes: adding a route makes another table.</summary>
internal sealed class LimitTable
{
    private readonly FrozenDictionary<string, Limit>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly (PathPattern Pattern, Limit Limit)[] _patterns;

    internal LimitTable(Limit @default, IReadOnlyList<Limit> routes)
    {
        Default = @default;
        Routes = routes;
        (PathPattern Pattern, Limit Limit)[] parsed = [.. routes.Select(route => (PathPattern.Parse(route.Pattern), route))];
        _exact = parsed
            .Where(route => route.Pattern.Exact is not null)
            .ToFrozenDictionary(route => route.Pattern.Exact!, route => route.Limit, StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _patterns = [.. parsed.Where(route => route.Pattern.Exact is null)];
    }

    /// <summary>The limit of every path that no route matches.</summary>
    internal Limit Default { get; }

    internal IReadOnlyList<Limit> Routes { get; }

    /// <summary>The same table with one more route; a pattern that is there already keeps its place and gets the new limit.</summary>
    internal LimitTable With(Limit route)
    {
        PathPattern added = PathPattern.Parse(route.Pattern);
        bool Same(Limit other) => string.Equals(
            added.Exact ?? route.Pattern, PathPattern.Parse(other.Pattern).Exact ?? other.Pattern, StringComparison.OrdinalIgnoreCase);
        return new LimitTable(Default, Routes.Any(Same) ? [.. Routes.Select(other => Same(other) ? route : other)] : [.. Routes, route]);
    }

    /// <summary>An exact match first, then patterns in the order in which they were added, else the default.</summary>
    internal Limit For(ReadOnlySpan<char> path)
    {
        if (Routes.Count == 0 || path.IsEmpty)
        {
            return Default;
        }

        if (_exact.TryGetValue(PathPattern.WithoutSlash(path), out Limit? exact))
        {
            return exact;
        }

        foreach ((PathPattern pattern, Limit limit) in _patterns)
        {
            if (pattern.Matches(path))
            {
                return limit;
            }
        }

        return Default;
    }
}
