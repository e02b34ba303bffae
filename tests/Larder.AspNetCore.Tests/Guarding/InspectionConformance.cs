using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

public abstract class InspectionConformance<TSubject> : GuardConformance<TSubject>
    where TSubject : GuardSubject, new()
{
    [Fact]
    public void Union_select_in_the_path_is_suspicious() =>
        Refused("Suspicious path detected", Request(path: "/users/1 UNION SELECT * FROM users"));

    [Theory]
    [InlineData("<script>alert('x')</script>")]
    [InlineData("1' OR '1'='1")]
    [InlineData("../../etc/passwd")]
    [InlineData("; cat /etc/passwd")]
    [InlineData("1%27%20OR%20%271%27%3D%271")]
    public void Attacks_in_the_query_are_suspicious(string value) =>
        Refused("Suspicious query parameter detected", Request(query: value));

    [Fact]
    public void Names_of_parameters_are_looked_at_too() =>
        Refused("Suspicious query parameter detected", Request() with { Query = [new("a", "1"), new("<script>", "1")] });

    [Fact]
    public void Headers_are_looked_at_unless_they_are_skipped()
    {
        const string Attack = "' OR '1'='1";
        Refused("Suspicious header detected", Request(header: Attack));
        Refused("Suspicious header detected", Request(header: Attack, headerName: "Referer"));
        using Guard guard = Guard(options => options.Penetration.SkippedHeaders.Add("x-note"));
        foreach (string skipped in new[] { "User-Agent", "accept", "Accept-Language", "ACCEPT-ENCODING", "Connection", "Cookie", "Authorization", "Content-Type", "If-None-Match", "X-NOTE" })
        {
            Assert.True(Subject.Check(guard, Request(header: Attack, headerName: skipped)).Allowed, skipped);
        }
    }

    [Fact]
    public void Null_empty_and_numbers_pass()
    {
        using Guard guard = Guard();
        Assert.True(Subject.Check(guard, Request(path: "", query: "") with { Headers = null! }).Allowed);
        Assert.True(Subject.Check(guard, Request(path: null!) with { Query = null! }).Allowed);
        Assert.True(Subject.Check(guard, Request() with { Query = [new("a", null!), new(null!, "1"), new("n", "-12.5")] }).Allowed);
        Assert.False(Subject.Check(guard, default).Allowed);
    }

    [Fact]
    public void Detecting_only_allows()
    {
        using Guard guard = Guard(options => options.Penetration.DetectOnly = true);
        GuardDecision decision = Check(guard, query: "<script>");
        Assert.Equal((true, null, null), (decision.Allowed, decision.Type, decision.Reason));
    }

    [Fact]
    public void Switched_off_nothing_is_looked_at()
    {
        using Guard guard = Guard(options => options.Penetration.Enabled = false);
        Assert.True(Check(guard, query: "<script>").Allowed);
    }

    [Fact]
    public void Patterns_of_ones_own_are_searched_in_any_case()
    {
        using Guard guard = Guard(options => options.Penetration.Patterns.Add("wp-login"));
        Assert.Equal("Suspicious path detected", Check(guard, path: "/WP-Login.php").Reason);
        Assert.Equal("Suspicious query parameter detected", Check(guard, query: "<script>").Reason);
        using Guard own = Guard(options =>
        {
            options.Penetration.Patterns.Add("wp-login");
            options.Penetration.UseDefaultRules = false;
        });
        Assert.True(Check(own, query: "<script>").Allowed);
        Assert.False(Check(own, path: "/wp-login.php").Allowed);
    }

    [Fact]
    public void Parts_are_asked_in_order_and_the_first_that_refuses_decides()
    {
        GuardOptions options = Limited(1);
        options.IpFilter.Blacklist.Add("198.51.100.1");
        options.UserAgent.BlockedAgents.Add("bad");
        using Guard guard = Guard(options);
        GuardRequest everything = Request(Other, agent: "bad", query: "<script>");
        Assert.Equal("IP filter", Subject.Check(guard, everything).Type);
        Assert.Equal("User agent filter", Subject.Check(guard, everything with { Address = Client }).Type);
        GuardDecision suspicious = Subject.Check(guard, everything with { Address = Client, UserAgent = Agent });
        Assert.Equal(("Penetration detection", 0L), (suspicious.Type, suspicious.RateLimit!.Value.Remaining));   // it was counted
        Assert.Equal("Rate limit", Subject.Check(guard, everything with { Address = Client, UserAgent = Agent }).Type);
    }

    private void Refused(string reason, GuardRequest request)
    {
        using Guard guard = Guard();
        GuardDecision refused = Subject.Check(guard, request);
        Assert.Equal((false, "Penetration detection", reason), (refused.Allowed, refused.Type, refused.Reason));
    }
}

public static class InspectionTests
{
    public sealed class Memory : InspectionConformance<InMemory>;

    public sealed class Async : InspectionConformance<Asynchronous>;
}
