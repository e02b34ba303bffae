using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// The power fails under a process that writes: everything that was not flushed is gone, and what comes back is looked at. A disk that
/// is pulled does not tell whether a name was flushed with its directory: the simulated one does.
/// </summary>
[Collection(nameof(RealFiles))]
public sealed class PowerCutTests
{
    private const int Writers = 8;

    private static int Cuts => RealFiles.IsSlow ? 110 : 2;

    [DiskTheory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    public void What_was_acknowledged_survives_a_disk_that_is_pulled(DurabilityMode mode)
    {
        using var scratch = new TemporaryDirectory();
        using var disk = new LoopDisk(scratch.Under("image"), scratch.Under("mount"), 256);
        var random = new Random(20260802 + (int)mode);
        var ledger = new Ledger(Writers);
        long late = 0;
        for (int cycle = 0; cycle < Cuts; cycle++)
        {
            using var child = Start(disk.Path, mode, cycle);
            Assert.True(child.WaitFor(SignKind.Applied, 50 + (1 << random.Next(10))), child.Errors);
            int heard = child.Signs.Length;
            disk.Cut();
            if (random.Next(2) == 0)
            {
                child.WaitForEnd();
            }
            else
            {
                child.Kill();
            }

            Assert.All(child.Signs.Where(sign => sign.Kind == SignKind.Refused), refused => Assert.Contains(refused.Refusal, new[] { Refusal.Poisoned, Refusal.Input }));
            late += child.Signs.Skip(heard).Count(sign => sign.Kind == SignKind.Applied);
            disk.Unmount();
            disk.Mount("commit=300");
            Look(ledger, cycle, mode, child.Signs, heard, disk.Path);
        }

        Print("disk pulled", mode, Cuts, ledger.Acknowledged - late, mode == DurabilityMode.Commit ? "lost 0" : $"newest part forgotten, as the mode allows, {ledger.Forgotten}");
    }

    /// <summary>The disk is copied in one moment, as a drive would be found whose power failed then; the writer goes on.</summary>
    [ReflinkFact]
    public void What_was_acknowledged_is_on_a_copy_made_in_one_moment()
    {
        const int CutsPerChild = 10;
        using var scratch = new TemporaryDirectory();
        using var below = new LoopDisk(scratch.Under("below"), scratch.Under("below-mount"), 1024, "xfs");
        var random = new Random(20260803);
        long acknowledged = 0;
        for (int cut = 0; cut < Cuts;)
        {
            using var disk = new LoopDisk(Path.Combine(below.Path, "image"), scratch.Under("mount"), 128);
            using var child = Start(disk.Path, DurabilityMode.Commit, 0);
            for (int applied = 0; cut < Cuts && applied < CutsPerChild * 100; cut++)
            {
                applied += 1 + random.Next(100);
                Assert.True(child.WaitFor(SignKind.Applied, applied), child.Errors);
                int heard = child.Signs.Length;
                string image = Path.Combine(below.Path, "copy");
                Tool.Run("cp", "--reflink=always", Path.Combine(below.Path, "image"), image);
                Sign[] signs = child.SignsNow();
                using var copy = new LoopDisk(image, scratch.Under("copy-mount"), 0);
                Look(new Ledger(Writers), 0, DurabilityMode.Commit, signs, heard, copy.Path);
                acknowledged += signs.Take(heard).Count(sign => sign.Kind == SignKind.Applied);
            }

            child.Kill();
        }

        Print("disk copied in one moment", DurabilityMode.Commit, Cuts, acknowledged, "lost 0");
    }

    private static ChildProcess Start(string path, DurabilityMode mode, int cycle) =>
        new(["write", $"path={Path.Combine(path, "store")}", $"mode={mode}", $"cycle={cycle}", $"threads={Writers}", "tiny", "interval=10", "compact=97", "flush=61", "answers"]);

    private static void Look(Ledger ledger, int cycle, DurabilityMode mode, Sign[] signs, int heard, string path)
    {
        using Store store = Store.Open(new StoreOptions { Path = Path.Combine(path, "store"), Durability = mode, VersionsToKeep = Plan.Versions });
        ledger.Check(cycle, mode, signs, heard, store);
    }

    private static void Print(string what, DurabilityMode mode, int cuts, long acknowledged, string outcome) =>
        Figures.Print($"power cut, {what}, {mode}: {cuts} cuts, {acknowledged} acknowledged before them, {outcome}");
}
