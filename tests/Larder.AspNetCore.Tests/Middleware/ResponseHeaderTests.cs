using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Security headers are on every response, and what the application says itself counts.</summary>
public sealed class ResponseHeaderTests
{
    private static readonly (string Name, string Value)[] _expected =
    [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", "geolocation=(), microphone=(), camera=()"),
    ];

    [Fact]
    public async Task Every_response_has_them()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            before: app => app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry"))),
            after: app => app.Run(context => context.Request.Path == "/fails" ? throw new InvalidOperationException("planned") : context.Response.WriteAsync("hello")));

        foreach ((string path, string agent, HttpStatusCode status) in new[] { ("/", "a", HttpStatusCode.OK), ("/", "", HttpStatusCode.Forbidden), ("/fails", "a", HttpStatusCode.InternalServerError) })
        {
            using HttpResponseMessage response = await site.GetAsync(path, ("User-Agent", agent));

            Assert.Equal(status, response.StatusCode);
            Assert.All(_expected, header => Assert.Equal(header.Value, response.Header(header.Name)));
            Assert.Null(response.Header("X-XSS-Protection"));
        }
    }

    [Fact]
    public async Task What_the_application_sets_stays()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(after: app => app.Run(context =>
        {
            context.Response.Headers.XFrameOptions = "SAMEORIGIN";
            return context.Response.WriteAsync("hello");
        }));

        using HttpResponseMessage response = await site.GetAsync("/");

        Assert.Equal(("SAMEORIGIN", "nosniff"), (response.Header("X-Frame-Options"), response.Header("X-Content-Type-Options")));
    }

    [Fact]
    public async Task They_can_be_left_out()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.Web.SecurityHeaders = false);

        using HttpResponseMessage response = await site.GetAsync("/");

        Assert.All(_expected, header => Assert.Null(response.Header(header.Name)));
    }
}
