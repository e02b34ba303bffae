using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Upgrades, answers that have begun, clients that hang up, a store that fails.</summary>
public sealed class UnusualRequestTests
{
    [Fact]
    public async Task A_websocket_opens_through_the_guard_and_is_refused_at_its_handshake()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(after: app => app.UseWebSockets().Run(async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[16];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }));
        var address = new UriBuilder(site.Address) { Scheme = "ws", Path = "/chat" }.Uri;

        using (ClientWebSocket client = Client())
        {
            await client.ConnectAsync(address, CancellationToken.None);
            await client.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            var buffer = new byte[16];
            WebSocketReceiveResult received = await client.ReceiveAsync(buffer, CancellationToken.None);
            Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        site.Guard.Ban(IPAddress.Loopback, "test", TimeSpan.FromHours(1));
        using ClientWebSocket banned = Client();
        await Assert.ThrowsAsync<WebSocketException>(() => banned.ConnectAsync(address, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Forbidden, banned.HttpStatusCode);

        static ClientWebSocket Client()
        {
            var client = new ClientWebSocket();
            client.Options.SetRequestHeader("User-Agent", GuardedSite.Agent);
            client.Options.CollectHttpResponseDetails = true;
            return client;
        }
    }

    [Fact]
    public async Task When_the_answer_has_begun_a_refusal_ends_the_connection()
    {
        bool reached = false;
        await using GuardedSite site = await GuardedSite.StartAsync(
            before: app => app.Use(async (context, next) =>
            {
                await context.Response.WriteAsync("half an");
                await context.Response.Body.FlushAsync();
                await next(context);
            }),
            after: app => app.Run(context => { reached = true; return context.Response.WriteAsync(" answer"); }));

        Assert.Equal("half an answer", await site.Client.GetStringAsync("/"));
        reached = false;
        site.Guard.Ban(IPAddress.Loopback, "test", TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<HttpRequestException>(() => site.Client.GetStringAsync("/"));
        Assert.False(reached);
    }

    [Fact]
    public async Task Whoever_hangs_up_is_counted_all_the_same()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1, 0),
            before: app => app.Use((context, next) =>
            {
                context.RequestAborted = new CancellationToken(canceled: context.Request.Path == "/gone");
                return next(context);
            }),
            after: app => app.Run(_ => Task.CompletedTask));

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/gone")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await site.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData(WhenStoreFails.Refuse)]
    [InlineData(WhenStoreFails.Allow)]
    public async Task A_store_that_fails_closes_or_opens_the_gate_as_told(WhenStoreFails answer)
    {
        var store = new Store();
        await using GuardedSite site = await GuardedSite.StartAsync(options => options.Web.WhenStoreFails = answer, build: builder => builder.Services.AddSingleton<IStore>(store));
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);

        store.Dispose();
        using HttpResponseMessage response = await site.GetAsync("/");

        if (answer == WhenStoreFails.Allow)
        {
            Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        }
        else
        {
            await response.RefusedAsync(HttpStatusCode.ServiceUnavailable, "Guard unavailable");
        }

        Assert.Contains($"The guard could not decide about a request; by its options (WhenStoreFails) the answer is {answer}.", site.Log);
    }

    [Fact]
    public void By_default_a_guard_that_cannot_look_lets_nobody_pass() => Assert.Equal(WhenStoreFails.Refuse, new GuardOptions().Web.WhenStoreFails);

    [Fact]
    public async Task A_failing_application_is_not_taken_for_a_failing_store()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => options.Web.WhenStoreFails = WhenStoreFails.Allow, after: app => app.Run(_ => throw new InvalidOperationException("planned")));

        Assert.Equal(HttpStatusCode.InternalServerError, (await site.GetAsync("/")).StatusCode);
        Assert.DoesNotContain(site.Log, line => line.Contains("guard", StringComparison.Ordinal));
    }
}
