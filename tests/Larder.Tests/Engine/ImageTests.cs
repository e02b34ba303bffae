using System.Runtime.CompilerServices;
using Larder.Changes;
using Xunit;

namespace Larder.Tests.Engine;

/// <summary>An image holds one point in time, histories and all, whatever is written while it is walked.</summary>
public sealed class ImageTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Images_hold_what_was_there_when_they_were_opened_though_writers_go_on(int versions)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            using EngineRig rig = Rig(versions);
            var writes = new RandomWrites(seed, _time);
            List<(IChangeImage Image, List<string> Expected, List<string> Found)> open = [];
            for (int step = 0; step < 400; step++)
            {
                writes.Step(rig);
                if (step % 80 == 40)
                {
                    List<string> expected = rig.Expected();
                    IChangeImage image = rig.Engine.OpenImage();
                    Assert.Equal(rig.Engine.LastSequence, image.Sequence);
                    Assert.Equal(rig.Clock.Now, image.Now);
                    open.Add((image, expected, []));
                }

                foreach ((IChangeImage image, _, List<string> found) in open)
                {
                    if (writes.Next(2) == 0 && image.Next(out Change change))
                    {
                        Assert.Equal((ChangeKind.Set, change.Version), (change.Kind, change.Sequence));
                        found.Add(EngineRig.Line(change));
                    }
                }
            }

            foreach ((IChangeImage image, List<string> expected, List<string> found) in open)
            {
                found.AddRange(EngineRig.Rest(image).Select(EngineRig.Line));
                image.Dispose();
                Assert.True(expected.SequenceEqual(found), $"seed {seed}:\n{string.Join('\n', found)}\ninstead of\n{string.Join('\n', expected)}");
            }

            rig.Engine.Verify();
            rig.Engine.Maintain();
            Assert.Equal((0, 0), (rig.Engine.Scans, rig.Engine.InLimbo));
            rig.Engine.Verify();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_image_is_exact_while_threads_write(int versions)
    {
        using EngineRig rig = Rig(versions);
        for (int i = 0; i < 3000; i++)
        {
            rig.Set($"k{i % 1000}", $"old {i}");
        }

        List<string> expected = rig.Expected();
        using IChangeImage image = rig.Engine.OpenImage();
        using var ready = new Barrier(3);
        bool isOver = false;
        Thread[] writers = [.. Enumerable.Range(0, 2).Select(thread => new Thread(() =>
        {
            ready.SignalAndWait();
            for (int i = thread; !Volatile.Read(ref isOver) || i < 4000; i++)
            {
                string key = $"k{i * 7 % 1000}";
                _ = (i % 5) switch
                {
                    0 => rig.Remove(key),
                    1 => rig.Touch(key, TimeSpan.FromDays(1)),
                    _ => rig.Set(key, $"new {i}") > 0,
                };
            }
        }) { IsBackground = true })];
        Array.ForEach(writers, writer => writer.Start());
        ready.SignalAndWait();
        List<string> found = [.. EngineRig.Rest(image).Select(EngineRig.Line)];
        Volatile.Write(ref isOver, true);
        Array.ForEach(writers, writer => writer.Join());

        Assert.Equal(expected, found);
        rig.Engine.Verify();
    }

    [Fact]
    public void What_is_due_is_left_out()
    {
        using EngineRig rig = Rig(versions: 3);
        rig.Set("a", "1", TimeSpan.FromTicks(5));
        rig.Set("b", "1", TimeSpan.FromTicks(5));
        rig.Set("b", "2");
        _time.Advance(TimeSpan.FromTicks(5));

        Assert.Equal(["b", "b"], rig.Image().Select(change => change.Key));   // an older version may be past its time: it is history
    }

    [Fact]
    public void An_image_left_in_the_middle_pins_nothing_once_it_is_collected()
    {
        using EngineRig rig = Rig(versions: 2);
        AbandonImage(rig);
        Assert.Equal(1, rig.Engine.InLimbo);

        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        rig.Engine.Maintain();

        Assert.Equal((0, 0), (rig.Engine.Scans, rig.Engine.InLimbo));
    }

    [Fact]
    public void A_sealed_engine_refuses_changes_and_is_read_until_it_is_closed()
    {
        using EngineRig rig = Rig(versions: 2);
        rig.Set("a", "1", TimeSpan.FromSeconds(1));
        rig.Set("b", "1");
        rig.Set("b", "2");
        List<string> expected = rig.Expected();
        List<string> shown = rig.Shown();

        rig.Engine.Seal();

        Assert.Throws<ObjectDisposedException>(() => rig.Set("c", "1"));
        Assert.Throws<ObjectDisposedException>(() => rig.Touch("a", TimeSpan.FromDays(1)));
        Assert.Throws<ObjectDisposedException>(() => rig.Remove("absent"));
        Assert.Throws<ObjectDisposedException>(() => rig.Write(new WriteBatch().Set("c", "1"u8)));
        Assert.Throws<ObjectDisposedException>(() => rig.Engine.OpenRemoval([]));
        Assert.Throws<ObjectDisposedException>(() => rig.Engine.Subscribe([], includeCurrent: false));
        Assert.False(rig.Engine.IsClosed);
        Assert.Equal(shown, rig.Shown());
        Assert.True(rig.Engine.TryPeek("b"u8, out _, out _));
        using IChangeImage image = rig.Engine.OpenImage();
        Assert.Equal(expected, EngineRig.Rest(image).Select(EngineRig.Line));

        using IChangeImage late = rig.Engine.OpenImage();
        int logged = rig.Log.Changes.Count;
        _time.Advance(TimeSpan.FromDays(1));
        rig.Engine.Maintain();
        Assert.Equal(1, rig.Engine.Count());
        Assert.Equal(logged, rig.Log.Changes.Count);   // time takes nothing away any more

        rig.Engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => late.Next(out _));
        Assert.Throws<ObjectDisposedException>(rig.Engine.OpenImage);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AbandonImage(EngineRig rig)
    {
        rig.Set("a", "1");
        rig.Set("b", "1");
        rig.Set("b", "2");
        IChangeImage image = rig.Engine.OpenImage();
        Assert.True(image.Next(out _));
        rig.Set("b", "3");
        rig.Set("b", "4");
        Assert.Equal(1, rig.Engine.Scans);
    }

    private EngineRig Rig(int versions) => new(_time, new StoreOptions { VersionsToKeep = versions });
}
