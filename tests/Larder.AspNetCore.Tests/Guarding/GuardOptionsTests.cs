using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

public sealed class GuardOptionsTests
{
    [Fact]
    public void Defaults_are_those_that_are_told()
    {
        var options = new GuardOptions();
        Assert.Empty(options.Problems());
        Assert.True(options.IpFilter.Enabled && options.UserAgent.Enabled && options.RateLimit.Enabled && options.Penetration.Enabled && options.Cors.Enabled && options.Logging.Enabled);
        string[] entries = [.. options.IpFilter.Whitelist, .. options.IpFilter.Blacklist, .. options.UserAgent.BlockedAgents, .. options.UserAgent.ExcludedPaths, .. options.RateLimit.ExcludedPaths, .. options.Penetration.Patterns];
        Assert.Empty(entries);
        Assert.Equal((60, 10, 100, TimeSpan.FromMinutes(60)), (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize, options.RateLimit.AutoBanThreshold, options.RateLimit.AutoBanDuration));
        Assert.Equal((false, TimeSpan.FromSeconds(600), Microsoft.Extensions.Logging.LogLevel.Information), (options.Cors.AllowCredentials, options.Cors.MaxAge, options.Logging.Level));
        Assert.False(options.Penetration.DetectOnly);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var options = new GuardOptions { Logging = null! };
        options.IpFilter.Whitelist.Add("10.0.0.0/33");
        options.IpFilter.Blacklist.Add("nonsense");
        options.UserAgent.BlockedAgents.Add(" ");
        options.UserAgent.ExcludedPaths.Add("ready");
        options.RateLimit.RequestsPerMinute = 0;
        options.RateLimit.BurstSize = -1;
        options.RateLimit.AutoBanThreshold = 0;
        options.RateLimit.AutoBanDuration = TimeSpan.Zero;
        options.RateLimit.Algorithm = (RateLimitAlgorithm)9;
        options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/a*", Limit = null! });
        options.RouteLimits.Add(new RouteLimitOptions { Limit = new RateLimitOptions { RequestsPerMinute = 1_000_001 } });
        options.Penetration.Patterns.Add("(");
        options.Penetration.Patterns.Add("a(?=b)");
        options.Cors.AllowCredentials = true;
        options.Cors.MaxAge = TimeSpan.FromSeconds(-1);
        string message = Assert.Throws<ArgumentException>(() => new Guard(options)).Message;
        Assert.StartsWith("the guard options are not valid: Invalid IP address: 10.0.0.0/33; Invalid IP address: nonsense; ", message, StringComparison.Ordinal);
        string[] told =
        [
            "UserAgent.BlockedAgents has an empty entry", "UserAgent.ExcludedPaths: the path pattern 'ready' must begin with '/', or be '*'", "RateLimit.RequestsPerMinute must be from 1 to 1000000, but is 0",
            "RateLimit.BurstSize must be from 0 to 1000000, but is -1", "RateLimit.AutoBanThreshold must be at least 1, but is 0", "RateLimit.AutoBanDuration must be more than 0, but is 00:00:00", "RateLimit.Algorithm has no value 9",
            "RouteLimits[0].Endpoint: the path pattern '/a*' has a '*' that is not its whole last segment", "RouteLimits[0].Limit must not be null", "RouteLimits[1].Endpoint: the path pattern '' must begin with '/'",
            "RouteLimits[1].Limit.RequestsPerMinute must be from 1 to 1000000, but is 1000001", "Penetration.Patterns: '(' is no pattern that can be used", "Penetration.Patterns: 'a(?=b)' is no pattern that can be used",
            "Cors.AllowCredentials needs Cors.AllowedOrigins that are not '*'", "Cors.MaxAge must be at least 0, but is -00:00:01", "Logging must not be null",
        ];
        Assert.All(told, problem => Assert.Contains(problem, message, StringComparison.Ordinal));
        Assert.Equal(told.Length + 2, options.Problems().Count);
    }

    [Fact]
    public void Bad_limits_of_routes_are_refused_when_they_are_added()
    {
        using var guard = new Guard(new GuardOptions());
        Assert.Throws<ArgumentNullException>(() => guard.AddRouteLimit(null!, new RateLimitOptions()));
        Assert.Throws<ArgumentNullException>(() => guard.AddRouteLimit("/a", null!));
        Assert.Equal("pattern", Assert.Throws<ArgumentException>(() => guard.AddRouteLimit("a", new RateLimitOptions())).ParamName);
        Assert.Equal("limit", Assert.Throws<ArgumentException>(() => guard.AddRouteLimit("/a", new RateLimitOptions { BurstSize = -1 })).ParamName);
        Assert.Throws<ArgumentException>(() => guard.AddRouteLimit("/" + new string('x', 300), new RateLimitOptions()));
    }

    [Fact]
    public void Options_are_read_once()
    {
        var options = new GuardOptions();
        using var guard = new Guard(options);
        options.UserAgent.BlockedAgents.Add("curl");
        options.IpFilter.Blacklist.Add("127.0.0.1");
        options.RateLimit.RequestsPerMinute = 1;
        options.RateLimit.ExcludedPaths.Add("*");
        options.Penetration.Enabled = false;
        var request = new GuardRequest(System.Net.IPAddress.Loopback, "curl", "GET", "/", [], []);
        Assert.Equal(59, guard.Check(request).RateLimit!.Value.Remaining);
        Assert.False(guard.Check(request with { Path = "/<script>" }).Allowed);
    }

    [Fact]
    public void A_guard_closes_the_store_it_made_and_no_other()
    {
        var request = new GuardRequest(System.Net.IPAddress.Loopback, "x", "GET", "/", [], []);
        using var store = new Store();
        var over = new Guard(new GuardOptions(), store);
        over.Check(request);
        over.Dispose();
        Assert.Equal(1, store.Count());
        var own = new Guard(new GuardOptions());
        Assert.True(own.Check(request).Allowed);
        own.Dispose();
        own.Dispose();
        Assert.Throws<ObjectDisposedException>(() => own.Check(request));
    }

    [Fact]
    public async Task What_the_store_throws_comes_through()
    {
        var store = new Store(new StoreOptions { MaxEntries = 1 });
        using var guard = new Guard(new GuardOptions(), store);
        store.Set("other", "x"u8);
        var request = new GuardRequest(System.Net.IPAddress.Loopback, "x", "GET", "/", [], []);
        Assert.Throws<StoreFullException>(() => guard.Check(request));
        await Assert.ThrowsAsync<StoreFullException>(() => guard.CheckAsync(request).AsTask());
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => guard.Check(request));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guard.CheckAsync(request).AsTask());
    }

    [Fact]
    public async Task A_cancelled_check_counts_nothing()
    {
        using var store = new Store();
        using var guard = new Guard(new GuardOptions(), store);
        var request = new GuardRequest(System.Net.IPAddress.Loopback, "x", "GET", "/", [], []);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guard.CheckAsync(request, new CancellationToken(canceled: true)).AsTask());
        Assert.Equal(0, store.Count());
    }
}
