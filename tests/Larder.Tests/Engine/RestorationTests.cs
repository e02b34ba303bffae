using Larder.Changes;
using Xunit;

namespace Larder.Tests.Engine;

/// <summary>An engine filled from an image, from changes, or from both, is what the engine was that made them.</summary>
public sealed class RestorationTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(5, null)]
    [InlineData(1, 12)]
    [InlineData(4, 12)]
    public void What_an_image_and_the_log_say_is_what_was_there(int versions, int? mostEntries)
    {
        for (int seed = 0; seed < 25; seed++)
        {
            var options = new StoreOptions { VersionsToKeep = versions, MaxEntries = mostEntries, WhenFull = mostEntries is null ? WhenFull.Refuse : WhenFull.Evict };
            EngineRig rig = new(_time, options);
            var writes = new RandomWrites(seed, _time);
            (List<Change> Image, long Sequence) checkpoint = ([], 0);
            for (int step = 0; step < 300; step++)
            {
                writes.Step(rig);
                if (writes.Next(6) != 0)
                {
                    continue;
                }

                (List<Change> Image, long Sequence) now = (rig.Image(), rig.Engine.LastSequence);
                foreach ((List<Change>? image, long upTo) in new (List<Change>?, long)[] { (null, 0), checkpoint, now })
                {
                    EngineRig restored = rig.Restored(image, upTo);
                    List<string> expected = rig.Shown();
                    List<string> found = restored.Shown();
                    Assert.True(expected.SequenceEqual(found), $"seed {seed}, step {step}, image at {upTo}:\n{string.Join('\n', found)}\ninstead of\n{string.Join('\n', expected)}");
                    restored.Engine.Verify();
                    if (writes.Next(8) == 0)
                    {
                        // As after a stop: what was restored goes on in its place. What it dropped, because it was due, no change tells of.
                        (restored, rig) = (rig, restored);
                    }

                    restored.Dispose();
                }

                checkpoint = writes.Next(4) == 0 ? now : checkpoint;
            }

            rig.Dispose();
        }
    }

    [Fact]
    public void A_restoration_that_begins_again_has_forgotten_what_it_was_told()
    {
        using EngineRig rig = Rig();
        IChangeTarget target = rig.Engine.Restoration();
        target.Begin();
        Apply(target, 1, "a", "wrong", _time.GetUtcNow() + TimeSpan.FromDays(1));
        Apply(target, 2, "b", "wrong");

        target.Begin();
        Apply(target, 1, "a", "right");
        target.End(4);

        Assert.Equal("right"u8, Assert.Single(rig.Entries()).Value.Span);
        rig.Engine.Verify();
        Assert.Equal(5, rig.Set("c", "next"));

        target.Begin();
        Assert.Empty(rig.Entries());
        target.End(7);
        Assert.Equal(8, rig.Set("c", "next"));
        rig.Engine.Verify();
    }

    [Fact]
    public void Nobody_is_told_and_nothing_is_logged()
    {
        using EngineRig rig = Rig();
        (Watcher watcher, _) = rig.Engine.Subscribe([], includeCurrent: false);
        IChangeTarget target = rig.Engine.Restoration();
        target.Begin();
        Apply(target, 1, "due", "1", _time.GetUtcNow());
        Apply(target, 2, "a", "1");
        target.Apply(new Change(ChangeKind.Evict, 3, "a"u8.ToArray()));
        target.End(3);

        Assert.Empty(rig.Entries());
        Assert.Empty(rig.Log.Changes);
        Assert.False(watcher.TryTake(out _));
        Assert.Equal((0, 0, 0L), (rig.Engine.Expirations, rig.Engine.Evictions, rig.Engine.Entries));
        rig.Engine.Verify();
    }

    [Fact]
    public void A_restored_deadline_is_kept_by_the_sweeper()
    {
        using EngineRig rig = Rig();
        IChangeTarget target = rig.Engine.Restoration();
        target.Begin();
        Apply(target, 1, "a", "1", _time.GetUtcNow() + TimeSpan.FromSeconds(5));
        target.End(1);

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal((1, 0L), (rig.Engine.Expirations, rig.Engine.Entries));
        Change expiry = Assert.Single(rig.Log.Changes);
        Assert.Equal((ChangeKind.Expire, 2L, 1L), (expiry.Kind, expiry.Sequence, expiry.Version));
    }

    [Fact]
    public void A_store_that_is_over_its_bound_is_restored_whole_and_refuses_growth()
    {
        using EngineRig rig = Full(WhenFull.Refuse);

        Assert.Equal(5, rig.Engine.Count());
        rig.Engine.Verify();
        Assert.Throws<StoreFullException>(() => rig.Set("new", "1"));
        rig.Set("k1", "2");
        rig.Engine.Verify();
        rig.Remove("k2");
        Assert.Throws<StoreFullException>(() => rig.Set("new", "1"));
        rig.Remove("k3");
        rig.Remove("k4");
        rig.Set("new", "1");
        Assert.Throws<StoreFullException>(() => rig.Set("newer", "1"));
        rig.Engine.Verify();
    }

    [Fact]
    public void A_store_that_is_over_its_bound_evicts_when_it_grows_the_oldest_first()
    {
        using EngineRig rig = Full(WhenFull.Evict);

        Assert.Equal((5, 0L), (rig.Engine.Count(), rig.Engine.Evictions));
        rig.Set("new", "1");

        Assert.Equal(["k3", "k4", "new"], rig.Entries().Select(entry => entry.Key));
        rig.Engine.Verify();
    }

    [Fact]
    public void Keys_that_come_and_go_leave_nothing_behind()
    {
        using EngineRig rig = Rig();
        IChangeTarget target = rig.Engine.Restoration();
        target.Begin();
        for (int i = 0; i < 100_000; i++)
        {
            Apply(target, (2 * i) + 1, $"session:{i:D6}", "1");
            if (i >= 10)
            {
                target.Apply(new Change(ChangeKind.Remove, (2 * i) + 2, System.Text.Encoding.UTF8.GetBytes($"session:{i - 10:D6}")));
            }
        }

        target.Apply(new Change(ChangeKind.Clear, 300_000, "session:09999"u8.ToArray()));
        Apply(target, 300_001, "session:099990", "2");
        target.End(300_001);

        Assert.Equal("session:099990", Assert.Single(rig.Entries()).Key);
        rig.Engine.Verify();
    }

    private static void Apply(IChangeTarget target, long version, string key, string value, DateTimeOffset? expiresAt = null) =>
        target.Apply(new Change(ChangeKind.Set, version, System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(value), version, expiresAt));

    private EngineRig Rig() => new(_time, new StoreOptions());

    private EngineRig Full(WhenFull whenFull)
    {
        var rig = new EngineRig(_time, new StoreOptions { MaxEntries = 3, WhenFull = whenFull });
        IChangeTarget target = rig.Engine.Restoration();
        target.Begin();
        for (int i = 0; i < 5; i++)
        {
            Apply(target, i + 1, $"k{i}", "1");
        }

        target.End(5);
        return rig;
    }
}
