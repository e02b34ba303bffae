using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

public abstract class RateLimitConformance<TSubject> : GuardConformance<TSubject>
    where TSubject : GuardSubject, new()
{
    private static readonly long _noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public void A_limit_of_five_allows_five_and_refuses_the_sixth()
    {
        using Guard guard = Guard(Limited(5));
        Clock.Advance(TimeSpan.FromSeconds(17));
        for (int i = 1; i <= 5; i++)
        {
            GuardDecision allowed = Check(guard);
            Assert.Equal(new GuardDecision(true, null, null, new RateLimitResult(true, 5 - i, _noon + 60, 5, null)), allowed);
        }

        GuardDecision refused = Check(guard, path: "/page");
        Assert.Equal((false, "Rate limit", "Rate limit exceeded for /page"), (refused.Allowed, refused.Type, refused.Reason));
        Assert.Equal(new RateLimitResult(false, 0, _noon + 60, 5, "Rate limit exceeded for /page"), refused.RateLimit);
        Assert.Equal("Rate limit exceeded for global", Check(guard, path: "").Reason);
        Assert.True(Check(guard, Other).Allowed);
    }

    [Fact]
    public void The_next_window_starts_fresh()
    {
        using Guard guard = Guard(Limited(2));
        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(Check(guard).Allowed);
        Assert.True(Check(guard).Allowed);
        Assert.False(Check(guard).Allowed);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new RateLimitResult(true, 1, _noon + 120, 2, null), Check(guard).RateLimit);
    }

    [Fact]
    public void The_burst_is_for_an_hour_from_its_first_use()
    {
        using Guard guard = Guard(Limited(2, burst: 3));
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("++bb", Ask(4));                  // 12:00:30
        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("++bx", Ask(4));                  // 12:59:30: the use before did not begin the hour again
        Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("++bbbxx", Ask(7));               // 13:00:30: a new budget
        string Ask(int times) => string.Concat(Enumerable.Range(0, times).Select(_ => Sign(Check(guard))));
    }

    [Fact]
    public void A_minute_never_sees_more_than_limit_and_burst_even_when_the_budget_begins_anew_in_it()
    {
        using Guard guard = Guard(Limited(2, burst: 2));
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("++b", Ask(3));                   // the budget began at 12:00:30
        Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(15));
        Assert.Equal("++bx", Ask(4));                  // 13:00:15: the rest of it
        Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("xx", Ask(2));                    // 13:00:30: a new one, but not for this minute
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("++bbx", Ask(5));
        string Ask(int times) => string.Concat(Enumerable.Range(0, times).Select(_ => Sign(Check(guard))));
    }

    [Fact]
    public void Burst_requests_say_so()
    {
        using Guard guard = Guard(Limited(1, burst: 1));
        Check(guard);
        Assert.Equal(new GuardDecision(true, null, null, new RateLimitResult(true, 0, _noon + 60, 1, "Using burst allowance")), Check(guard));
        Assert.False(Check(guard).Allowed);
    }

    [Fact]
    public void Routes_have_limits_and_windows_of_their_own()
    {
        GuardOptions options = Limited(3);
        options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/api/*", Limit = new RateLimitOptions { RequestsPerMinute = 2, BurstSize = 0 } });
        options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/api/users/**", Limit = new RateLimitOptions { RequestsPerMinute = 4, BurstSize = 0 } });
        using Guard guard = Guard(options);
        guard.AddRouteLimit("/api/login", new RateLimitOptions { RequestsPerMinute = 1, BurstSize = 0 });
        Assert.Equal(2, Check(guard, path: "/api/posts").RateLimit!.Value.Limit);
        Assert.Equal(2, Check(guard, path: "/api").RateLimit!.Value.Limit);
        Assert.False(Check(guard, path: "/api/other/").Allowed);           // the window is the route's, not the path's
        Assert.Equal(1, Check(guard, path: "/API/login").RateLimit!.Value.Limit);   // exact comes first, although it was added last
        Assert.False(Check(guard, path: "/api/login/").Allowed);
        Assert.Equal(4, Check(guard, path: "/api/users/1/posts").RateLimit!.Value.Limit);
        Assert.Equal(3, Check(guard, path: "/api/posts/1").RateLimit!.Value.Limit);
        Assert.Equal(3, Check(guard, path: "/elsewhere").RateLimit!.Value.Limit);
        guard.AddRouteLimit("/api/login", new RateLimitOptions { RequestsPerMinute = 9, BurstSize = 0 });
        Assert.Equal(9, Check(guard, path: "/api/login").RateLimit!.Value.Limit);
    }

    [Fact]
    public void Excluded_paths_are_not_limited()
    {
        GuardOptions options = Limited(1);
        foreach (string path in new[] { "/ready/*", "/healthz", "/internal/**" })
        {
            options.RateLimit.ExcludedPaths.Add(path);
        }

        using Guard guard = Guard(options);
        foreach (string path in new[] { "/ready", "/ready/", "/ready/some", "/healthz", "/internal", "/internal/a/b/c" })
        {
            Assert.Equal(new RateLimitResult(true, -1, -1, -1, null), Check(guard, path: path).RateLimit);
        }

        Assert.Equal(0, Check(guard, path: "/ready/some/path").RateLimit!.Value.Remaining);
        Assert.False(Check(guard, path: "/internalfoo").Allowed);
    }

    [Fact]
    public void A_route_may_be_free_of_limits_and_exclude_paths_itself()
    {
        GuardOptions options = Limited(1);
        options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/free/**", Limit = new RateLimitOptions { Enabled = false } });
        var busy = new RateLimitOptions { RequestsPerMinute = 5 };
        busy.ExcludedPaths.Add("/busy/ping");
        options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/busy/**", Limit = busy });
        using Guard guard = Guard(options);
        Assert.Equal(-1, Check(guard, path: "/free/1").RateLimit!.Value.Remaining);
        Assert.Equal(-1, Check(guard, path: "/busy/ping").RateLimit!.Value.Remaining);
        Assert.Equal(4, Check(guard, path: "/busy/1").RateLimit!.Value.Remaining);
    }

    [Fact]
    public void A_limit_that_is_off_allows_everything()
    {
        GuardOptions options = Limited(1);
        options.RateLimit.Enabled = false;
        options.RouteLimits.Add(new RouteLimitOptions { Endpoint = "/a", Limit = new RateLimitOptions { RequestsPerMinute = 1 } });
        using Guard guard = Guard(options);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(new RateLimitResult(true, -1, -1, -1, null), Check(guard, path: "/a").RateLimit);
        }

        Assert.Equal(0, Subject.Store.Count());
    }

    [Fact]
    public void Who_is_refused_too_often_is_banned_and_starts_clean_afterwards()
    {
        GuardOptions options = Limited(5, threshold: 3);
        options.RateLimit.AutoBanDuration = TimeSpan.FromMinutes(30);
        using Guard guard = Guard(options);
        Assert.Equal("+++++xxx", Ask(8));
        Assert.True(Subject.IsBanned(guard, Client));
        Assert.Equal("!!", Ask(2));
        Assert.True(Check(guard, Other).Allowed);
        Assert.Equal(0, Subject.Store.Count("guard:violations:"));
        Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal("!", Ask(1));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("+++++xx", Ask(7));                // two slips of three: not banned again at the first
        Assert.False(Subject.IsBanned(guard, Client));
        Assert.Equal("x!", Ask(2));
        string Ask(int times) => string.Concat(Enumerable.Range(0, times).Select(_ => Sign(Check(guard))));
    }

    [Fact]
    public void Violations_are_kept_for_a_day_from_the_first()
    {
        using Guard guard = Guard(Limited(1, threshold: 2));
        Check(guard);
        Assert.Equal("Rate limit", Check(guard).Type);
        Clock.Advance(TimeSpan.FromHours(24));
        Check(guard);
        Assert.Equal("Rate limit", Check(guard).Type);
        Assert.False(Subject.IsBanned(guard, Client));
        Assert.Equal("Rate limit", Check(guard).Type);
        Assert.True(Subject.IsBanned(guard, Client));
    }

    [Fact]
    public void Violations_of_routes_are_counted_apart_and_a_ban_forgets_them_all()
    {
        using Guard guard = Guard(Limited(1, threshold: 3));
        guard.AddRouteLimit("/login", new RateLimitOptions { RequestsPerMinute = 1, BurstSize = 0, AutoBanThreshold = 3 });
        string Ask(string path, int times) => string.Concat(Enumerable.Range(0, times).Select(_ => Sign(Check(guard, path: path))));
        Assert.Equal("+xx", Ask("/login", 3));
        Assert.Equal("+xx", Ask("/", 3));
        Assert.False(Subject.IsBanned(guard, Client));
        Assert.Equal("x!", Ask("/login", 2));
        Assert.Equal(0, Subject.Store.Count("guard:violations:"));
    }

    [Fact]
    public void A_ban_by_hand_forgets_violations_too()
    {
        using Guard guard = Guard(Limited(1, threshold: 2));
        Check(guard);
        Check(guard);
        Assert.Equal(1, Subject.Store.Count("guard:violations:"));
        Subject.Ban(guard, Client, TimeSpan.FromSeconds(1));
        Assert.Equal(0, Subject.Store.Count("guard:violations:"));
    }

    [Fact]
    public void Windows_budgets_and_violations_survive_as_long_as_the_store()
    {
        GuardOptions options = Limited(2, burst: 2, threshold: 2);
        using (Guard guard = Guard(options))
        {
            Assert.Equal("++b", Ask(guard, 3));
        }

        using (Guard guard = Restarted(options))
        {
            Assert.Equal("bx", Ask(guard, 2));
        }

        using (Guard guard = Restarted(options))
        {
            Assert.Equal("x!", Ask(guard, 2));
        }

        string Ask(Guard guard, int times) => string.Concat(Enumerable.Range(0, times).Select(_ => Sign(Check(guard))));
    }

    [Fact]
    public void A_limit_can_be_asked_without_a_request()
    {
        using Guard guard = Guard(Limited(2));
        Assert.Equal(1, Subject.CheckRateLimit(guard, Client, "").Remaining);
        Assert.Equal(0, Check(guard).RateLimit!.Value.Remaining);
        Assert.Equal("Rate limit exceeded for /x", Subject.CheckRateLimit(guard, Client, "/x").Reason);
        Assert.Equal(1, Subject.CheckRateLimit(guard, null, "").Remaining);
    }

    [Fact]
    public void What_was_counted_leaves_the_store_by_itself()
    {
        using Guard guard = Guard(Limited(1, burst: 1));
        for (int i = 0; i < 5; i++)
        {
            Check(guard);
        }

        Assert.NotEqual(0, Subject.Store.Count());
        Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, Subject.Store.Count());
    }

    /// <summary>+ within the limit, b of the burst, x refused, ! banned.</summary>
    private protected static char Sign(GuardDecision decision) =>
        decision is { Allowed: true, RateLimit.Reason: null } ? '+' : decision.Allowed ? 'b' : decision.Type == "IP filter" ? '!' : 'x';
}

public static class RateLimitTests
{
    public sealed class Memory : RateLimitConformance<InMemory>;

    public sealed class Scope : RateLimitConformance<InScope>;

    public sealed class OnDisk : RateLimitConformance<Durable>;

    public sealed class Async : RateLimitConformance<Asynchronous>;
}
