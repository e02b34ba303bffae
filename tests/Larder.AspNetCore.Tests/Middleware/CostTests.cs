using System.Diagnostics;
using System.Net;
using Larder.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Tells, and does not judge, what the guard costs: processor time, which other programs of the machine distort less than the clock on the wall.</summary>
[Collection(nameof(CostTests))]
public sealed class CostTests
{
    private const int Clients = 16;

    private static readonly int _requests = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 40_000 : 3_000;

    [Fact]
    public async Task What_a_guarded_request_costs_is_told()
    {
        static void Open(GuardOptions options) => (options.RateLimit.RequestsPerMinute, options.RateLimit.BurstSize) = (1_000_000, 0);
        static void Answer(WebApplication app) => app.Run(_ => Task.CompletedTask);
        using var directory = new TemporaryDirectory();
        await using GuardedSite bare = await GuardedSite.StartAsync(before: Answer);
        await using GuardedSite guarded = await GuardedSite.StartAsync(Open, after: Answer);
        await using GuardedSite durable = await GuardedSite.StartAsync(
            Open, build: builder => builder.Services.AddLarder(options => (options.Path, options.Durability) = (directory.Path, DurabilityMode.Interval)), after: Answer);
        (string Name, GuardedSite Site)[] sites = [("without the guard", bare), ("with a guard in memory", guarded), ("with a guard on disk (Interval)", durable)];
        var best = sites.ToDictionary(site => site.Name, _ => (Rate: 0.0, Microseconds: double.MaxValue));
        for (int round = 0; round < 8; round++)
        {
            foreach ((string name, GuardedSite site) in sites)
            {
                (long start, TimeSpan used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                HttpStatusCode[] answers = await Crowd.AskAsync(site, Clients, _requests);
                double rate = _requests / Stopwatch.GetElapsedTime(start).TotalSeconds;
                double microseconds = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / _requests;
                Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
                best[name] = round < 2 ? best[name] : (Math.Max(best[name].Rate, rate), Math.Min(best[name].Microseconds, microseconds));   // two rounds warm up
            }
        }

        foreach ((string name, (double rate, double microseconds)) in best)
        {
            string more = name == sites[0].Name ? "" : $", {microseconds - best[sites[0].Name].Microseconds:N1} us more";
            Figures.Print($"web guard: {rate:N0} requests/s {name}, {microseconds:N1} us of processor time a request, client included{more} ({Clients} connections, loopback)");
        }
    }

    [CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
    public sealed class Alone;
}
