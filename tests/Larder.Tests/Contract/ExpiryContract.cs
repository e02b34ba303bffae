using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Lifetimes: exact to the tick for every member, saturating at the ends of time, and gone without being touched.</summary>
public abstract class ExpiryContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    [Fact]
    public void An_entry_is_there_until_its_deadline_exactly()
    {
        Store.Set("k", "v"u8, _life);
        Assert.Equal(Now + _life, Holds("k", "v").ExpiresAt);

        Advance(_life - _tick);
        Holds("k", "v");
        Assert.Equal(1, Store.Count());
        Assert.Equal(1, Store.Count("k"));

        Advance(_tick);
        IsAbsent("k");
        Assert.Equal(0, Store.Count());
        Assert.Equal(0, Store.Count("k"));
    }

    [Fact]
    public void A_moment_is_a_deadline()
    {
        Store.Set("k", "v"u8, new DateTimeOffset(Now.Ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromHours(5)).Add(_life));
        Assert.Equal(Now + _life, Holds("k", "v").ExpiresAt);

        Advance(_life - _tick);
        Holds("k", "v");
        Advance(_tick);
        IsAbsent("k");
    }

    [Theory]
    [InlineData("TryAdd")]
    [InlineData("TryUpdate")]
    [InlineData("Increment")]
    [InlineData("Increment by a UTF-8 key")]
    [InlineData("Set by a UTF-8 key")]
    [InlineData("Set an array")]
    [InlineData("TryAdd an array")]
    [InlineData("TryUpdate an array")]
    [InlineData("Touch")]
    [InlineData("Write a set")]
    [InlineData("Write an increment")]
    [InlineData("Set typed")]
    public void Every_write_that_takes_an_expiry_keeps_to_it(string member)
    {
        switch (member)
        {
            case "TryAdd": Store.TryAdd("k", "1"u8, _life); break;
            case "TryUpdate": Store.TryUpdate("k", "1"u8, Store.Set("k", "0"u8), _life); break;
            case "Increment": Store.Increment("k", 1, _life); break;
            case "Increment by a UTF-8 key": Store.Increment("k"u8, 1, _life); break;
            case "Set by a UTF-8 key": Store.Set("k"u8, "1"u8, _life); break;
            case "Set an array": Store.Set("k", "1"u8.ToArray(), _life); break;
            case "TryAdd an array": Store.TryAdd("k", "1"u8.ToArray(), _life); break;
            case "TryUpdate an array": Store.TryUpdate("k", "1"u8.ToArray(), Store.Set("k", "0"u8), _life); break;
            case "Touch": Store.Set("k", "1"u8); Store.Touch("k", _life); break;
            case "Write a set": Store.Write(new WriteBatch().Set("k", "1"u8, _life)); break;
            case "Write an increment": Store.Write(new WriteBatch().Increment("k", 1, _life)); break;
            default: Store.Set("k", "1", _life); break;
        }

        Assert.Equal(Now + _life, Holds("k", "1").ExpiresAt);
        Advance(_life - _tick);
        Holds("k", "1");
        Advance(_tick);
        IsAbsent("k");
    }

    [Fact]
    public void An_overwrite_replaces_the_deadline()
    {
        Store.Set("k", "v"u8, _life);
        Store.Set("k", "w"u8, _life * 3);
        Advance(_life * 2);
        Holds("k", "w");

        Store.Set("k", "x"u8);
        Assert.Null(Holds("k", "x").ExpiresAt);
        Advance(_life * 1_000);
        Holds("k", "x");

        Store.Set("k", "y"u8, _tick);
        Advance(_tick);
        IsAbsent("k");
    }

    [Fact]
    public void Keep_keeps_the_deadline()
    {
        DateTimeOffset deadline = Now + _life;
        Store.Set("k", "v"u8, _life);
        Advance(_life / 2);

        Store.Set("k", "w"u8, Expiry.Keep);
        Assert.Equal(deadline, Holds("k", "w").ExpiresAt);
        Store.Touch("k", Expiry.Keep);
        Assert.Equal(deadline, Holds("k", "w").ExpiresAt);
        Store.Set("new", "v"u8, Expiry.Keep);
        Assert.Null(Holds("new", "v").ExpiresAt);

        Advance(_life / 2);
        IsAbsent("k");
        Store.Set("k", "again"u8, Expiry.Keep);
        Assert.Null(Holds("k", "again").ExpiresAt);
    }

    [Fact]
    public void WhenNew_gives_a_deadline_to_new_entries_only()
    {
        DateTimeOffset deadline = Now + _life;
        Assert.Equal(1, Store.Increment("hits", 1, Expiry.WhenNew(_life)));
        Advance(_life / 2);
        Assert.Equal(2, Store.Increment("hits", 1, Expiry.WhenNew(_life)));
        Assert.Equal(deadline, Holds("hits", "2").ExpiresAt);

        Store.Set("for ever", "v"u8);
        Store.Set("for ever", "w"u8, Expiry.WhenNew(_life));
        Assert.Null(Holds("for ever", "w").ExpiresAt);

        Advance(_life / 2);
        Assert.Equal(1, Store.Increment("hits", 1, Expiry.WhenNew(_life)));
        Assert.Equal(Now + _life, Holds("hits", "1").ExpiresAt);

        Store.Set("none", "v"u8, Expiry.WhenNew(Timeout.InfiniteTimeSpan));
        Assert.Null(Holds("none", "v").ExpiresAt);
    }

    [Fact]
    public void An_expiry_that_has_passed_removes_at_once_and_returns_normally()
    {
        foreach (Expiry passed in new Expiry[] { TimeSpan.Zero, Now, Now - _tick, DateTimeOffset.MinValue })
        {
            Assert.Equal(0, Store.Set("absent", "v"u8, passed));
            IsAbsent("absent");

            Store.Set("k", "v"u8);
            Assert.Equal(0, Store.Set("k", "w"u8, passed));
            IsAbsent("k");

            Store.Set("k", "v"u8);
            Store.Touch("k", passed);
            IsAbsent("k");

            Store.TryAdd("k", "v"u8, passed);
            IsAbsent("k");

            Store.TryUpdate("k", "w"u8, Store.Set("k", "v"u8), passed);
            IsAbsent("k");

            Store.Increment("k", 1, passed);
            IsAbsent("k");

            Store.Set("k", "v"u8);
            Store.Write(new WriteBatch().Set("k", "w"u8, passed));
            IsAbsent("k");
        }

        Assert.Equal(0, Store.Count());
    }

    [Fact]
    public void A_refused_write_does_not_remove_by_its_expiry()
    {
        long version = Store.Set("k", "v"u8);
        Assert.False(Store.TryAdd("k", "w"u8, TimeSpan.Zero));
        Assert.False(Store.TryUpdate("k", "w"u8, version + 1, TimeSpan.Zero));
        Assert.Equal(version, Holds("k", "v").Version);
    }

    [Fact]
    public void Infinite_is_no_expiry()
    {
        Store.Set("k", "v"u8, _life);
        Store.Set("k", "v"u8, Timeout.InfiniteTimeSpan);
        Assert.Null(Holds("k", "v").ExpiresAt);

        Store.Set("touched", "v"u8, _life);
        Store.Touch("touched", Expiry.None);
        Assert.Null(Holds("touched", "v").ExpiresAt);

        Advance(_life * 2);
        Holds("k", "v");
        Holds("touched", "v");
    }

    [Fact]
    public void What_lies_beyond_the_end_of_time_saturates()
    {
        Store.Set("span", "v"u8, TimeSpan.MaxValue);
        Store.Set("moment", "v"u8, DateTimeOffset.MaxValue);
        Store.Increment("counter", 1, Expiry.WhenNew(TimeSpan.MaxValue));

        Assert.Equal(DateTimeOffset.MaxValue, Holds("span", "v").ExpiresAt);
        Assert.Equal(DateTimeOffset.MaxValue, Holds("moment", "v").ExpiresAt);
        Advance(TimeSpan.FromDays(365_000));
        Holds("span", "v");
        Holds("moment", "v");
        Holds("counter", "1");
    }

    [Fact]
    public void Other_negative_lifetimes_are_refused()
    {
        Store.Set("k", "v"u8);
        foreach (TimeSpan negative in new[] { -_tick, TimeSpan.FromSeconds(-1), TimeSpan.MinValue })
        {
            Refused<ArgumentOutOfRangeException>(() => Store.Set("k", "w"u8, negative), parameter: "lifetime");
            Refused<ArgumentOutOfRangeException>(() => Store.Touch("k", negative), parameter: "lifetime");
            Refused<ArgumentOutOfRangeException>(() => Store.Increment("n", 1, Expiry.WhenNew(negative)), parameter: "lifetime");
        }
    }

    [Fact]
    public void What_has_expired_is_absent_for_every_write()
    {
        Refill();
        WriteResult added = Store.TryAdd("k", "new"u8);
        Assert.True(added);
        Assert.Equal(added.Version, Holds("k", "new").Version);

        long stale = Refill();
        Assert.Equal(new WriteResult(false, 0), Store.TryUpdate("k", "new"u8, stale));
        IsAbsent("k");

        Refill();
        Assert.False(Store.Remove("k"));
        stale = Refill();
        Assert.False(Store.Remove("k", stale));
        Refill();
        Assert.False(Store.Touch("k", _life));
        IsAbsent("k");
        Refill();
        Assert.Equal(1, Store.Increment("k"));
        Assert.Null(Holds("k", "1").ExpiresAt);
        stale = Refill();
        Assert.False(Store.Write(new WriteBatch().Require("k", stale).Set("k", "new"u8)));
        Assert.True(Store.Write(new WriteBatch().Require("k", 0).Set("k", "new"u8)));
        Refill();
        Assert.Equal(0, Store.RemovePrefix("k"));

        long Refill()
        {
            long version = Store.Set("k", "5"u8, _tick);
            Advance(_tick);
            return version;
        }
    }

    [Fact]
    public void Expired_entries_leave_by_themselves_within_a_second()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Store.Set($"k{i}", "v"u8, TimeSpan.FromMilliseconds(1 + (i * 7)));
        }

        Store.Set("stays", "v"u8);
        Advance(TimeSpan.FromSeconds(7) + TimeSpan.FromSeconds(1));
        HoldsEntries(1);

        Store.Set("again", "v"u8, _tick);
        Store.Set("far", "v"u8, TimeSpan.FromDays(40_000));
        Advance(TimeSpan.FromSeconds(1) + _tick);
        HoldsEntries(2);

        Advance(TimeSpan.FromDays(40_000) + TimeSpan.FromSeconds(1));
        HoldsEntries(1);
        Holds("stays", "v");
    }

    [Fact]
    public void A_deadline_that_was_moved_counts_from_its_last_place()
    {
        Store.Set("later", "v"u8, TimeSpan.FromSeconds(10));
        Store.Touch("later", TimeSpan.FromSeconds(30));
        Store.Set("sooner", "v"u8, TimeSpan.FromDays(100));
        Store.Touch("sooner", TimeSpan.FromSeconds(10));
        Store.Set("never", "v"u8, TimeSpan.FromSeconds(10));
        Store.Touch("never", Expiry.None);

        Advance(TimeSpan.FromSeconds(11));
        HoldsEntries(2);
        Holds("later", "v");
        Advance(TimeSpan.FromSeconds(20));
        HoldsEntries(1);
        Holds("never", "v");
    }

    [Fact]
    public void Touch_gives_a_new_version_and_leaves_the_value_alone()
    {
        long version = Store.Set("k", "v"u8, _life);
        Assert.True(Store.Touch("k", _life * 2));

        Entry entry = Holds("k", "v");
        Assert.True(entry.Version > version);
        Assert.Equal(Now + (_life * 2), entry.ExpiresAt);
        Assert.False(Store.TryUpdate("k", "w"u8, version));
    }

    private void HoldsEntries(long expected)
    {
        if (Subject.Engine is { } engine)
        {
            Assert.Equal(expected, engine.Statistics.Entries - Subject.ForeignEntries);
        }

        Assert.Equal(expected, Store.Count());
    }
}
