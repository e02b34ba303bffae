using System.Globalization;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>Does the harness find what it is there to find? A log small enough to be known by heart, whole and with bugs planted.</summary>
public sealed class ToyLogTests
{
    private static readonly byte[] _steps = [1, 2, 0, 3, 0, 4, 5];

    [Fact]
    public void A_sound_log_loses_nothing()
    {
        var recovery = new ToyRecovery();
        var check = new CrashCheck(recovery, new Random(1));
        check.Run(recovery.Run("toy", _steps), recoveries: 1, crashes: 2);

        Assert.True(check.Points > 50);
        Assert.True(check.Distinct > 200);
        Assert.True(check.InRecovery > 100);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"crash harness: toy log, {check.Points} crash points, {check.Distinct} distinct states, lost 0"));
    }

    [Fact]
    public void A_log_that_does_not_sync_is_caught() => Caught("no sync", new ToyRecovery(files => new WithoutSync(files)));

    [Fact]
    public void A_log_that_does_not_sync_the_directory_is_caught() => Caught("no directory sync", new ToyRecovery(files => new WithoutDirectorySync(files)));

    [Fact]
    public void A_log_that_deletes_too_early_is_caught() => Caught("early deletion", new ToyRecovery(files => new DeletesEarly(files)));

    [Fact]
    public void A_log_that_ignores_checksums_is_caught() => Caught("no checksum", new ToyRecovery(checks: false));

    private static void Caught(string bug, IRecovery recovery)
    {
        var check = new CrashCheck(recovery, new Random(1));
        Recording recording = ((ToyRecovery)recovery).Run("toy", _steps);

        Assert.Throws<CrashException>(() => check.Run(recording, recoveries: 1, crashes: 2));
        Assert.InRange(check.States, 1, 5_000);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"crash harness: {bug} planted in the toy log, found after {check.States} states"));
    }
}
