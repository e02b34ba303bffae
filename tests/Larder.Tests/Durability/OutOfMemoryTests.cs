using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// A process that fills a durable store until its heap is used up, catches that, and goes on. Whatever call it hit had no effect, or the
/// store said that it is poisoned; what was acknowledged is there afterwards.
/// </summary>
[Collection(nameof(RealFiles))]
public sealed class OutOfMemoryTests
{
    [Theory]
    [InlineData("0x3000000", 100_000, DurabilityMode.Interval)]
    [InlineData("0x3000000", 30_000, DurabilityMode.Commit)]
    [InlineData("0x4000000", 1_000_000, DurabilityMode.Commit)]
    [InlineData("0x4000000", 20_000, DurabilityMode.Interval)]
    public void What_was_acknowledged_before_and_after_is_there(string heap, int bytes, DurabilityMode mode)
    {
        using var scratch = new TemporaryDirectory();
        using var child = new ChildProcess(
            ["fill", $"path={scratch.Path}", $"mode={mode}", "interval=20", $"bytes={bytes}"], null, ("DOTNET_GCHeapHardLimit", heap), ("DOTNET_GCgen0size", "0x100000"));

        child.WaitForEnd();   // in whatever way: the runtime itself may not survive an empty heap

        Sign[] signs = child.Signs;
        Sign[] refused = [.. signs.Where(sign => sign.Kind == SignKind.Refused)];
        Assert.NotEmpty(refused);
        Assert.All(refused, sign => Assert.Contains(sign.Refusal, new[] { Refusal.OutOfMemory, Refusal.Poisoned }));
        bool isClosed = signs.Any(sign => sign.Kind == SignKind.Closed);

        using Store store = Store.Open(scratch.Path);
        store.VerifyIntegrity();
        Expect(store, signs, mode == DurabilityMode.Commit || isClosed ? long.MaxValue : store.Statistics.LastSequence);
        Assert.All(store.Scan("fill"), entry => Assert.Equal(bytes, entry.Value.Length));
        Figures.Print(
            $"out of memory, {mode}, heap {heap}, values of {bytes} bytes: {signs.Count(sign => sign.Kind == SignKind.Applied)} acknowledged, "
            + $"{refused.Length} refused, {(isClosed ? "closed" : refused.Any(sign => sign.Refusal == Refusal.Poisoned) ? "poisoned" : "died")}, lost 0");
    }

    /// <summary>
    /// What was acknowledged, up to a sequence, is there, and nothing else, but for what was refused while it was under way: that may be. Removals have no
    /// sequence: they are known to bind only when everything does.
    /// </summary>
    private static void Expect(Store store, Sign[] signs, long last)
    {
        HashSet<string> there = [.. store.Scan().Select(entry => entry.Key)];
        HashSet<string> doubtful = [.. signs.Where(sign => sign.Kind == SignKind.Refused || (sign.Writer == 2 && last != long.MaxValue)).Select(Name)];
        HashSet<string> told = [.. signs.Where(sign => sign.Kind == SignKind.Applied && sign.Writer < 2 && sign.Sequence <= last).Select(Name)];
        told.ExceptWith(signs.Where(sign => sign.Kind == SignKind.Applied && sign.Writer == 2).Select(Name));

        Assert.Empty(told.Except(there).Except(doubtful));
        Assert.Empty(there.Except(told).Except(doubtful));
    }

    private static string Name(Sign sign) => $"{(sign.Writer == 1 ? "small" : "fill")}{sign.Number}";
}
