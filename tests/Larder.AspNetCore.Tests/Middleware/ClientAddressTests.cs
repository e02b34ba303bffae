using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Who the client is: who connects, or whom a trusted proxy names, and nobody else's word counts.</summary>
public sealed class ClientAddressTests
{
    [Fact]
    public async Task What_strangers_write_into_headers_is_not_believed()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (2, 0));

        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage response = await site.GetAsync(
                "/", ("X-Forwarded-For", $"203.0.113.{i}"), ("X-Real-IP", $"203.0.113.{i}"), ("Forwarded", $"for=203.0.113.{i}"), ("True-Client-IP", $"203.0.113.{i}"));
            Assert.Equal(i < 2 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(1, "198.51.100.7", "198.51.100.7")]
    [InlineData(1, "203.0.113.9, 198.51.100.7", "198.51.100.7")]                      // the first entry is the client's own invention
    [InlineData(1, "203.0.113.9,198.51.100.7:4711", "198.51.100.7")]
    [InlineData(1, "[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData(1, "2001:db8::1", "2001:db8::1")]
    [InlineData(1, "::ffff:198.51.100.7", "::ffff:198.51.100.7")]
    [InlineData(1, "nonsense", "127.0.0.1")]
    [InlineData(1, "", "127.0.0.1")]
    [InlineData(1, "198.51.100.7, nonsense", "127.0.0.1")]
    [InlineData(2, "203.0.113.9, 198.51.100.7, 10.0.0.5", "198.51.100.7")]             // two proxies on the way, both trusted
    [InlineData(2, "203.0.113.9, 198.51.100.7", "198.51.100.7")]                      // not a proxy: its word does not count
    [InlineData(1, "198.51.100.7, 10.0.0.5", "10.0.0.5")]                             // no more than asked for
    public async Task A_trusted_proxy_is_believed_about_the_one_before_it(int limit, string forwarded, string expected)
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options =>
            {
                options.Web.TrustedProxies.Add("127.0.0.1");
                options.Web.TrustedProxies.Add("10.0.0.0/8");
                options.Web.ForwardLimit = limit;
            },
            after: app => app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}")));

        using HttpResponseMessage response = await site.GetAsync("/", ("X-Forwarded-For", forwarded));

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_header_in_two_lines_is_one_list()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => options.Web.TrustedProxies.Add("127.0.0.1"), after: app => app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", ["203.0.113.9", "198.51.100.7"]);

        using HttpResponseMessage response = await site.Client.SendAsync(request);

        Assert.Equal("198.51.100.7", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("::ffff:10.0.0.5", "10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.5", "10.0.0.5")]
    [InlineData("10.0.0.5", "::ffff:10.0.0.5")]
    [InlineData("2001:db8::5", "2001:DB8:0::/32")]
    public async Task A_proxy_is_known_in_every_spelling(string proxy, string trusted)
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => options.Web.TrustedProxies.Add(trusted),
            before: app => app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(proxy);
                return next(context);
            }),
            after: app => app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}")));

        using HttpResponseMessage response = await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.7"));

        Assert.Equal("198.51.100.7", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_proxy_that_is_not_trusted_is_a_client_like_any_other()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => options.Web.TrustedProxies.Add("10.0.0.0/8"), after: app => app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}")));

        using HttpResponseMessage response = await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.7"));

        Assert.Equal("127.0.0.1", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Bans_and_limits_are_each_clients_own_behind_a_proxy()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options =>
        {
            options.Web.TrustedProxies.Add("127.0.0.1");
            (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1, 0);
        });
        site.Guard.Ban(IPAddress.Parse("198.51.100.66"), "test", TimeSpan.FromHours(1));

        await (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.66"))).RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
        await (await site.GetAsync("/", ("X-Forwarded-For", "203.0.113.9, ::ffff:198.51.100.66"))).RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.1"))).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.1"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/", ("X-Forwarded-For", "198.51.100.2"))).StatusCode);
    }

    [Fact]
    public async Task A_connection_without_an_address_is_refused()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(before: app => app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = null;
            return next(context);
        }));

        await (await site.GetAsync("/")).RefusedAsync(HttpStatusCode.Forbidden, "Invalid IP address");
    }
}
