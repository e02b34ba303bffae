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
    [InlineData("0x3000000", 100_000)]
    [InlineData("0x3000000", 3_000)]
    [InlineData("0x2000000", 1_000_000)]
    [InlineData("0x4000000", 20_000)]
    public void What_was_acknowledged_before_and_after_is_there(string heap, int bytes)
    {
        using var scratch = new TemporaryDirectory();
        using var child = new ChildProcess(
            ["fill", $"path={scratch.Under("store")}", "mode=Interval", "interval=20", $"bytes={bytes}"], null, ("DOTNET_GCHeapHardLimit", heap), ("DOTNET_GCgen0size", "0x100000"));

        child.WaitForEnd();

        Sign[] signs = child.Signs;
        Sign[] refused = [.. signs.Where(sign => sign.Kind == SignKind.Refused)];
        Assert.NotEmpty(refused);
        Assert.All(refused, sign => Assert.Contains(sign.Refusal, new[] { Refusal.OutOfMemory, Refusal.Poisoned }));
        bool poisoned = refused.Any(sign => sign.Refusal == Refusal.Poisoned);
        bool closed = signs.Any(sign => sign.Kind == SignKind.Closed);
        Assert.True(closed || poisoned, child.Errors);

        using Store store = Store.Open(scratch.Under("store"));
        store.VerifyIntegrity();
        if (!poisoned)
        {
            Expect(store, signs);
        }

        Assert.All(store.Scan("fill"), entry => Assert.Equal(bytes, entry.Value.Length));
        Figures.Print(
            $"out of memory, heap {heap}, values of {bytes} bytes: {signs.Count(sign => sign.Kind == SignKind.Applied)} acknowledged, "
            + $"{refused.Length} refused{(poisoned ? ", poisoned" : "")}, lost 0");
    }

    /// <summary>What was acknowledged is there, and nothing that was not, but for what was refused while it was under way: that may be.</summary>
    private static void Expect(Store store, Sign[] signs)
    {
        HashSet<string> there = [.. store.Scan().Select(entry => entry.Key)];
        HashSet<string> told = [.. Named(signs, SignKind.Applied, 0, "fill"), .. Named(signs, SignKind.Applied, 1, "small")];
        told.ExceptWith(Named(signs, SignKind.Applied, 2, "fill"));
        HashSet<string> doubtful = [.. Named(signs, SignKind.Refused, 0, "fill"), .. Named(signs, SignKind.Refused, 1, "small"), .. Named(signs, SignKind.Refused, 2, "fill")];

        Assert.Empty(told.Except(there).Except(doubtful));
        Assert.Empty(there.Except(told).Except(doubtful));
    }

    private static IEnumerable<string> Named(Sign[] signs, SignKind kind, int writer, string name) =>
        signs.Where(sign => sign.Kind == kind && sign.Writer == writer).Select(sign => $"{name}{sign.Number}");
}
