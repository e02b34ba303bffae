using System.Net;
using Larder.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Options from configuration and delegates, what is said when they are wrong, and where the state is kept.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void Every_option_can_be_set_by_the_configuration()
    {
        using ServiceProvider services = new ServiceCollection().AddSingleton(Configuration(new()
        {
            ["Guard:IpFilter:Enabled"] = "false",
            ["Guard:IpFilter:Whitelist:0"] = "10.0.0.0/8",
            ["Guard:IpFilter:Blacklist:0"] = "10.1.1.1",
            ["Guard:UserAgent:BlockedAgents:0"] = "curl",
            ["Guard:UserAgent:ExcludedPaths:0"] = "/healthz",
            ["Guard:RateLimit:Algorithm"] = "SlidingWindow",
            ["Guard:RateLimit:RequestsPerMinute"] = "100",
            ["Guard:RateLimit:BurstSize"] = "20",
            ["Guard:RateLimit:AutoBanThreshold"] = "30",
            ["Guard:RateLimit:AutoBanDuration"] = "00:05:00",
            ["Guard:RateLimit:ExcludedPaths:0"] = "/ready",
            ["Guard:RouteLimits:0:Endpoint"] = "/api/**",
            ["Guard:RouteLimits:0:Limit:RequestsPerMinute"] = "7",
            ["Guard:RouteLimits:1:Endpoint"] = "/login",
            ["Guard:RouteLimits:1:Limit:Algorithm"] = "TokenBucket",
            ["Guard:Penetration:DetectOnly"] = "true",
            ["Guard:Penetration:Patterns:0"] = "evil",
            ["Guard:Penetration:SkippedHeaders:0"] = "X-Code",
            ["Guard:Cors:AllowedOrigins:0"] = "https://app.example",
            ["Guard:Cors:AllowedMethods:0"] = "GET",
            ["Guard:Cors:AllowedHeaders:0"] = "X-A",
            ["Guard:Cors:AllowCredentials"] = "true",
            ["Guard:Cors:MaxAge"] = "01:00:00",
            ["Guard:Logging:Level"] = "Warning",
            ["Guard:Web:WhenStoreFails"] = "Allow",
            ["Guard:Web:TrustedProxies:0"] = "10.0.0.1",
            ["Guard:Web:ForwardLimit"] = "2",
            ["Guard:Web:SecurityHeaders"] = "false",
        })).AddGuard(options => options.RateLimit.BurstSize++).BuildServiceProvider();

        GuardOptions options = services.GetRequiredService<IOptions<GuardOptions>>().Value;

        Assert.False(options.IpFilter.Enabled);
        Assert.Equal(["10.0.0.0/8", "10.1.1.1", "curl", "/healthz"], [.. options.IpFilter.Whitelist, .. options.IpFilter.Blacklist, .. options.UserAgent.BlockedAgents, .. options.UserAgent.ExcludedPaths]);
        Assert.Equal((RateLimitAlgorithm.SlidingWindow, 100, 21, 30, TimeSpan.FromMinutes(5)), (options.RateLimit.Algorithm, options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize, options.RateLimit.AutoBanThreshold, options.RateLimit.AutoBanDuration));
        Assert.Equal(["/ready"], options.RateLimit.ExcludedPaths);
        Assert.Equal([("/api/**", 7, RateLimitAlgorithm.FixedWindow), ("/login", 60, RateLimitAlgorithm.TokenBucket)], options.RouteLimits.Select(route => (route.Endpoint, route.Limit.RequestsPerMinute, route.Limit.Algorithm)));
        Assert.True(options.Penetration.DetectOnly);
        Assert.Equal(["evil", "X-Code"], [.. options.Penetration.Patterns, .. options.Penetration.SkippedHeaders]);
        Assert.Equal(["https://app.example", "GET", "X-A"], [.. options.Cors.AllowedOrigins!, .. options.Cors.AllowedMethods!, .. options.Cors.AllowedHeaders!]);
        Assert.Equal((true, TimeSpan.FromHours(1), LogLevel.Warning), (options.Cors.AllowCredentials, options.Cors.MaxAge, options.Logging.Level));
        Assert.Equal((WhenStoreFails.Allow, 2, false), (options.Web.WhenStoreFails, options.Web.ForwardLimit, options.Web.SecurityHeaders));
        Assert.Equal(["10.0.0.1"], options.Web.TrustedProxies);
    }

    [Theory]
    [InlineData("Guard:RateLimit:RequestsPerMinute", "0", "Guard: RateLimit.RequestsPerMinute must be from 1")]
    [InlineData("Guard:RateLimit:RequestsPerMinute", "many", "Failed to convert configuration value 'many' at 'Guard:RateLimit:RequestsPerMinute'")]
    [InlineData("Guard:RateLimit:RequestPerMinute", "5", "'RequestPerMinute'")]
    [InlineData("Guard:RateLimits", "5", "'RateLimits'")]
    [InlineData("Guard:IpFilter:Blacklist:0", "256.256.256.256", "Invalid IP address: 256.256.256.256")]
    [InlineData("Guard:Penetration:Patterns:0", "(", "Guard: Penetration.Patterns")]
    [InlineData("Guard:Cors:AllowedOrigins:0", "example.com", "Guard: Cors.AllowedOrigins has 'example.com'")]
    [InlineData("Guard:Cors:AllowCredentials", "true", "Cors.AllowCredentials")]
    [InlineData("Guard:Web:TrustedProxies:0", "proxy", "Guard: Web.TrustedProxies has 'proxy', which is neither an address nor a network")]
    [InlineData("Guard:Web:ForwardLimit", "0", "Guard: Web.ForwardLimit must be at least 1, but is 0")]
    [InlineData("Guard:Web:WhenStoreFails", "9", "Guard: Web.WhenStoreFails has no value 9")]
    [InlineData("Guard:Web:Store", "sessions", "Guard: Web.Store is 'sessions', but no store of that name is registered")]
    public async Task What_is_wrong_is_told_when_the_host_starts(string setting, string value, string expected)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value });
        builder.Services.AddGuard();
        await using WebApplication app = builder.Build();
        app.UseGuard();

        OptionsValidationException refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_services_the_middleware_says_what_is_missing()
    {
        await using WebApplication app = WebApplication.CreateSlimBuilder().Build();

        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => app.UseGuard());

        Assert.Equal("UseGuard needs the services of AddGuard: call builder.Services.AddGuard() first.", refusal.Message);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>("services", () => default(IServiceCollection)!.AddGuard());
        Assert.Throws<ArgumentNullException>("configuration", () => new ServiceCollection().AddGuard(default(IConfiguration)!));
        Assert.Throws<ArgumentNullException>("app", () => default(IApplicationBuilder)!.UseGuard());
    }

    [Fact]
    public async Task A_limit_from_the_configuration_holds()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(build: builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Guard:RouteLimits:0:Endpoint"] = "/login",
            ["Guard:RouteLimits:0:Limit:RequestsPerMinute"] = "1",
            ["Guard:RouteLimits:0:Limit:BurstSize"] = "0",
        }));

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/login")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await site.GetAsync("/login")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task The_state_is_in_the_store_of_the_application_or_the_one_that_is_named()
    {
        using var plain = new Store();
        using var named = new Store();
        foreach (string? name in new[] { null, "guard" })
        {
            await using GuardedSite site = await GuardedSite.StartAsync(
                options => options.Web.Store = name, build: builder => builder.Services.AddSingleton<IStore>(plain).AddKeyedSingleton<IStore>("guard", named));
            await site.GetAsync("/");
            (Store used, Store other) = name is null ? (plain, named) : (named, plain);
            Assert.True(used.Count() > 0);
            Assert.Equal(name is null ? 0 : 1, Math.Min(other.Count(), 1));
        }
    }

    [Fact]
    public async Task Bans_and_limits_survive_a_restart()
    {
        using var directory = new TemporaryDirectory();
        await using (GuardedSite site = await StartAsync())
        {
            site.Guard.Ban(IPAddress.Parse("198.51.100.66"), "test", TimeSpan.FromHours(1));
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.1"))).StatusCode);
            for (int i = 0; i < 4; i++)
            {
                await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.2"));   // one allowed, three refused: banned
            }
        }

        await using (GuardedSite site = await StartAsync())
        {
            await (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.66"))).RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
            await (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.2"))).RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
            await (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.1"))).RefusedAsync(HttpStatusCode.TooManyRequests, "Rate limit exceeded for /");
            Assert.True(site.Guard.Unban(IPAddress.Parse("198.51.100.66")));
        }

        await using (GuardedSite site = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.66"))).StatusCode);
        }

        Task<GuardedSite> StartAsync() => GuardedSite.StartAsync(
            options =>
            {
                options.Web.TrustedProxies.Add("127.0.0.1");
                (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize, options.RateLimit.AutoBanThreshold) = (1, 0, 3);
            },
            build: builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Larder:Path"] = directory.Path, ["Larder:Durability"] = "Interval" });
                builder.Services.AddLarder();
            });
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
