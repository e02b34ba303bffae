using Xunit;

namespace Larder.Tests.Crash;

/// <summary>What was erased is in no file any more, whenever the power fails afterwards.</summary>
[Collection(nameof(Crash))]
public sealed class ErasureTests
{
    private static readonly byte[] _secret = [.. "a secret that must be found nowhere"u8];

    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public void Nothing_is_left_of_a_value_that_was_erased(DurabilityMode mode)
    {
        StoreRun run = Secretive(mode);
        run.Write("set again", store => store.Set("k", "public"u8) > 0);
        run.Flush("erase", store => Assert.True(store.Erase("k")));

        Assert.False(IsAnywhere(run));
    }

    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public void Nothing_is_left_of_a_value_that_was_removed_before_it_was_erased(DurabilityMode mode)
    {
        StoreRun run = Secretive(mode);
        run.Write("remove", store => store.Remove("k"));
        run.Flush("erase", store => Assert.False(store.Erase("k")));

        Assert.False(IsAnywhere(run));
    }

    [Fact]
    public void Without_an_erasure_it_would_be_found()
    {
        StoreRun run = Secretive(DurabilityMode.Commit);
        run.Write("remove", store => store.Remove("k"));

        Assert.True(IsAnywhere(run));
    }

    /// <summary>The secret is in the history, in two generations of checkpoints, in the log, and in a torn tail that was put aside.</summary>
    private static StoreRun Secretive(DurabilityMode mode)
    {
        var torn = new DiskImage([]);
        var setup = new StoreSetup { Durability = mode, VersionsToKeep = 4, SegmentBytes = 512 };
        if (mode != DurabilityMode.Snapshot)
        {
            torn = Torn(setup);
        }

        var run = new StoreRun("erasure", setup, new SimulatedDisk(torn));
        run.Open();
        Set(run);
        Step.Compact.Run(run);
        Set(run);
        Step.Reopen.Run(run);
        Step.Set("other", 400).Run(run);
        Step.Compact.Run(run);
        Set(run);
        return run;
    }

    /// <summary>What a crash in the middle of writing the secret leaves: its record, cut off.</summary>
    private static DiskImage Torn(StoreSetup setup)
    {
        var run = new StoreRun("torn", setup, new SimulatedDisk(DiskImage.Empty));
        run.Open();
        Set(run);
        run.Flush("flush", store => store.Flush());
        DiskImage image = run.Disk.Certain();
        string segment = image.Files.Single(file => file.Key.EndsWith(".log", StringComparison.Ordinal)).Key;
        byte[] content = image[segment];
        int end = Array.FindLastIndex(content, one => one != 0);
        return image.With(segment, content[..end]).Without(SimulatedDisk.LockFile);
    }

    private static void Set(StoreRun run) => run.Write("set", store => store.Set("k", _secret) > 0);

    private static bool IsAnywhere(StoreRun run)
    {
        bool found = false;
        new CrashStates(new Random(1)).Visit(
            run.Disk.State,
            state => found |= state.ToImage().Files.Any(file => file.Value.AsSpan().IndexOf(_secret.AsSpan(0, 20)) >= 0));
        return found;
    }
}
