using System.Net;
using Larder.Tests;

namespace Larder.AspNetCore.Tests.Guarding;

/// <summary>What the tests of the guard have in common: a subject, and short ways to ask.</summary>
public abstract class GuardConformance<TSubject> : IDisposable
    where TSubject : GuardSubject, new()
{
    private protected const string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    private protected static readonly IPAddress Client = IPAddress.Parse("203.0.113.7");
    private protected static readonly IPAddress Other = IPAddress.Parse("198.51.100.1");

    private protected TSubject Subject { get; } = new();

    private protected ManualTimeProvider Clock => Subject.Clock;

    public void Dispose()
    {
        Subject.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static GuardRequest Request(
        IPAddress? address = null, string path = "/", string agent = Agent, string? query = null, string? header = null, string headerName = "X-Note") =>
        new(
            address ?? Client,
            agent,
            "GET",
            path,
            query is null ? [] : [new("q", query)],
            header is null ? [] : [new(headerName, header)]);

    private protected static GuardOptions Options(Action<GuardOptions>? change = null)
    {
        var options = new GuardOptions();
        change?.Invoke(options);
        return options;
    }

    private protected static GuardOptions Limited(int limit, int burst = 0, int threshold = 100, RateLimitAlgorithm algorithm = RateLimitAlgorithm.FixedWindow) =>
        Options(options => options.RateLimit = new RateLimitOptions { RequestsPerMinute = limit, BurstSize = burst, AutoBanThreshold = threshold, Algorithm = algorithm });

    private protected Guard Guard(Action<GuardOptions>? change = null) => new(Options(change), Subject.Store, Clock);

    private protected Guard Guard(GuardOptions options) => new(options, Subject.Store, Clock);

    private protected GuardDecision Check(Guard guard, IPAddress? address = null, string path = "/", string agent = Agent, string? query = null, string? header = null) =>
        Subject.Check(guard, Request(address, path, agent, query, header));

    /// <summary>Closes the store and opens it again, if it is of a kind that survives; and a guard over it.</summary>
    private protected Guard Restarted(GuardOptions options)
    {
        Subject.Restart();
        return Guard(options);
    }
}
