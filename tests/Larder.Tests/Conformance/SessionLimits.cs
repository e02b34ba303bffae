using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>Quotas, bad input, and what comes after closing.</summary>
public abstract class SessionLimits<TSubject, TFace> : SessionConformance<TSubject, TFace>
    where TSubject : Subject, new()
    where TFace : SessionFace, new()
{
    [Fact]
    public void A_key_over_the_quota_is_refused_by_name_and_nothing_is_written()
    {
        SessionFace sessions = Sessions(options => options.MaxKeysPerSession = 2);
        string id = sessions.Create();
        sessions.Set(id, "a", "1");
        sessions.Set(id, "b", "2");

        StoreLimitException refusal = Refused<StoreLimitException>(() => sessions.Set(id, "c", "3"), "MaxKeysPerSession is 2 keys, but 3 keys");
        Assert.Equal((nameof(SessionOptions.MaxKeysPerSession), 2, 3), (refusal.Limit, refusal.Maximum, refusal.Actual));

        sessions.Set(id, "b", "overwritten");
        sessions.Set(sessions.Create(), "c", "in another session");
        sessions.Delete(id, "a");
        sessions.Set(id, "c", "3");
        Assert.Equal(["b", "c"], sessions.Keys(id));
        sessions.Clear(id);
        sessions.Set(id, "d", "4");
        sessions.Set(id, "e", "5");
        Refused<StoreLimitException>(() => sessions.Set(id, "f", "6"));
    }

    [Fact]
    public void A_value_over_the_quota_is_refused_by_name_and_nothing_is_written()
    {
        SessionFace sessions = Sessions(options => options.MaxValueBytes = 4);
        string id = sessions.Create();
        sessions.Set(id, "k", "four");

        StoreLimitException refusal = Refused<StoreLimitException>(() => sessions.Set(id, "k", "ää!"), "MaxValueBytes is 4 bytes, but 5 bytes");
        Assert.Equal(nameof(SessionOptions.MaxValueBytes), refusal.Limit);
        Refused<StoreLimitException>(() => sessions.Set("unknown", "k", "fiver"));
        Assert.Equal("four", sessions.Get(id, "k"));
    }

    [Fact]
    public void A_key_or_an_id_that_the_store_cannot_take_is_refused_in_the_callers_terms()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        string tooLong = new('k', 1024);

        StoreLimitException key = Refused<StoreLimitException>(() => sessions.Set(id, tooLong, "v"), "less ");
        Assert.Equal(1024, key.Actual);
        sessions.Set(id, tooLong[..(int)key.Maximum], "fits");
        Refused<StoreLimitException>(() => sessions.Get(id, tooLong[..(int)(key.Maximum + 1)]));

        StoreLimitException named = Refused<StoreLimitException>(() => sessions.Set(tooLong, "k", "v"), "MaxKeyBytes");
        Assert.True(named.Maximum > key.Maximum);
        sessions.Set(tooLong[..(int)named.Maximum], "k", "fits");
        Assert.Equal("fits", sessions.Get(tooLong[..(int)named.Maximum], "k"));
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        foreach (Action<string> call in new Action<string>[]
        {
            s => sessions.Get(s, "k"), s => sessions.Set(s, "k", "v"), s => sessions.Delete(s, "k"), s => sessions.Clear(s), s => sessions.End(s),
            s => sessions.Keys(s), s => sessions.Rotate(s), s => sessions.Touch(s),
        })
        {
            Refused<ArgumentNullException>(() => call(null!), parameter: "sessionId");
            Refused<ArgumentException>(() => call("\ud800"), "unpaired surrogate", "sessionId");
            Assert.Equal("sessionId", Assert.Throws<ArgumentException>(() => call("")).ParamName);
        }

        foreach (Action<string> call in new Action<string>[] { k => sessions.Get(id, k), k => sessions.Set(id, k, "v"), k => sessions.Delete(id, k) })
        {
            Refused<ArgumentNullException>(() => call(null!), parameter: "key");
            Refused<ArgumentException>(() => call("\udc00"), "unpaired surrogate", "key");
        }

        Refused<ArgumentNullException>(() => sessions.Set(id, "k", null!), parameter: "value");
        Refused<ArgumentException>(() => sessions.Set(id, "k", "half \ud83d"), "unpaired surrogate", "value");
    }

    [Fact]
    public async Task Async_members_refuse_arguments_at_the_call_and_everything_else_through_the_task()
    {
        SessionStorage sessions = Sessions().Storage;
        string id = sessions.Create();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        Assert.Throws<ArgumentException>(() => sessions.GetAsync("", "k").AsTask().Wait());   // from the task it would be wrapped
        Assert.Throws<ArgumentNullException>(() => sessions.SetAsync(id, "k", null!).AsTask().Wait());
        await RefusedByTask<OperationCanceledException>(() => sessions.SetAsync(id, "k", "v", cancelled.Token).AsTask());
        await RefusedByTask<OperationCanceledException>(() => sessions.CreateAsync(cancelled.Token).AsTask());
        await RefusedByTask<OperationCanceledException>(() => sessions.SweepAsync(cancelled.Token).AsTask());
        await RefusedByTask<StoreLimitException>(() => sessions.SetAsync(id, new string('k', 2000), "v").AsTask());
        sessions.Dispose();
        await RefusedByTask<ObjectDisposedException>(() => sessions.GetAsync(id, "k").AsTask());
    }

    [Fact]
    public void A_closed_storage_refuses_and_leaves_store_and_sessions_alone()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        sessions.Set(id, "k", "v");

        sessions.Storage.Dispose();
        sessions.Storage.Dispose();

        Refused<ObjectDisposedException>(() => sessions.Get(id, "k"), "store is closed");
        Refused<ObjectDisposedException>(() => sessions.Create());
        Refused<ObjectDisposedException>(() => sessions.Sweep());
        Assert.Equal("v", Sessions().Get(id, "k"));
    }

    [Fact]
    public void Impossible_options_are_refused_all_at_once()
    {
        ArgumentException refusal = Refused<ArgumentException>(() => Store.Sessions(new SessionOptions
        {
            IdleTimeout = TimeSpan.Zero,
            AbsoluteTimeout = TimeSpan.FromTicks(-1),
            MaxKeysPerSession = 0,
            MaxValueBytes = -1,
            SweepInterval = TimeSpan.Zero,
            TimeProvider = null!,
        }));

        Assert.All(
            ["IdleTimeout", "AbsoluteTimeout", "MaxKeysPerSession", "MaxValueBytes", "SweepInterval", "TimeProvider"],
            option => Assert.Contains(option, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_are_copied()
    {
        var options = new SessionOptions { MaxKeysPerSession = 1, SweepInterval = Timeout.InfiniteTimeSpan, TimeProvider = Subject.Clock };
        using SessionStorage sessions = Store.Sessions(options);
        options.MaxKeysPerSession = 5;
        string id = sessions.Create();
        sessions.Set(id, "a", "1");

        Refused<StoreLimitException>(() => sessions.Set(id, "b", "2"));
    }
}
