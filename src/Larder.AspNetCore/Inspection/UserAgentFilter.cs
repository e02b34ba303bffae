using System.Buffers;
using Larder.AspNetCore.Paths;

namespace Larder.AspNetCore.Inspection;

/// <summary>Refuses requests without a user agent, and those whose user agent has a part that is blocked.</summary>
internal sealed class UserAgentFilter(UserAgentOptions options)
{
    private readonly bool _enabled = options.Enabled;
    private readonly string[] _blocked = [.. options.BlockedAgents];
    private readonly SearchValues<string> _any = SearchValues.Create([.. options.BlockedAgents], StringComparison.OrdinalIgnoreCase);
    private readonly PathPatterns _excluded = new(options.ExcludedPaths);

    /// <summary>Why a user agent is refused; null when it is not.</summary>
    internal string? Refusal(string? userAgent, string path)
    {
        if (!_enabled)
        {
            return null;
        }

        bool isEmpty = string.IsNullOrWhiteSpace(userAgent);
        if ((!isEmpty && (_blocked.Length == 0 || !userAgent.AsSpan().ContainsAny(_any))) || _excluded.Match(path))
        {
            return null;
        }

        return isEmpty ? "Empty user agent" : $"Blocked user agent: {_blocked.First(part => userAgent!.Contains(part, StringComparison.OrdinalIgnoreCase))}";
    }
}
