using System.Net;
using Larder.AspNetCore.Tests.Guarding;
using Xunit;

namespace Larder.AspNetCore.Tests.RateLimiting;

/// <summary>The three ways to count: what each promises, over random times and by any number of threads.</summary>
public sealed class AlgorithmTests : GuardConformance<InMemory>
{
    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow)]
    [InlineData(RateLimitAlgorithm.SlidingWindow)]
    [InlineData(RateLimitAlgorithm.TokenBucket)]
    public void No_window_ever_sees_more_than_limit_and_burst(RateLimitAlgorithm algorithm)
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        for (int round = 0; round < 40; round++)
        {
            (int limit, int burst) = (random.Next(1, 20), random.Next(0, 6));
            var client = new IPAddress([10, 0, (byte)(round / 250), (byte)round]);
            using Guard guard = Guard(Limited(limit, burst, int.MaxValue, algorithm));
            var allowed = new List<DateTimeOffset>();
            for (int i = 0; i < 400; i++)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(0, 40_000) : random.Next(0, 1500)));
                if (Check(guard, client).Allowed)
                {
                    allowed.Add(Clock.GetUtcNow());
                }
            }

            for (int i = 0; i < allowed.Count; i++)
            {
                DateTimeOffset end = algorithm == RateLimitAlgorithm.FixedWindow
                    ? DateTimeOffset.FromUnixTimeSeconds(((allowed[i].ToUnixTimeSeconds() / 60) + 1) * 60)
                    : allowed[i] + TimeSpan.FromSeconds(60);
                int within = allowed.Skip(i).TakeWhile(moment => moment < end).Count();
                Assert.True(within <= limit + burst, $"{within} within {limit} + {burst}, seed {Seed}, round {round}");
            }

            Assert.True(allowed.Count >= limit, $"only {allowed.Count} allowed at {limit} a minute");
        }
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow, 50, 7)]
    [InlineData(RateLimitAlgorithm.SlidingWindow, 50, 7)]
    [InlineData(RateLimitAlgorithm.TokenBucket, 50, 7)]
    public async Task However_many_threads_ask_exactly_so_many_are_allowed(RateLimitAlgorithm algorithm, int limit, int burst)
    {
        // On a clock that stands still, a window gives limit + burst, and a bucket what it holds.
        int expected = algorithm == RateLimitAlgorithm.TokenBucket ? burst + 1 : limit + burst;
        using Guard one = Guard(Limited(limit, burst, int.MaxValue, algorithm));
        using Guard other = Guard(Limited(limit, burst, int.MaxValue, algorithm));   // guards over one store share what is counted
        for (int round = 0; round < 5; round++)
        {
            var client = new IPAddress([10, 1, 0, (byte)round]);
            int allowed = 0;
            int usingBurst = 0;
            await Together(8, async thread =>
            {
                for (int i = 0; i < 40; i++)
                {
                    Guard guard = (i + thread) % 2 == 0 ? one : other;
                    GuardDecision decision = thread % 2 == 0 ? guard.Check(Request(client)) : await guard.CheckAsync(Request(client));
                    if (decision.Allowed)
                    {
                        Interlocked.Increment(ref allowed);
                        Interlocked.Add(ref usingBurst, decision.RateLimit!.Value.Reason is null ? 0 : 1);
                    }
                }
            });
            Assert.Equal(expected, allowed);
            Assert.Equal(algorithm == RateLimitAlgorithm.TokenBucket ? 0 : burst, usingBurst);
        }
    }

    [Fact]
    public async Task However_many_threads_are_refused_a_client_is_banned_once_and_has_no_violations_left()
    {
        using Guard guard = Guard(Limited(1, threshold: 20));
        for (int round = 0; round < 20; round++)
        {
            var client = new IPAddress([10, 2, 0, (byte)round]);
            int refused = 0;
            await Together(8, async thread =>
            {
                for (int i = 0; i < 10; i++)
                {
                    GuardDecision decision = thread % 2 == 0 ? guard.Check(Request(client)) : await guard.CheckAsync(Request(client));
                    Interlocked.Add(ref refused, decision.Type == "Rate limit" ? 1 : 0);
                }
            });
            Assert.True(guard.IsBanned(client));
            Assert.InRange(refused, 20, 28);   // the twentieth bans; no more than one of each thread was on its way
            Assert.Equal(0, Subject.Store.Count($"guard:violations:{client}"));
        }
    }

    [Fact]
    public void A_sliding_window_follows_the_clock()
    {
        using Guard guard = Guard(Limited(3, algorithm: RateLimitAlgorithm.SlidingWindow));
        long start = Clock.GetUtcNow().ToUnixTimeSeconds();
        Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(new RateLimitResult(true, 2, start + 115, 3, null), Check(guard).RateLimit);
        Clock.Advance(TimeSpan.FromSeconds(20));                     // 70: another minute of the clock, but the same 60 seconds
        Assert.True(Check(guard).Allowed);
        Assert.True(Check(guard).Allowed);
        GuardDecision refused = Check(guard);
        Assert.Equal(new RateLimitResult(false, 0, start + 115, 3, "Rate limit exceeded for /"), refused.RateLimit);
        Clock.Advance(TimeSpan.FromSeconds(45) - TimeSpan.FromTicks(1));   // just before 115
        Assert.False(Check(guard).Allowed);
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(new RateLimitResult(true, 0, start + 135, 3, null), Check(guard).RateLimit);
    }

    [Fact]
    public void A_sliding_window_has_a_burst_budget_of_an_hour()
    {
        using Guard guard = Guard(Limited(1, burst: 2, algorithm: RateLimitAlgorithm.SlidingWindow));
        Assert.Equal([null, "Using burst allowance", "Using burst allowance", "Rate limit exceeded for /"], Reasons(4));
        Clock.Advance(TimeSpan.FromSeconds(65));
        Assert.Equal([null, "Rate limit exceeded for /"], Reasons(2));
        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(65));
        Assert.Equal([null, "Using burst allowance", "Using burst allowance", "Rate limit exceeded for /"], Reasons(4));
        IEnumerable<string?> Reasons(int times) => [.. Enumerable.Range(0, times).Select(_ => Check(guard).RateLimit!.Value.Reason)];
    }

    [Fact]
    public void A_token_bucket_is_refilled_evenly()
    {
        using Guard guard = Guard(Limited(60, burst: 2, algorithm: RateLimitAlgorithm.TokenBucket));
        long start = Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(new RateLimitResult(true, 2, start + 1, 60, null), Check(guard).RateLimit);
        Assert.Equal(new RateLimitResult(true, 1, start + 2, 60, null), Check(guard).RateLimit);
        Assert.Equal(new RateLimitResult(true, 0, start + 3, 60, null), Check(guard).RateLimit);
        Assert.Equal(new RateLimitResult(false, 0, start + 1, 60, "Rate limit exceeded for /"), Check(guard).RateLimit);
        Clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(Check(guard).Allowed);
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(Check(guard).Allowed);
        Assert.False(Check(guard).Allowed);
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, Check(guard).RateLimit!.Value.Remaining);
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindow, "guard:sliding:203.0.113.7", "is no sliding window")]
    [InlineData(RateLimitAlgorithm.TokenBucket, "guard:bucket:203.0.113.7", "is no token bucket")]
    public void State_that_somebody_else_wrote_is_an_error_and_left_alone(RateLimitAlgorithm algorithm, string key, string message)
    {
        using Guard guard = Guard(Limited(1, algorithm: algorithm));
        Subject.Store.Set(key, "mine"u8);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => guard.Check(Request())).Message, StringComparison.Ordinal);
        Assert.True(Subject.Store.TryGet(key, out Entry entry));
        Assert.Equal("mine"u8, entry.Value.Span);
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow)]
    [InlineData(RateLimitAlgorithm.SlidingWindow)]
    [InlineData(RateLimitAlgorithm.TokenBucket)]
    public void A_clock_that_is_set_back_opens_no_hole_and_locks_nobody_out_for_long(RateLimitAlgorithm algorithm)
    {
        var later = new Larder.Tests.ManualTimeProvider(Clock.GetUtcNow() + TimeSpan.FromHours(1));
        GuardOptions options = Limited(2, algorithm: algorithm);
        using var ahead = new Guard(options, Subject.Store, later);
        Assert.True(ahead.Check(Request()).Allowed);
        using var behind = new Guard(options, Subject.Store, Clock);
        int allowed = Enumerable.Range(0, 10).Count(_ => behind.Check(Request()).Allowed);
        Assert.InRange(allowed, 0, 2);
        Clock.Advance(TimeSpan.FromSeconds(66));
        Assert.True(behind.Check(Request()).Allowed);
    }

    [Fact]
    public void Limits_of_routes_may_count_in_their_own_way_and_survive()
    {
        using Guard guard = Guard(Limited(5));
        guard.AddRouteLimit("/slow", new RateLimitOptions { RequestsPerMinute = 60, BurstSize = 0, Algorithm = RateLimitAlgorithm.TokenBucket });
        Assert.True(Check(guard, path: "/slow").Allowed);
        Assert.False(Check(guard, path: "/slow").Allowed);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Check(guard, path: "/slow").Allowed);
        Assert.Equal(4, Check(guard).RateLimit!.Value.Remaining);
    }

    private static async Task Together(int threads, Func<int, Task> body)
    {
        using var start = new Barrier(threads);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return body(thread);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }
}
