using System.Diagnostics;
using System.Net;
using Larder.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>However many come at once, over however many connections, no more pass than may.</summary>
public sealed class LoadTests
{
    private static readonly int _requests = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 100_000 : 6_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(8, false)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public async Task No_more_than_limit_and_burst_pass_at_any_concurrency(int clients, bool isDurable)
    {
        using var directory = new TemporaryDirectory();
        const int Limit = 100;
        const int Burst = 20;
        int reached = 0;
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize, options.RateLimit.AutoBanThreshold) = (Limit, Burst, int.MaxValue),
            build: builder => builder.Services.AddLarder(options => (options.Path, options.Durability) = isDurable ? (directory.Path, DurabilityMode.Interval) : (null, DurabilityMode.Memory)),
            after: app => app.Run(_ =>
            {
                Interlocked.Increment(ref reached);
                return Task.CompletedTask;
            }));

        (int allowed, int refused, _) = await AskAsync(site, clients, 1_000);
        Assert.Equal((Limit + Burst, 1_000 - Limit - Burst, Limit + Burst), (allowed, refused, reached));

        site.Clock.Advance(TimeSpan.FromMinutes(1));   // a new window; the burst of the hour is spent
        (allowed, refused, _) = await AskAsync(site, clients, 1_000);
        Assert.Equal((Limit, 1_000 - Limit), (allowed, refused));
    }

    [Fact]
    public async Task Many_clients_at_once_each_have_their_own_limit()
    {
        const int Limit = 7;
        int next = 0;
        await using GuardedSite site = await GuardedSite.StartAsync(
            options => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (Limit, 0),
            before: app => app.Use((context, next) => Address(context, next)));

        (int allowed, int refused, _) = await AskAsync(site, 32, 3_000);

        Assert.Equal((100 * Limit, 3_000 - (100 * Limit)), (allowed, refused));

        Task Address(HttpContext context, RequestDelegate following)
        {
            context.Connection.RemoteIpAddress = new IPAddress([10, 0, 0, (byte)(Interlocked.Increment(ref next) % 100)]);
            return following(context);
        }
    }

    [Fact]
    public async Task What_a_guarded_request_costs_is_told()
    {
        static void Open(GuardOptions options) => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1_000_000, 0);
        using var directory = new TemporaryDirectory();
        await using GuardedSite bare = await GuardedSite.StartAsync(before: app => app.Run(_ => Task.CompletedTask));
        await using GuardedSite guarded = await GuardedSite.StartAsync(Open, after: app => app.Run(_ => Task.CompletedTask));
        await using GuardedSite durable = await GuardedSite.StartAsync(
            Open,
            build: builder => builder.Services.AddLarder(options => (options.Path, options.Durability) = (directory.Path, DurabilityMode.Interval)),
            after: app => app.Run(_ => Task.CompletedTask));
        (string Name, GuardedSite Site)[] sites = [("without the guard", bare), ("with a guard in memory", guarded), ("with a guard on disk (Interval)", durable)];
        var best = new Dictionary<string, double>();
        for (int round = 0; round < 4; round++)   // the first warms up
        {
            foreach ((string name, GuardedSite site) in sites)
            {
                (int allowed, _, TimeSpan took) = await AskAsync(site, 16, _requests);
                Assert.Equal(_requests, allowed);
                best[name] = round == 0 ? 0 : Math.Max(best[name], _requests / took.TotalSeconds);
            }
        }

        foreach ((string name, double rate) in best)
        {
            double cost = 1e6 / rate - 1e6 / best[sites[0].Name];
            Figures.Print($"web guard: {rate:N0} requests/s {name}{(name == sites[0].Name ? "" : $", {cost:N1} us a request more")} (16 connections, loopback, client in the same process)");
        }
    }

    private static async Task<(int Allowed, int Refused, TimeSpan Took)> AskAsync(GuardedSite site, int clients, int requests)
    {
        (int left, int allowed, int refused) = (requests, 0, 0);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using HttpResponseMessage response = await site.GetAsync("/orders?page=2");
                Interlocked.Increment(ref response.StatusCode == HttpStatusCode.OK ? ref allowed : ref refused);
            }
        })));
        return (allowed, refused, Stopwatch.GetElapsedTime(start));
    }
}
