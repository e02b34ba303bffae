using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>What passes, what is refused, and what the client is told.</summary>
public sealed class AnswerTests
{
    [Fact]
    public async Task An_allowed_request_and_its_answer_pass_unchanged()
    {
        await using GuardedSite guarded = await GuardedSite.StartAsync(after: Echo);
        await using GuardedSite bare = await GuardedSite.StartAsync(before: Echo);

        (string Request, string Answer) seen = await AskAsync(guarded);
        (string Request, string Answer) expected = await AskAsync(bare);

        Assert.Equal(expected.Request.Replace($":{bare.Address.Port}", "", StringComparison.Ordinal), seen.Request.Replace($":{guarded.Address.Port}", "", StringComparison.Ordinal));
        Assert.Equal(expected.Answer, seen.Answer);

        static async Task<(string, string)> AskAsync(GuardedSite site)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/a%2Fb/c d?x=1&x=2&y=%C3%A9&z=O'Neil") { Content = new StringContent("a body; with <anything>", Encoding.UTF8) };
            request.Headers.TryAddWithoutValidation("X-Twice", ["1", "2"]);
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.9");
            request.Headers.TryAddWithoutValidation("Cookie", "a=b");
            using HttpResponseMessage response = await site.Client.SendAsync(request);
            string[] added = ["X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Date"];
            IEnumerable<string> headers = response.Headers.Concat(response.Content.Headers).Where(header => !added.Contains(header.Key)).Select(header => $"{header.Key}: {string.Join('|', header.Value)}").Order();
            return (await response.Content.ReadAsStringAsync(), $"{(int)response.StatusCode}\n{string.Join('\n', headers)}");
        }

        static void Echo(WebApplication app) => app.Run(async context =>
        {
            HttpRequest request = context.Request;
            using var reader = new StreamReader(request.Body);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = 218;
            context.Response.Headers["X-Own"] = new(["a", "b"]);
            IEnumerable<string> headers = request.Headers.Select(header => $"{header.Key}: {string.Join('|', header.Value!)}").Order();
            await context.Response.WriteAsync($"{request.Method} {request.PathBase} {request.Path} {request.QueryString} {context.Connection.RemoteIpAddress} {request.Protocol}\n{string.Join('\n', headers)}\n{body}");
        });
    }

    [Fact]
    public async Task Beyond_the_limit_the_answer_is_429_with_everything_a_client_needs()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1, 0));
        site.Clock.Advance(TimeSpan.FromSeconds(15));

        using HttpResponseMessage first = await site.GetAsync("/orders");
        using HttpResponseMessage second = await site.GetAsync("/orders?page=2");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Null(first.Header("X-RateLimit-Limit"));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("45", second.Header("Retry-After"));
        Assert.Equal("1", second.Header("X-RateLimit-Limit"));
        Assert.Equal("0", second.Header("X-RateLimit-Remaining"));
        Assert.Equal($"{site.Clock.GetUtcNow().AddSeconds(45).ToUnixTimeSeconds()}", second.Header("X-RateLimit-Reset"));
        Assert.Equal("application/json; charset=utf-8", second.Header("Content-Type"));
        Assert.Equal("no-store", second.Header("Cache-Control"));
        string body = await second.Content.ReadAsStringAsync();
        Assert.Equal("""{"error":"Request blocked","reason":"Rate limit exceeded for /orders","timestamp":"2026-01-01T00:00:15+00:00","path":"/orders","method":"GET"}""", body);
        Assert.Equal(body.Length, second.Content.Headers.ContentLength);

        site.Clock.Advance(TimeSpan.FromSeconds(45));
        using HttpResponseMessage third = await site.GetAsync("/orders");
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task A_client_is_told_to_wait_a_second_at_least()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1, 0));
        site.Clock.Advance(TimeSpan.FromMilliseconds(59_999));
        await site.GetAsync("/");

        using HttpResponseMessage second = await site.GetAsync("/");

        Assert.Equal("1", second.Header("Retry-After"));
    }

    [Fact]
    public async Task Everything_else_is_403()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.UserAgent.BlockedAgents.Add("BadBot"));

        await (await site.GetAsync("/", ("User-Agent", "some badbot/1.0"))).RefusedAsync(HttpStatusCode.Forbidden, "Blocked user agent: BadBot");
        await (await site.GetAsync("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")).RefusedAsync(HttpStatusCode.Forbidden, "Suspicious query parameter detected");
        await (await site.GetAsync("/search?q=1%27%20OR%20%271%27=%271")).RefusedAsync(HttpStatusCode.Forbidden, "Suspicious query parameter detected");
        await (await site.GetAsync("/item/1%20union%20select%20password%20from%20users")).RefusedAsync(HttpStatusCode.Forbidden, "Suspicious path detected");
        await (await site.GetAsync("/", ("X-Comment", "<script>alert(1)</script>"))).RefusedAsync(HttpStatusCode.Forbidden, "Suspicious header detected");
        site.Guard.Ban(IPAddress.Loopback, "test", TimeSpan.FromHours(1));
        await (await site.GetAsync("/")).RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
        Assert.Null((await site.GetAsync("/")).Header("Retry-After"));
        site.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_blocked_address_gets_the_type_of_the_filter()
    {
        GuardDecision? told = null;
        await using GuardedSite site = await GuardedSite.StartAsync(options =>
        {
            options.IpFilter.Blacklist.Add("127.0.0.0/8");
            options.Web.Refused = (context, decision) =>
            {
                told = decision;
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return context.Response.WriteAsync("nothing here");
            };
        });

        using HttpResponseMessage response = await site.GetAsync("/");

        Assert.Equal(new GuardDecision(false, GuardDecisionType.IpFilter, "IP in blacklist", null), told);
        Assert.Equal((HttpStatusCode.NotFound, "nothing here"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_refusal_is_logged_by_the_application()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options =>
        {
            options.Logging.Level = LogLevel.Warning;
            options.IpFilter.Blacklist.Add("127.0.0.1");
        });

        await site.GetAsync("/orders?secret=1");

        Assert.Equal(["Refused GET /orders from 127.0.0.1: IP filter: IP in blacklist"], site.Log);
    }

    [Fact]
    public async Task Without_a_user_agent_a_request_is_refused()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        site.Client.DefaultRequestHeaders.Clear();

        await (await site.GetAsync("/")).RefusedAsync(HttpStatusCode.Forbidden, "Empty user agent");
    }

    [Fact]
    public async Task A_refused_HEAD_has_no_body_and_the_connection_stays_usable()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.UserAgent.BlockedAgents.Add("Bot"));

        using HttpResponseMessage head = await site.SendAsync(HttpMethod.Head, "/", ("User-Agent", "Bot"));

        Assert.Equal(HttpStatusCode.Forbidden, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, (await site.SendAsync(HttpMethod.Head, "/")).StatusCode);
    }

    [Fact]
    public async Task A_refused_upload_is_answered_without_reading_it()
    {
        bool reached = false;
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => options.IpFilter.Whitelist.Add("203.0.113.1"), after: app => app.Run(_ => { reached = true; return Task.CompletedTask; }));

        using HttpResponseMessage response = await site.Client.PostAsync("/upload", new ByteArrayContent(new byte[100_000]));

        await response.RefusedAsync(HttpStatusCode.Forbidden, "IP not in whitelist");
        Assert.False(reached);
    }

    [Fact]
    public async Task Limits_go_by_the_path_below_the_base_and_the_body_tells_the_whole()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options =>
            {
                options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/api/*", Limit = new RateLimitOptions { RequestsPerMinute = 2, BurstSize = 0 } });
            },
            before: app => app.UsePathBase("/shop"));

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/shop/api/a")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/api/b")).StatusCode);
        using HttpResponseMessage third = await site.GetAsync("/shop/api/c");

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        JsonElement body = JsonDocument.Parse(await third.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("Rate limit exceeded for /api/c", "/shop/api/c"), (body.GetProperty("reason").GetString(), body.GetProperty("path").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/shop/api/c/d")).StatusCode);
    }

    [Fact]
    public async Task Excluded_paths_are_not_counted()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options =>
        {
            (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1, 0);
            options.RateLimit.ExcludedPaths.Add("/healthz");
        });

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/healthz")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await site.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Refusals_ban_a_client_that_does_not_stop_and_when_the_ban_ends_it_starts_clean()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options =>
            (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize, options.RateLimit.AutoBanThreshold, options.RateLimit.AutoBanDuration) = (5, 0, 3, TimeSpan.FromMinutes(10)));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await site.GetAsync("/")).StatusCode);
        }

        await (await site.GetAsync("/")).RefusedAsync(HttpStatusCode.Forbidden, "IP is banned");
        site.Clock.Advance(TimeSpan.FromMinutes(10));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await site.GetAsync("/")).StatusCode);
    }
}
