using System.Globalization;
using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>The real system calls of a real process fail, one by one.</summary>
[Collection(nameof(RealFiles))]
public sealed class InjectedFaultTests
{
    private const int Steps = 40;

    [TraceTheory]
    [InlineData("fdatasync:error=EIO:when=12+", 5)]
    [InlineData("fdatasync:error=EIO:when=12", 5)]   // the next one would succeed, and mean nothing
    [InlineData("fdatasync:error=EROFS:when=9", 30)]
    [InlineData("fdatasync:error=EINVAL:when=9", 22)]
    [InlineData("fdatasync:error=ENOSPC:when=9", 28)]
    [InlineData("pwrite64:error=EIO:when=15", 5)]
    [InlineData("pwrite64:error=ENOSPC:when=15", 28)]
    public void A_failure_after_the_change_poisons_the_store(string injection, int error)
    {
        using var scratch = new TemporaryDirectory();
        Sign[] signs = Run(scratch, [injection], [$"path={scratch.Under("store")}", "mode=Commit", "threads=1", $"steps={Steps}"]);

        Sign refused = Assert.Single(signs, sign => sign.Kind == SignKind.Refused && sign.Number > 0);
        Assert.Equal((Refusal.Poisoned, error), (refused.Refusal, refused.Error));
        Assert.DoesNotContain(signs.SkipWhile(sign => sign.Kind != SignKind.Refused), sign => sign.Kind is SignKind.Applied or SignKind.Flushed);
        Assert.Single(signs, sign => sign.Kind == SignKind.ReadOn);
        Look(scratch, signs);
    }

    [TraceTheory]
    [InlineData("fdatasync:error=EINTR:when=3..20")]
    [InlineData("fsync:error=EINTR:when=1..3")]
    [InlineData("pwrite64:error=EINTR:when=5..9")]
    public void An_interrupted_call_is_made_again(string injection)
    {
        using var scratch = new TemporaryDirectory();
        Sign[] signs = Run(scratch, [injection], [$"path={scratch.Under("store")}", "mode=Commit", "threads=1", $"steps={Steps}"]);

        Assert.DoesNotContain(signs, sign => sign.Kind == SignKind.Refused);
        Assert.Equal(Steps, signs.Count(sign => sign.Kind == SignKind.Applied));
        Look(scratch, signs);
    }

    [TraceTheory]
    [InlineData("fallocate:error=ENOSPC:when=2..40")]
    public void A_disk_without_room_refuses_and_is_asked_again(string injection)
    {
        using var scratch = new TemporaryDirectory();
        Sign[] signs = Run(
            scratch, [injection], [$"path={scratch.Under("store")}", "mode=Commit", "threads=1", "steps=600", "patient", "tiny"]);

        Assert.Contains(signs, sign => sign.Kind == SignKind.Refused);
        Assert.All(signs.Where(sign => sign.Kind == SignKind.Refused), refused => Assert.Equal(Refusal.DiskFull, refused.Refusal));
        Assert.Equal(600, signs.Count(sign => sign.Kind == SignKind.Applied));
        Look(scratch, signs);
    }

    /// <summary>Every kind of call that a store makes, failing for good from its k-th on, in a run that rotates and makes checkpoints.</summary>
    [TraceFact]
    public void Whatever_fails_whenever_nothing_acknowledged_is_lost()
    {
        string[] calls = ["fsync", "fdatasync", "pwrite64", "fallocate", "ftruncate", "rename", "unlink", "openat"];
        string[] errors = ["EIO", "ENOSPC", "EROFS", "EMFILE"];
        int points = RealFiles.IsSlow ? 400 : 6;
        var random = new Random(20260804);
        long acknowledged = 0;
        for (int point = 0; point < points; point++)
        {
            string call = calls[point % calls.Length];
            string injection = string.Create(
                CultureInfo.InvariantCulture,
                $"{call}:error={errors[random.Next(errors.Length)]}:when={1 + random.Next(call == "openat" ? 300 : 30)}{(random.Next(2) == 0 ? "+" : "")}");
            using var scratch = new TemporaryDirectory();
            Sign[] signs = Run(scratch, [injection], [$"path={scratch.Under("store")}", "mode=Commit", "threads=2", "steps=100", "compact=30", "tiny"]);
            acknowledged += signs.Count(sign => sign.Kind == SignKind.Applied);
            Assert.DoesNotContain(signs, sign => sign.Refusal == Refusal.Other);
            Look(scratch, signs, writers: 2);
        }

        Figures.Print($"injected system call failures: {points} points, {acknowledged} acknowledged, lost 0");
    }

    private static Sign[] Run(TemporaryDirectory scratch, string[] injections, string[] arguments)
    {
        using var child = new ChildProcess(["write", .. arguments], Trace.Words(scratch.Under("trace"), injections));
        child.WaitForEnd();
        return child.Signs;
    }

    private static void Look(TemporaryDirectory scratch, Sign[] signs, int writers = 1)
    {
        using Store store = Store.Open(new StoreOptions { Path = scratch.Under("store"), VersionsToKeep = Plan.Versions });
        new Ledger(writers).Check(0, DurabilityMode.Commit, signs, signs.Length, store);
    }
}
