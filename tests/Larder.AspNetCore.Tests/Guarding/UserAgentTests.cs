using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

public sealed class UserAgentTests : GuardConformance<InMemory>
{
    [Theory]
    [InlineData("curl/8.5.0")]
    [InlineData("CURL")]
    [InlineData("my cUrL thing")]
    public void Blocked_parts_are_refused_in_any_case(string agent)
    {
        using Guard guard = Guard(options => options.UserAgent.BlockedAgents.Add("curl"));
        GuardDecision refused = Check(guard, agent: agent);
        Assert.Equal((false, "User agent filter", "Blocked user agent: curl"), (refused.Allowed, refused.Type, refused.Reason));
        Assert.True(Check(guard).Allowed);
    }

    [Fact]
    public void The_first_entry_of_the_list_that_fits_is_told()
    {
        using Guard guard = Guard(options =>
        {
            options.UserAgent.BlockedAgents.Add("Zgrab");
            options.UserAgent.BlockedAgents.Add("bot");
        });
        Assert.Equal("Blocked user agent: Zgrab", Check(guard, agent: "robot zgrab/1").Reason);
        Assert.Equal("Blocked user agent: bot", Check(guard, agent: "robot").Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void An_empty_one_is_refused(string? agent)
    {
        using Guard guard = Guard();
        GuardDecision refused = Check(guard, agent: agent!);
        Assert.Equal((false, "User agent filter", "Empty user agent"), (refused.Allowed, refused.Type, refused.Reason));
    }

    [Fact]
    public void Excluded_paths_take_any_agent()
    {
        using Guard guard = Guard(options =>
        {
            options.UserAgent.BlockedAgents.Add("kube-probe");
            options.UserAgent.ExcludedPaths.Add("/ready");
            options.UserAgent.ExcludedPaths.Add("/internal/**");
        });
        Assert.True(Check(guard, path: "/ready", agent: "kube-probe/1.30").Allowed);
        Assert.True(Check(guard, path: "/ready/", agent: "").Allowed);
        Assert.True(Check(guard, path: "/internal/a/b", agent: "").Allowed);
        Assert.Equal("Empty user agent", Check(guard, path: "/internalfoo", agent: "").Reason);
        Assert.Equal("Blocked user agent: kube-probe", Check(guard, path: "/", agent: "kube-probe/1.30").Reason);
    }

    [Fact]
    public void A_filter_that_is_off_lets_everybody_in()
    {
        using Guard guard = Guard(options =>
        {
            options.UserAgent.Enabled = false;
            options.UserAgent.BlockedAgents.Add("curl");
        });
        Assert.True(Check(guard, agent: "curl").Allowed);
        Assert.True(Check(guard, agent: "").Allowed);
    }

    [Fact]
    public void Refused_agents_are_not_counted()
    {
        using Guard guard = Guard(Limited(1));
        Assert.False(Check(guard, agent: "").Allowed);
        Assert.True(Check(guard).Allowed);
    }
}
