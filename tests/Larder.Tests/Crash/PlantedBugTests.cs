using System.Globalization;
using Larder.Durability;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>Would the enumeration find a store that forgets a precaution? Each one is taken away in turn.</summary>
[Collection(nameof(Crash))]
public sealed class PlantedBugTests
{
    [Fact]
    public void A_store_that_does_not_sync_is_caught() => Caught("no sync", files => new WithoutSync(files));

    [Fact]
    public void A_store_that_does_not_sync_the_directory_is_caught() => Caught("no directory sync", files => new WithoutDirectorySync(files));

    [Fact]
    public void A_store_that_deletes_too_early_is_caught() => Caught("early deletion", files => new DeletesEarly(files));

    [Fact]
    public void A_store_that_ignores_checksums_is_caught() => Caught("no checksum", null, files => new WithoutChecksums(files));

    private static void Caught(string bug, Func<IFiles, IFiles>? plant, Func<IFiles, IFiles>? plantInRecovery = null)
    {
        Workload workload = Workload.All.Single(one => one.Name == "large values") with { Steps = _ => [Step.Set("a", 1500), Step.Compact, Step.Set("b", 900), Step.Compact, Step.Set("a", 700), Step.Compact, Step.Remove("b")] };
        var check = new CrashCheck(new StoreRecovery(workload.Setup, plantInRecovery), new Random(1));
        Recording recording = workload.Run(new Random(1), plant).Recording;

        Assert.Throws<CrashException>(() => check.Run(recording));
        Assert.InRange(check.States, 1, 20_000);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"crash states: {bug} planted, found after {check.States} states"));
    }
}
