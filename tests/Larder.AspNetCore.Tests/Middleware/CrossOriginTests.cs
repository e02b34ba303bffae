using System.Net;
using Larder.AspNetCore.Middleware;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Who may read answers from another origin, and how preflights are answered.</summary>
public sealed class CrossOriginTests
{
    private static readonly (string, string) _asksForPut = ("Access-Control-Request-Method", "PUT");

    [Theory]
    [InlineData("https://example.com", "https://example.com", true)]
    [InlineData("https://example.com", "https://EXAMPLE.com", true)]
    [InlineData("https://example.com:443", "https://example.com", true)]
    [InlineData("https://example.com", "http://example.com", false)]
    [InlineData("https://example.com", "https://example.com:8443", false)]
    [InlineData("https://example.com:8443", "https://example.com:8443", true)]
    [InlineData("https://example.com", "https://www.example.com", false)]
    [InlineData("https://example.com", "https://example.com.evil.test", false)]
    [InlineData("https://example.com", "https://evil.test/https://example.com", false)]
    [InlineData("https://example.com", "https://example.com@evil.test", false)]
    [InlineData("https://example.com", "null", false)]
    [InlineData("*.example.com", "https://www.example.com", true)]
    [InlineData("*.example.com", "http://a.b.example.com:8080", true)]
    [InlineData("*.example.com", "https://example.com", false)]
    [InlineData("*.example.com", "https://evilexample.com", false)]
    [InlineData("*.example.com", "https://www.example.com.evil.test", false)]
    [InlineData("*.example.com", "https://evil.test/.example.com", false)]
    [InlineData("*.example.com", "https://evil.test#.example.com", false)]
    [InlineData("*.example.com", "null", false)]
    [InlineData("https://*.example.com", "https://www.example.com", true)]
    [InlineData("https://*.example.com", "http://www.example.com", false)]
    [InlineData("https://*.example.com", "https://www.example.com:8443", false)]
    [InlineData("http://localhost:3000", "http://localhost:3000", true)]
    [InlineData("http://[::1]:3000", "http://[::1]:3000", true)]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example", true)]
    [InlineData("null", "null", true)]
    public void An_origin_is_allowed_when_it_is_named_or_below_a_named_domain(string allowed, string asked, bool expected)
    {
        Origin? origin = Origin.Parse(asked);

        Assert.Equal(expected, origin is not null && Origin.Parse(allowed)!.Covers(origin));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("https://")]
    [InlineData("https://example.com/")]
    [InlineData("https://example.com/path")]
    [InlineData("https://user@example.com")]
    [InlineData("https://example.com:")]
    [InlineData("https://*")]
    [InlineData("https://www.*.com")]
    [InlineData("*.")]
    [InlineData("**")]
    [InlineData("")]
    public void What_is_no_origin_is_refused(string text)
    {
        var options = new GuardCorsOptions { AllowedOrigins = ["https://fine.example", text] };

        Assert.Equal($"Cors.AllowedOrigins has '{text}', which is neither an origin such as https://example.com, nor *.example.com, nor *", Assert.Single(CrossOrigin.Problems(options)));
    }

    [Fact]
    public async Task An_allowed_origin_is_echoed_and_others_get_nothing()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.Cors.AllowedOrigins = ["https://app.example", "*.example.org"]);

        foreach (string origin in new[] { "https://app.example", "https://a.example.org" })
        {
            using HttpResponseMessage response = await site.GetAsync("/", ("Origin", origin));
            Assert.Equal((origin, "Origin"), (response.Header("Access-Control-Allow-Origin"), response.Header("Vary")));
            Assert.Null(response.Header("Access-Control-Allow-Credentials"));
            Assert.Null(response.Header("Access-Control-Allow-Methods"));
        }

        foreach ((string, string)[] headers in new (string, string)[][] { [("Origin", "https://evil.test")], [("Origin", "null")], [] })
        {
            using HttpResponseMessage response = await site.GetAsync("/", headers);
            Assert.Equal("hello", await response.Content.ReadAsStringAsync());
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", response.Header("Vary"));   // or a cache would hand this answer to an origin that is allowed
        }
    }

    [Fact]
    public async Task By_default_every_origin_may_read_but_without_credentials()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();

        using HttpResponseMessage response = await site.GetAsync("/", ("Origin", "https://anyone.test"));
        using HttpResponseMessage without = await site.GetAsync("/");

        Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
        Assert.Null(response.Header("Access-Control-Allow-Credentials"));
        Assert.Null(response.Header("Vary"));
        Assert.Null(without.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Credentials_are_allowed_to_named_origins_only()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => (options.Cors.AllowedOrigins, options.Cors.AllowCredentials) = (["https://app.example"], true));

        using HttpResponseMessage response = await site.GetAsync("/", ("Origin", "https://app.example"));

        Assert.Equal(("https://app.example", "true"), (response.Header("Access-Control-Allow-Origin"), response.Header("Access-Control-Allow-Credentials")));
    }

    [Fact]
    public async Task Preflights_are_answered_and_not_handed_on()
    {
        int reached = 0;
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => options.Cors.AllowedOrigins = ["https://app.example"], after: app => app.Run(_ => { reached++; return Task.CompletedTask; }));

        using HttpResponseMessage response = await site.SendAsync(HttpMethod.Options, "/orders", ("Origin", "https://app.example"), _asksForPut, ("Access-Control-Request-Headers", "authorization,x-a"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://app.example", response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("GET, POST, PUT, DELETE, OPTIONS", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal("authorization,x-a", response.Header("Access-Control-Allow-Headers"));
        Assert.Equal("600", response.Header("Access-Control-Max-Age"));
        Assert.Equal("Origin, Access-Control-Request-Headers", response.Header("Vary"));

        using HttpResponseMessage other = await site.SendAsync(HttpMethod.Options, "/orders", ("Origin", "https://evil.test"), _asksForPut);
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
        Assert.DoesNotContain(other.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, reached);

        await site.SendAsync(HttpMethod.Options, "/orders", ("Origin", "https://app.example"));   // a question of its own, no preflight
        Assert.Equal(1, reached);
    }

    [Fact]
    public async Task Lists_of_methods_and_headers_replace_the_defaults()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options =>
            (options.Cors.AllowedMethods, options.Cors.AllowedHeaders, options.Cors.MaxAge) = (["GET", "PATCH"], ["X-A", "X-B"], TimeSpan.FromHours(1)));

        using HttpResponseMessage response = await site.SendAsync(HttpMethod.Options, "/", ("Origin", "https://app.example"), _asksForPut);

        Assert.Equal(("GET, PATCH", "X-A, X-B", "3600"), (response.Header("Access-Control-Allow-Methods"), response.Header("Access-Control-Allow-Headers"), response.Header("Access-Control-Max-Age")));
    }

    [Fact]
    public async Task Bans_and_limits_apply_to_preflights_and_scripts_may_read_the_refusal()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.Cors.AllowedOrigins = ["https://app.example"]);
        site.Guard.Ban(IPAddress.Loopback, "test", TimeSpan.FromHours(1));

        using HttpResponseMessage preflight = await site.SendAsync(HttpMethod.Options, "/", ("Origin", "https://app.example"), _asksForPut);

        await preflight.RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
        Assert.Equal("https://app.example", preflight.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Turned_off_everything_is_the_applications_to_answer()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.Cors.Enabled = false);

        using HttpResponseMessage response = await site.SendAsync(HttpMethod.Options, "/", ("Origin", "https://app.example"), _asksForPut);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Header("Access-Control-Allow-Origin"));
        Assert.Null(response.Header("Vary"));
    }

    [Fact]
    public async Task What_the_application_answers_itself_stays()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(after: app => app.Run(context =>
        {
            (context.Response.Headers.AccessControlAllowOrigin, context.Response.Headers.Vary) = ("https://own.example", "origin, accept");
            return Task.CompletedTask;
        }));

        using HttpResponseMessage response = await site.GetAsync("/", ("Origin", "https://app.example"));

        Assert.Equal(("https://own.example", "origin, accept"), (response.Header("Access-Control-Allow-Origin"), response.Header("Vary")));
    }
}
