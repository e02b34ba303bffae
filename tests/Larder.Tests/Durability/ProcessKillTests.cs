using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// A process with eight writers is killed again and again, on one directory, at a random moment: while it writes, rotates, makes a checkpoint,
/// and while it is busy with what the kill before has left. What it acknowledged came through a pipe; the witness is here.
/// </summary>
[Collection(nameof(RealFiles))]
public sealed class ProcessKillTests
{
    private const int Writers = 8;

    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public void What_was_acknowledged_survives_a_kill_at_any_moment(DurabilityMode mode)
    {
        int cycles = RealFiles.IsSlow ? 700 : 20;
        using var scratch = new TemporaryDirectory();
        var random = new Random(20260801 + (int)mode);
        var ledger = new Ledger(Writers);
        int openings = 0;
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            using var child = new ChildProcess(
                ["write", $"path={scratch.Under("store")}", $"mode={mode}", $"cycle={cycle}", $"threads={Writers}", "tiny", "interval=10", "compact=97", "flush=61"]);
            if (random.Next(5) == 0)
            {
                openings++;
                child.WaitFor(SignKind.Opening);
                Pause(random, milliseconds: 40);
            }
            else
            {
                Assert.True(child.WaitFor(SignKind.Applied, 1 << random.Next(mode == DurabilityMode.Commit ? 10 : 13)), child.Errors);
                Pause(random, milliseconds: 2);
            }

            child.Kill();
            Sign[] signs = child.Signs;
            Assert.DoesNotContain(signs, sign => sign.Kind == SignKind.Refused);
            Look(ledger, cycle, mode, signs, scratch.Under("store"), readOnly: random.Next(2) == 0);
        }

        Figures.Print(
            $"process kill, {mode}: {cycles} cycles ({openings} while opening), {ledger.Acknowledged} acknowledged, "
            + $"{(mode == DurabilityMode.Commit ? "lost" : "newest part forgotten, as the mode allows")} {ledger.Forgotten}, out of order 0");
        Assert.True(mode != DurabilityMode.Commit || ledger.Forgotten == 0);
    }

    [Theory]
    [InlineData("exit", DurabilityMode.Commit)]
    [InlineData("failfast", DurabilityMode.Commit)]
    [InlineData("overflow", DurabilityMode.Commit)]
    [InlineData("exit", DurabilityMode.Interval)]
    [InlineData("exit", DurabilityMode.Snapshot)]
    [InlineData("dispose", DurabilityMode.Interval)]
    [InlineData("dispose", DurabilityMode.Snapshot)]
    public void A_process_may_end_without_closing_its_store(string end, DurabilityMode mode)
    {
        using var scratch = new TemporaryDirectory();
        using var child = new ChildProcess(
            ["write", $"path={scratch.Under("store")}", $"mode={mode}", $"threads={Writers}", "steps=50", "flush=23", $"end={end}"]);

        int exitCode = child.WaitForEnd();

        Sign[] signs = child.Signs;
        var ledger = new Ledger(Writers);
        Assert.Equal(Writers * 50, signs.Count(sign => sign.Kind == SignKind.Applied));
        Assert.Equal(end == "dispose", exitCode == 0);
        Look(ledger, 0, end == "dispose" ? DurabilityMode.Commit : mode, signs, scratch.Under("store"), readOnly: false);
        Assert.True(ledger.Forgotten == 0 || (end != "dispose" && mode != DurabilityMode.Commit));
    }

    private static void Look(Ledger ledger, int cycle, DurabilityMode mode, Sign[] signs, string path, bool readOnly)
    {
        if (readOnly && !Directory.Exists(path))
        {
            return;
        }

        using Store store = Store.Open(new StoreOptions { Path = path, ReadOnly = readOnly, Durability = mode, VersionsToKeep = Plan.Versions });
        ledger.Check(cycle, mode, signs, signs.Length, store);
    }

    private static void Pause(Random random, int milliseconds) =>
        SpinWait.SpinUntil(static () => false, TimeSpan.FromMicroseconds(random.Next(milliseconds * 1000)));
}
