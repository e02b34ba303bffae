using System.Text;
using Larder.Tests.Child;
using Larder.Tests.Concurrency;
using Larder.Tests.Contract;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>What stays of sessions: across restarts, kills and interruptions, in stores that can do less, and what it costs.</summary>
[Collection(nameof(RealFiles))]
public sealed class SessionRemainsTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Sessions_survive_a_restart_with_their_deadlines_and_what_expired_meanwhile_is_swept()
    {
        using var scratch = new TemporaryDirectory();
        string alive;
        string dead;
        using (Store store = Open(scratch))
        using (SessionStorage sessions = Sessions(store))
        {
            dead = sessions.Create();
            sessions.Set(dead, "k", "v");
            _clock.Advance(TimeSpan.FromMinutes(15));
            alive = sessions.Create();
            sessions.Set(alive, "k", "v");
            store.LocalStorage().Set("theme", "dark");
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        using (Store store = Open(scratch))
        using (SessionStorage sessions = Sessions(store))
        {
            Assert.Null(sessions.Get(dead, "k"));
            Assert.Equal("v", sessions.Get(alive, "k"));
            Assert.Equal("dark", store.LocalStorage().Get("theme"));
            Assert.Equal(1, sessions.Sweep());
            Assert.Equal(3, store.Count("session:"));
        }
    }

    [Fact]
    public void A_sweep_after_a_restart_happens_by_itself()
    {
        using var scratch = new TemporaryDirectory();
        using (Store store = Open(scratch))
        using (SessionStorage sessions = Sessions(store))
        {
            sessions.Set("visitor", "k", "v");
        }

        _clock.Advance(TimeSpan.FromDays(1));
        using (Store store = Open(scratch))
        using (SessionStorage sessions = store.Sessions(new SessionOptions { TimeProvider = _clock }))
        {
            Assert.Equal(2, store.Count("session:"));
            _clock.Advance(TimeSpan.FromMinutes(1));
            Assert.True(SpinWait.SpinUntil(() => store.Count("session:") == 0, TimeSpan.FromSeconds(60)));
        }
    }

    [Fact]
    public void What_was_set_in_a_session_survives_a_kill_at_any_moment()
    {
        using var scratch = new TemporaryDirectory();
        int acknowledged = 0;
        for (int cycle = 0; cycle < (RealFiles.IsSlow ? 50 : 3); cycle++)
        {
            using var child = new ChildProcess(["session", $"path={scratch.Under("store")}", $"from={acknowledged}"]);
            Assert.True(child.WaitFor(SignKind.Applied, 50), child.Errors);
            child.Kill();
            acknowledged = (int)child.Signs.Last(sign => sign.Kind == SignKind.Applied).Number + 1;

            using Store store = Store.Open(scratch.Under("store"));
            using SessionStorage sessions = store.Sessions(new SessionOptions { IdleTimeout = null, SweepInterval = Timeout.InfiniteTimeSpan });
            Assert.All(Enumerable.Range(0, acknowledged), i => Assert.Equal($"value {i}", sessions.Get("visitor", $"key {i}")));
            Assert.InRange(sessions.Keys("visitor").Count, acknowledged, acknowledged + 1);
            Assert.Equal(0, sessions.Sweep());
            store.VerifyIntegrity();
            acknowledged = sessions.Keys("visitor").Count;
        }

        Figures.Print($"session kill: {acknowledged} acknowledged sets of one session, 0 lost");
    }

    [Fact]
    public void What_an_interrupted_clearing_or_ending_leaves_the_next_sweep_removes()
    {
        using var store = new Store(new StoreOptions { TimeProvider = _clock });
        using var failing = new FailingStore(store);
        using SessionStorage sessions = Sessions(failing);
        sessions.Set("cleared", "k", "v");
        sessions.Set("ended", "k", "v");

        failing.RefusesRemovals = true;
        Assert.Equal(1, sessions.Clear("cleared"));
        Assert.True(sessions.End("ended"));

        Assert.Empty(sessions.Keys("cleared"));
        Assert.Equal(6, store.Count());   // what lives: a header and a ledger; what is dead: two ledgers and two keys
        Assert.Throws<IOException>(() => sessions.Sweep());
        failing.RefusesRemovals = false;
        Assert.Equal(2, sessions.Sweep());
        Assert.Equal(2, store.Count());
    }

    [Fact]
    public void A_sweep_that_meets_a_rotation_removes_nothing_alive()
    {
        using var store = new Store(new StoreOptions { TimeProvider = _clock });
        using var meddling = new MeddlingStore(store);
        using SessionStorage sessions = Sessions(meddling);
        using SessionStorage visitor = Sessions(store);
        visitor.Set("old", "k", "v");
        string id = "old";

        // Between the look at the ledger and the look at the header.
        meddling.Before = key => id = key == "session:h:old" ? visitor.Rotate("old") : id;
        Assert.Equal(0, sessions.Sweep());

        Assert.NotEqual("old", id);
        Assert.Equal("v", visitor.Get(id, "k"));
    }

    [Fact]
    public void Listing_a_session_that_is_being_cleared_shows_no_half_of_it()
    {
        using var store = new Store(new StoreOptions { TimeProvider = _clock });
        using var failing = new FailingStore(store) { Allowed = 1 };
        using var meddling = new MeddlingStore(store);
        using SessionStorage sessions = Sessions(meddling);
        using SessionStorage visitor = Sessions(failing);
        for (int i = 0; i < 300; i++)
        {
            visitor.Set("visitor", $"key {i}", "v");
        }

        // Between the look at the header and the scan: cleared, and what is left removed in part.
        failing.RefusesRemovals = true;
        meddling.After = _ =>
        {
            meddling.After = _ => { };
            Assert.Equal(300, visitor.Clear("visitor"));
            visitor.Set("visitor", "new", "v");
        };

        Assert.Equal(["new"], sessions.Keys("visitor"));
        Assert.InRange(store.Count("session:d:"), 2, 300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void A_read_and_a_write_cost_the_same_however_many_keys_there_are(int keys)
    {
        using var store = new Store(new StoreOptions { TimeProvider = _clock });
        using SessionStorage sessions = Sessions(store);
        string id = sessions.Create();
        for (int i = 0; i < keys; i++)
        {
            sessions.Set(id, $"key {i}", "v");
        }

        Assert.Equal((2, 0), Cost(() => sessions.Get(id, "key 0")));
        Assert.Equal((3, 0), Cost(() => sessions.Get(id, "absent")));
        Assert.Equal((2, 1), Cost(() => sessions.Set(id, "key 0", "w")));
        Assert.Equal((3, 1), Cost(() => sessions.Delete(id, "key 0")));
        Assert.Equal((3, 1), Cost(() => sessions.Set(id, "new", "v")));
        Assert.Equal((2, 1), Cost(() => sessions.Touch(id)));
        Assert.Equal((2, 1), Cost(() => sessions.Rotate(id)));

        (long LookUps, long Commits) Cost(Action call)
        {
            StoreStatistics before = store.Statistics;
            call();
            StoreStatistics after = store.Statistics;
            return (after.Hits + after.Misses - before.Hits - before.Misses, after.LastSequence - before.LastSequence);
        }
    }

    [Fact]
    public void What_stands_in_the_store_is_the_documented_layout()
    {
        using var store = new Store(new StoreOptions { TimeProvider = _clock });
        using SessionStorage sessions = Sessions(store);
        sessions.Set("an id", "a key", "a value");

        Entry[] entries = [.. store.Scan()];
        string token = entries[0].Key["session:d:".Length..^":a key".Length];
        Assert.Equal(22, token.Length);
        Assert.Equal(
            [$"session:d:{token}:a key = a value", $"session:h:an id = {token} {_clock.GetUtcNow().UtcTicks}", $"session:l:{token} = 1 an id"],
            entries.Select(entry => $"{entry.Key} = {Encoding.UTF8.GetString(entry.Value.Span)}"));
        Assert.Equal([null, _clock.GetUtcNow() + TimeSpan.FromMinutes(20), null], entries.Select(entry => entry.ExpiresAt));
    }

    [Fact]
    public void An_entry_of_somebody_else_below_the_prefix_is_named_and_not_misread()
    {
        using var store = new Store();
        using SessionStorage sessions = Sessions(store);
        store.Set("session:h:visitor", "nonsense");

        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => sessions.Get("visitor", "k"));
        Assert.Contains("something else writes below 'session:'", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("visitor", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_keep_sessions_is_refused_by_the_feature_it_lacks()
    {
        using var store = new Store();
        using var bare = new BareStore(store);
        using var reusing = new LimitedStore(store, StoreFeatures.All & ~(StoreFeatures.UniqueVersions | StoreFeatures.OrderedScan));

        Assert.Contains("CrossKeyBatch", Assert.Throws<NotSupportedException>(() => bare.Sessions()).Message, StringComparison.Ordinal);
        Assert.Contains("UniqueVersions", Assert.Throws<NotSupportedException>(() => reusing.Sessions()).Message, StringComparison.Ordinal);
        using SessionStorage strict = reusing.Sessions(new SessionOptions { Strict = true, SweepInterval = Timeout.InfiniteTimeSpan, TimeProvider = _clock });
        string id = strict.Create();
        strict.Set(id, "b", "v");
        strict.Set(id, "a", "v");
        Assert.Equal(["a", "b"], strict.Keys(id));
        Assert.Equal(0, strict.Sweep());
        bare.LocalStorage().Set("k", "v");
        Assert.Equal(["k"], bare.LocalStorage().Keys());
    }

    [Fact]
    public void A_forgotten_storage_is_collected_and_its_sweep_with_it()
    {
        using var store = new Store(new StoreOptions { TimeProvider = _clock });
        WeakReference forgotten = Forget(store);
        for (int i = 0; i < 20 && forgotten.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(forgotten.IsAlive);
        _clock.Advance(TimeSpan.FromHours(1));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference Forget(Store store) => new(store.Sessions(new SessionOptions { TimeProvider = _clock }));

    private Store Open(TemporaryDirectory scratch) => Store.Open(scratch.Under("store"), new StoreOptions { TimeProvider = _clock });

    private SessionStorage Sessions(IStore store) => store.Sessions(new SessionOptions { SweepInterval = Timeout.InfiniteTimeSpan, TimeProvider = _clock });

    private sealed class LimitedStore(IStore store, StoreFeatures features) : AsyncTwins(store)
    {
        public override StoreFeatures Features => features;

        public override IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false) =>
            after is null && !reverse ? base.Scan(prefix, after, limit, reverse).Reverse() : throw new NotSupportedException("this store has no order");
    }

    /// <summary>Refuses, when told so, every batch that does nothing but remove.</summary>
    private sealed class FailingStore(IStore store) : AsyncTwins(store)
    {
        public bool RefusesRemovals { get; set; }

        /// <summary>How many go through before.</summary>
        public int Allowed { get; set; }

        public override WriteResult Write(WriteBatch batch) =>
            RefusesRemovals && IsRemoval(batch) && Allowed-- <= 0 ? throw new IOException("no removals today") : base.Write(batch);

        private static bool IsRemoval(WriteBatch batch) =>
            batch.Items.All(item => item.Operation is BatchOperation.Remove or BatchOperation.Require) && batch.Items.Count(item => item.Operation == BatchOperation.Remove) > 1;
    }

    private sealed class MeddlingStore(IStore store) : ForwardingStore(store)
    {
        public Action<string> Before { get; set; } = _ => { };

        public Action<string> After { get; set; } = _ => { };

        public override bool TryGet(string key, out Entry entry)
        {
            Before(key);
            bool found = Inner.TryGet(key, out entry);
            After(key);
            return found;
        }
    }
}
