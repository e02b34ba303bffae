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

        (int allowed, int refused) = await AskAsync(site, clients, 1_000);
        Assert.Equal((Limit + Burst, 1_000 - Limit - Burst, Limit + Burst), (allowed, refused, reached));

        site.Clock.Advance(TimeSpan.FromMinutes(1));   // a new window; the burst of the hour is spent
        (allowed, refused) = await AskAsync(site, clients, 1_000);
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

        (int allowed, int refused) = await AskAsync(site, 32, 3_000);

        Assert.Equal((100 * Limit, 3_000 - (100 * Limit)), (allowed, refused));

        Task Address(HttpContext context, RequestDelegate following)
        {
            context.Connection.RemoteIpAddress = new IPAddress([10, 0, 0, (byte)(Interlocked.Increment(ref next) % 100)]);
            return following(context);
        }
    }

    private static async Task<(int Allowed, int Refused)> AskAsync(GuardedSite site, int clients, int requests)
    {
        HttpStatusCode[] answers = await Crowd.AskAsync(site, clients, requests);
        int allowed = answers.Count(answer => answer == HttpStatusCode.OK);
        return (allowed, answers.Count(answer => answer == HttpStatusCode.TooManyRequests));
    }
}
