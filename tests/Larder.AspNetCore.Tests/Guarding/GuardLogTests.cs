using Microsoft.Extensions.Logging;
using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

public sealed class GuardLogTests : GuardConformance<InMemory>
{
    [Fact]
    public void Refused_requests_are_told_with_address_method_path_type_and_reason()
    {
        var log = new Recorder();
        using Guard guard = Logged(log, options => options.IpFilter.Blacklist.Add("203.0.113.7"));
        Check(guard, path: "/page");
        Check(guard, Other);
        Assert.Equal((LogLevel.Information, 1, "Refused GET /page from 203.0.113.7: IP filter: IP in blacklist"), Assert.Single(log.Told));
    }

    [Fact]
    public void Nobody_can_write_lines_of_their_own_or_fill_the_log()
    {
        var log = new Recorder();
        using Guard guard = Logged(log, options => options.UserAgent.BlockedAgents.Add("bad"));
        guard.Check(Request(path: "/a\r\n2026 Refused everybody\u001b[31m\u2028\u202e\ud800", agent: "bad\n") with { Method = "GET\nX" });
        guard.Check(Request(path: "/" + new string('x', 10_000), agent: "bad"));
        Assert.Equal(@"Refused GET\u000aX /a\u000d\u000a2026 Refused everybody\u001b[31m\u2028\u202e\ud800 from 203.0.113.7: User agent filter: Blocked user agent: bad", log.Told[0].Message);
        Assert.InRange(log.Told[1].Message.Length, 256, 400);
        Assert.Contains("x... from", log.Told[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_headers_and_agents_are_never_told()
    {
        var log = new Recorder();
        using Guard guard = Logged(log, options => options.Penetration.DetectOnly = true);
        guard.Check(Request(query: "<script>secret", header: "secret", agent: "secret"));
        guard.Check(Request(header: "' or 1=1-- secret", agent: "secret"));
        Assert.Equal(
            [
                (LogLevel.Warning, 2, "Allowed GET / from 203.0.113.7, though: Suspicious query parameter detected (script injection: element)"),
                (LogLevel.Warning, 2, "Allowed GET / from 203.0.113.7, though: Suspicious header detected (SQL injection: tautology)"),
            ],
            log.Told);
    }

    [Fact]
    public void Bans_are_told()
    {
        var log = new Recorder();
        using Guard guard = Logged(log, options => options.RateLimit = new RateLimitOptions { RequestsPerMinute = 1, BurstSize = 0, AutoBanThreshold = 2 });
        for (int i = 0; i < 4; i++)
        {
            Check(guard, path: "/p");
        }

        Assert.Equal(
            [
                "Refused GET /p from 203.0.113.7: Rate limit: Rate limit exceeded for /p",
                "Banned 203.0.113.7: Rate limit exceeded for /p",
                "Refused GET /p from 203.0.113.7: Rate limit: Rate limit exceeded for /p",
                "Refused GET /p from 203.0.113.7: IP filter: IP is banned",
            ],
            log.Told.Select(told => told.Message));
    }

    [Fact]
    public void The_level_is_a_setting_and_so_is_silence()
    {
        var log = new Recorder();
        using Guard loud = Logged(log, options => options.Logging.Level = LogLevel.Error);
        loud.Check(default);
        Assert.Equal((LogLevel.Error, 1, "Refused   from unknown: IP filter: Invalid IP address"), Assert.Single(log.Told));
        using Guard silent = Logged(log, options => options.Logging.Enabled = false);
        silent.Check(default);
        Assert.Single(log.Told);
    }

    private Guard Logged(Recorder log, Action<GuardOptions> change) => new(Options(change), Subject.Store, Clock, log);

    private sealed class Recorder : ILogger<Guard>
    {
        public List<(LogLevel Level, int Event, string Message)> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Add((logLevel, eventId.Id, formatter(state, exception)));
    }
}
