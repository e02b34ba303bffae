using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>When sessions end, and what is left of them.</summary>
public abstract class SessionLifetimes<TSubject, TFace> : SessionConformance<TSubject, TFace>
    where TSubject : Subject, new()
    where TFace : SessionFace, new()
{
    [Fact]
    public void A_session_that_nobody_uses_ends_as_a_whole_at_the_idle_time_out()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        sessions.Set(id, "a", "1");
        Advance(TimeSpan.FromMinutes(1));
        sessions.Set(id, "b", "2");
        sessions.Touch(id);

        Advance(Idle - Tick);
        Assert.Equal(["a", "b"], sessions.Keys(id));
        Advance(Tick);

        Assert.Null(sessions.Get(id, "a"));
        Assert.Null(sessions.Get(id, "b"));
        Assert.Empty(sessions.Keys(id));
        Assert.False(sessions.Touch(id));
        Assert.False(sessions.Delete(id, "a"));
        Assert.Equal(0, sessions.Clear(id));
        Assert.Throws<SessionNotFoundException>(() => sessions.Rotate(id));
    }

    [Fact]
    public void An_expired_session_is_gone_from_the_store_after_a_sweep()
    {
        SessionFace sessions = Sessions();
        string expired = sessions.Create();
        for (int i = 0; i < 300; i++)
        {
            sessions.Set(expired, $"key {i}", "v");
        }

        Advance(Idle);
        string alive = sessions.Create();
        sessions.Set(alive, "k", "v");

        Assert.Equal(1, sessions.Sweep());

        Assert.Equal(3, Entries);
        Assert.Equal("v", sessions.Get(alive, "k"));
        Assert.Equal(0, sessions.Sweep());
    }

    [Fact]
    public void Many_expired_sessions_are_swept_page_by_page_and_living_ones_stay()
    {
        SessionFace sessions = Sessions();
        for (int i = 0; i < 400; i++)
        {
            sessions.Set($"expired {i}", "k", "v");
        }

        Advance(Idle);
        for (int i = 0; i < 400; i++)
        {
            sessions.Set($"alive {i}", "k", "v");
        }

        Assert.Equal(400, sessions.Sweep());
        Assert.Equal(3 * 400, Entries);
        Assert.All(Enumerable.Range(0, 400), i => Assert.Equal("v", sessions.Get($"alive {i}", "k")));
    }

    [Fact]
    public void The_sweep_runs_by_itself_until_the_storage_is_disposed()
    {
        SessionFace sessions = Sessions(options => options.SweepInterval = TimeSpan.FromMinutes(1));
        sessions.Set(sessions.Create(), "k", "v");

        Advance(Idle + TimeSpan.FromMinutes(1));
        Assert.True(SpinWait.SpinUntil(() => Entries == 0, TimeSpan.FromSeconds(60)));

        sessions.Set(sessions.Create(), "k", "v");
        sessions.Storage.Dispose();
        Advance(2 * Idle);
        Assert.Equal(2, Entries);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("get of an absent key")]
    [InlineData("set")]
    [InlineData("set of a new key")]
    [InlineData("touch")]
    public void Use_prolongs_a_session(string use)
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        sessions.Set(id, "k", "v");
        for (int i = 0; i < 5; i++)
        {
            Advance(Idle * 0.9);
            Use(sessions, use, id, i);
        }

        Advance(Idle - Tick);
        Assert.Equal("v", sessions.Get(id, "k"));
    }

    [Fact]
    public void Listing_deleting_and_clearing_do_not_prolong_a_session()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        sessions.Set(id, "a", "1");
        sessions.Set(id, "b", "2");

        Advance(Idle - Tick);
        Assert.Equal(["a", "b"], sessions.Keys(id));
        Assert.True(sessions.Delete(id, "a"));
        Assert.Equal(1, sessions.Clear(id));
        Advance(Tick);

        Assert.False(sessions.Touch(id));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("set")]
    public void Use_within_a_sixteenth_of_the_time_out_writes_no_renewal(string use)
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        sessions.Set(id, "k", "v");
        long header = Store.Scan("session:h:").Single().Version;

        Advance((Idle / 16) - Tick);
        Use(sessions, use, id, 0);
        Assert.Equal(header, Store.Scan("session:h:").Single().Version);
        Advance(Tick);
        Use(sessions, use, id, 0);
        Assert.True(Store.Scan("session:h:").Single().Version > header);

        // So at the latest fifteen sixteenths after its last use it is still there, and at the time-out it is not.
        Advance((Idle / 16) - Tick);
        Use(sessions, use, id, 0);
        Advance((Idle * 15 / 16) - Tick);
        Assert.Equal(["k"], sessions.Keys(id));
        Advance(Idle / 16);
        Assert.Empty(sessions.Keys(id));
    }

    [Fact]
    public void The_absolute_time_out_ends_a_session_however_much_it_is_used()
    {
        SessionFace sessions = Sessions(options => options.AbsoluteTimeout = TimeSpan.FromHours(1));
        string id = sessions.Create();
        sessions.Set(id, "k", "v");
        for (int minute = 10; minute < 60; minute += 10)
        {
            Advance(TimeSpan.FromMinutes(10));
            Assert.True(sessions.Touch(id));
            sessions.Set(id, $"at {minute}", "v");
        }

        Advance(TimeSpan.FromMinutes(10) - Tick);
        Assert.Equal("v", sessions.Get(id, "at 50"));
        Assert.Equal(6, sessions.Keys(id).Count);
        Advance(Tick);

        Assert.Null(sessions.Get(id, "k"));
        Assert.Null(sessions.Get(id, "at 50"));
        Assert.Empty(sessions.Keys(id));
        Assert.False(sessions.Touch(id));
        Assert.Equal(0, sessions.Clear(id));
        Assert.False(sessions.End(id));
        Assert.Throws<SessionNotFoundException>(() => sessions.Rotate(id));
        Advance(Idle);
        Assert.Equal(0, Entries);   // without a sweep
    }

    [Fact]
    public void Neither_rotating_nor_clearing_moves_the_absolute_deadline()
    {
        SessionFace sessions = Sessions(options => options.AbsoluteTimeout = TimeSpan.FromMinutes(30));
        string id = sessions.Create();
        Advance(TimeSpan.FromMinutes(15));
        id = sessions.Rotate(id);
        sessions.Set(id, "k", "v");
        sessions.Clear(id);
        sessions.Set(id, "k", "v");

        Advance(TimeSpan.FromMinutes(15) - Tick);
        Assert.Equal("v", sessions.Get(id, "k"));
        Advance(Tick);
        Assert.Null(sessions.Get(id, "k"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_its_end_a_set_begins_a_new_empty_session_unless_strict(bool isAbsolute)
    {
        void Configure(SessionOptions options) => options.AbsoluteTimeout = isAbsolute ? Idle : null;
        SessionFace sessions = Sessions(Configure);
        sessions.Set("visitor", "old", "v");
        Advance(isAbsolute ? Idle - Tick : Idle);
        sessions.Touch("visitor");
        Advance(isAbsolute ? Tick : TimeSpan.Zero);

        SessionFace strict = Sessions(options =>
        {
            Configure(options);
            options.Strict = true;
        });
        Assert.Throws<SessionNotFoundException>(() => strict.Set("visitor", "new", "v"));
        sessions.Set("visitor", "new", "v");

        Assert.Equal(["new"], sessions.Keys("visitor"));
        Assert.Null(sessions.Get("visitor", "old"));
        sessions.Sweep();
        Assert.Equal(["new"], sessions.Keys("visitor"));
        Assert.Equal(3, Entries);
    }

    [Fact]
    public void Without_an_idle_time_out_only_the_absolute_one_counts_and_without_both_nothing_ends()
    {
        SessionFace absolute = Sessions(options => (options.IdleTimeout, options.AbsoluteTimeout) = (null, TimeSpan.FromDays(1)));
        SessionFace endless = Sessions(options => options.IdleTimeout = null);
        string a = absolute.Create();
        absolute.Set(a, "k", "v");
        string e = endless.Create();
        endless.Set(e, "k", "v");

        Advance(TimeSpan.FromDays(1) - Tick);
        Assert.True(absolute.Touch(a));
        a = absolute.Rotate(a);
        Assert.Equal("v", absolute.Get(a, "k"));
        Advance(Tick);
        Assert.Null(absolute.Get(a, "k"));
        Advance(TimeSpan.FromDays(10_000));

        Assert.Equal("v", endless.Get(e, "k"));
        endless.Sweep();
        Assert.Equal(3, Entries);
    }

    private static void Use(SessionFace sessions, string use, string id, int i)
    {
        switch (use)
        {
            case "get":
                Assert.Equal("v", sessions.Get(id, "k"));
                break;
            case "get of an absent key":
                Assert.Null(sessions.Get(id, "absent"));
                break;
            case "set":
                sessions.Set(id, "k", "v");
                break;
            case "set of a new key":
                sessions.Set(id, $"new {i}", "v");
                break;
            default:
                Assert.True(sessions.Touch(id));
                break;
        }
    }
}
