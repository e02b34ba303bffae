using System.Net;
using Larder.AspNetCore.Addresses;
using Larder.AspNetCore.Inspection;
using Larder.AspNetCore.Paths;

namespace Larder.AspNetCore.Guarding;

/// <summary>What is wrong with options, all of it at once.</summary>
internal sealed class GuardOptionsCheck
{
    private const int Most = 1_000_000;

    private readonly List<string> _problems = [];

    internal static IReadOnlyList<string> ProblemsOf(GuardOptions options)
    {
        var check = new GuardOptionsCheck();
        check.All(options);
        return check._problems;
    }

    internal static IReadOnlyList<string> ProblemsOf(RateLimitOptions options)
    {
        var check = new GuardOptionsCheck();
        check.Limit("limit", options);
        return check._problems;
    }

    private void All(GuardOptions options)
    {
        Part("IpFilter", options.IpFilter, IpFilter);
        Part("UserAgent", options.UserAgent, UserAgent);
        Part("RateLimit", options.RateLimit, limit => Limit("RateLimit", limit));
        for (int i = 0; i < options.RouteLimits.Count; i++)
        {
            int at = i;
            Part($"RouteLimits[{at}]", options.RouteLimits[at], route =>
            {
                Patterns($"RouteLimits[{at}].Endpoint", [route.Endpoint]);
                Part($"RouteLimits[{at}].Limit", route.Limit, limit => Limit($"RouteLimits[{at}].Limit", limit));
            });
        }

        Part("Penetration", options.Penetration, Penetration);
        Part("Cors", options.Cors, Cors);
        Part("Logging", options.Logging, logging => Check(Enum.IsDefined(logging.Level), $"Logging.Level has no value {(int)logging.Level}"));
    }

    private void IpFilter(IpFilterOptions filter)
    {
        foreach (string entry in filter.Whitelist.Concat(filter.Blacklist))
        {
            Check(AddressText.TryParse(entry, out IPNetwork _), $"Invalid IP address: {entry}");
        }
    }

    private void UserAgent(UserAgentOptions agents)
    {
        Check(!agents.BlockedAgents.Any(string.IsNullOrWhiteSpace), "UserAgent.BlockedAgents has an empty entry, which would refuse everybody");
        Patterns("UserAgent.ExcludedPaths", agents.ExcludedPaths);
    }

    private void Limit(string name, RateLimitOptions limit)
    {
        Check(Enum.IsDefined(limit.Algorithm), $"{name}.Algorithm has no value {(int)limit.Algorithm}");
        Check(limit.RequestsPerMinute is >= 1 and <= Most, $"{name}.RequestsPerMinute must be from 1 to {Most}, but is {limit.RequestsPerMinute}");
        Check(limit.BurstSize is >= 0 and <= Most, $"{name}.BurstSize must be from 0 to {Most}, but is {limit.BurstSize}");
        Check(limit.AutoBanThreshold >= 1, $"{name}.AutoBanThreshold must be at least 1, but is {limit.AutoBanThreshold}");
        Check(
            limit.AutoBanDuration > TimeSpan.Zero || limit.AutoBanDuration == Timeout.InfiniteTimeSpan,
            $"{name}.AutoBanDuration must be more than 0, but is {limit.AutoBanDuration}");
        Patterns($"{name}.ExcludedPaths", limit.ExcludedPaths);
    }

    private void Penetration(PenetrationOptions penetration)
    {
        foreach (string pattern in penetration.Patterns)
        {
            Check(Compiles(pattern, out string? problem), $"Penetration.Patterns: '{pattern}' is no pattern that can be used: {problem}");
        }
    }

    private void Cors(GuardCorsOptions cors)
    {
        bool allOrigins = cors.AllowedOrigins is null || cors.AllowedOrigins.Contains("*");
        Check(!(cors.Enabled && cors.AllowCredentials && allOrigins), "Cors.AllowCredentials needs Cors.AllowedOrigins that are not '*'");
        Check(cors.MaxAge >= TimeSpan.Zero, $"Cors.MaxAge must be at least 0, but is {cors.MaxAge}");
    }

    private void Patterns(string name, IEnumerable<string> patterns)
    {
        foreach (string pattern in patterns)
        {
            string? problem = PathPattern.Problem(pattern);
            Check(problem is null, $"{name}: {problem}");
        }
    }

    private static bool Compiles(string? pattern, out string? problem)
    {
        try
        {
            ArgumentException.ThrowIfNullOrEmpty(pattern);
            Rule.Compile(pattern);
            problem = null;
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            problem = wrong.Message;
            return false;
        }
    }

    private void Part<T>(string name, T? part, Action<T> check)
        where T : class
    {
        Check(part is not null, $"{name} must not be null");
        if (part is not null)
        {
            check(part);
        }
    }

    private void Check(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(problem);
        }
    }
}
