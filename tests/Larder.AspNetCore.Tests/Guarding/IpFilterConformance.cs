using System.Net;
using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

public abstract class IpFilterConformance<TSubject> : GuardConformance<TSubject>
    where TSubject : GuardSubject, new()
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.0/24", "203.0.113.255", true)]
    [InlineData("203.0.113.0/24", "203.0.114.0", false)]
    [InlineData("203.0.113.77/24", "203.0.113.1", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", true)]
    [InlineData("2001:db8::1", "2001:DB8:0:0:0:0:0:1", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("0.0.0.0/0", "192.0.2.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    public void A_whitelist_lets_in_who_is_on_it_and_a_blacklist_keeps_them_out(string entry, string address, bool isListed)
    {
        var client = IPAddress.Parse(address);
        using Guard white = Guard(options => options.IpFilter.Whitelist.Add(entry));
        Assert.Equal(isListed ? (true, null, null) : (false, "IP filter", "IP not in whitelist"), Verdict(Check(white, client)));
        using Guard black = Guard(options => options.IpFilter.Blacklist.Add(entry));
        Assert.Equal(isListed ? (false, "IP filter", "IP in blacklist") : (true, null, null), Verdict(Check(black, client)));

        static (bool, string?, string?) Verdict(GuardDecision decision) => (decision.Allowed, decision.Type, decision.Reason);
    }

    [Fact]
    public void A_ban_comes_before_the_blacklist_and_the_blacklist_before_the_whitelist()
    {
        using Guard guard = Guard(options =>
        {
            options.IpFilter.Blacklist.Add("203.0.113.0/24");
            options.IpFilter.Whitelist.Add("203.0.113.7");
        });
        Assert.Equal("IP in blacklist", Check(guard).Reason);
        Assert.Equal("IP not in whitelist", Check(guard, Other).Reason);
        Subject.Ban(guard, Client, TimeSpan.FromMinutes(1));
        Assert.Equal("IP is banned", Check(guard).Reason);
    }

    [Fact]
    public void Who_has_no_address_is_refused_unless_the_filter_is_off()
    {
        using Guard guard = Guard();
        GuardDecision refused = Subject.Check(guard, Request() with { Address = null });
        Assert.Equal((false, "IP filter", "Invalid IP address"), (refused.Allowed, refused.Type, refused.Reason));
        using Guard off = Guard(options => options.IpFilter.Enabled = false);
        Assert.True(Subject.Check(off, Request() with { Address = null }).Allowed);
    }

    [Fact]
    public void A_filter_that_is_off_looks_at_neither_lists_nor_bans()
    {
        using Guard guard = Guard(options =>
        {
            options.IpFilter.Enabled = false;
            options.IpFilter.Blacklist.Add("203.0.113.7");
        });
        Subject.Ban(guard, Client, TimeSpan.FromMinutes(1));
        Assert.True(Check(guard).Allowed);
        Assert.True(Subject.IsBanned(guard, Client));
    }

    [Fact]
    public void A_ban_holds_until_its_time_is_over()
    {
        using Guard guard = Guard();
        Assert.False(Subject.IsBanned(guard, Client));
        Subject.Ban(guard, Client, TimeSpan.FromMinutes(10));
        Assert.True(Subject.IsBanned(guard, Client));
        Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        GuardDecision refused = Check(guard);
        Assert.Equal((false, "IP filter", "IP is banned", null), (refused.Allowed, refused.Type, refused.Reason, refused.RateLimit));
        Assert.True(Check(guard, Other).Allowed);
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(Subject.IsBanned(guard, Client));
        Assert.True(Check(guard).Allowed);
    }

    [Fact]
    public void A_ban_can_be_ended_and_replaced()
    {
        using Guard guard = Guard();
        Assert.False(Subject.Unban(guard, Client));
        Subject.Ban(guard, Client, Timeout.InfiniteTimeSpan);
        Clock.Advance(TimeSpan.FromDays(10_000));
        Assert.True(Subject.IsBanned(guard, Client));
        Subject.Ban(guard, Client, TimeSpan.FromSeconds(1));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Subject.IsBanned(guard, Client));
        Subject.Ban(guard, Client, TimeSpan.FromSeconds(1));
        Assert.True(Subject.Unban(guard, Client));
        Assert.True(Check(guard).Allowed);
    }

    [Theory]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("fe80::1%3", "fe80::1%4")]
    [InlineData("2001:db8:0:0::1", "2001:db8::1")]
    public void One_address_has_one_spelling(string one, string another)
    {
        using Guard guard = Guard(Limited(1));
        Subject.Ban(guard, IPAddress.Parse(one), TimeSpan.FromMinutes(1));
        Assert.True(Subject.IsBanned(guard, IPAddress.Parse(another)));
        Assert.True(Subject.Unban(guard, IPAddress.Parse(another)));
        Assert.True(Check(guard, IPAddress.Parse(one)).Allowed);
        Assert.Equal("Rate limit", Check(guard, IPAddress.Parse(another)).Type);
    }

    [Fact]
    public void Bans_survive_as_long_as_the_store()
    {
        using (Guard guard = Guard())
        {
            Subject.Ban(guard, Client, TimeSpan.FromHours(2));
        }

        Clock.Advance(TimeSpan.FromHours(1));
        using Guard after = Restarted(Options());
        Assert.True(Subject.IsBanned(after, Client));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(Subject.IsBanned(after, Client));
    }

    [Fact]
    public void What_is_no_ban_is_refused()
    {
        using Guard guard = Guard();
        Assert.Throws<ArgumentNullException>(() => guard.Ban(null!, "x", TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentNullException>(() => guard.Ban(Client, null!, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => guard.Ban(Client, "x", TimeSpan.Zero));
        Action negative = () => guard.BanAsync(Client, "x", TimeSpan.FromSeconds(-2)).AsTask();   // at the call, not through the task
        Assert.Throws<ArgumentOutOfRangeException>(negative);
        Action nobody = () => guard.UnbanAsync(null!).AsTask();
        Assert.Throws<ArgumentNullException>(nobody);
        Assert.Equal(0, Subject.Store.Count());
    }
}

public static class IpFilterTests
{
    public sealed class Memory : IpFilterConformance<InMemory>;

    public sealed class Scope : IpFilterConformance<InScope>;

    public sealed class OnDisk : IpFilterConformance<Durable>;

    public sealed class Async : IpFilterConformance<Asynchronous>;
}
