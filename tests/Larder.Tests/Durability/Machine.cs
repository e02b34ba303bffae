using Xunit;

namespace Larder.Tests.Durability;

/// <summary>What the machine lets tests do. Found out by trying, once.</summary>
internal static class Machine
{
    private static readonly Lazy<string?> _disks = new(TryDisks);
    private static readonly Lazy<string?> _reflinks = new(TryReflinks);
    private static readonly Lazy<string?> _tracing = new(TryTracing);
    private static readonly Lazy<string?> _node = new(TryNode);

    /// <summary>Why no disk can be made, mounted and pulled here; null when it can.</summary>
    public static string? NoDisks => _disks.Value;

    /// <summary>Why no disk can be copied in one moment here; null when it can.</summary>
    public static string? NoReflinks => _reflinks.Value;

    /// <summary>Why system calls cannot be watched here; null when they can.</summary>
    public static string? NoTracing => _tracing.Value;

    /// <summary>Why no JavaScript can be run here; null when it can.</summary>
    public static string? NoNode => _node.Value;

    private static string? TryDisks()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "only root on Linux can make and mount disks";
        }

        try
        {
            using var scratch = new TemporaryDirectory();
            using var disk = new LoopDisk(scratch.Under("image"), scratch.Under("mount"), 8);
            File.WriteAllText(Path.Combine(disk.Path, "file"), "content");
            disk.Cut();
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or IOException)
        {
            return $"a disk could not be made and mounted: {refused.Message.Trim()}";
        }
    }

    private static string? TryReflinks()
    {
        if (NoDisks is { } reason)
        {
            return reason;
        }

        try
        {
            using var scratch = new TemporaryDirectory();
            using var disk = new LoopDisk(scratch.Under("image"), scratch.Under("mount"), 320, "xfs");
            File.WriteAllText(Path.Combine(disk.Path, "file"), "content");
            Tool.Run("cp", "--reflink=always", Path.Combine(disk.Path, "file"), Path.Combine(disk.Path, "copy"));
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"no XFS with reflinks could be made (Debian: xfsprogs): {refused.Message.Trim()}";
        }
    }

    private static string? TryNode() => Tool.TryRun(out string output, "node", "--version") ? null : $"node does not run here: {output.Trim()}";

    private static string? TryTracing() =>
        !OperatingSystem.IsLinux() ? "strace is Linux's"
        : Tool.TryRun(out string output, "strace", "-f", "-o", "/dev/null", "true") ? null
        : $"strace does not run here: {output.Trim()}";
}

/// <summary>A test that runs JavaScript.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Machine.NoNode;
}

/// <summary>A test that makes disks and mounts them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute() => Skip = Machine.NoDisks;
}

/// <summary>The same with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskTheoryAttribute : TheoryAttribute
{
    public DiskTheoryAttribute() => Skip = Machine.NoDisks;
}

/// <summary>A test that copies disks in one moment.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReflinkFactAttribute : FactAttribute
{
    public ReflinkFactAttribute() => Skip = Machine.NoReflinks;
}

/// <summary>A test that watches system calls.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TraceFactAttribute : FactAttribute
{
    public TraceFactAttribute() => Skip = Machine.NoTracing;
}

/// <summary>The same with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TraceTheoryAttribute : TheoryAttribute
{
    public TraceTheoryAttribute() => Skip = Machine.NoTracing;
}

public sealed class MachineTests
{
    /// <summary>A test that is skipped prints nothing; this one says why it was.</summary>
    [Fact]
    public void What_cannot_be_tested_on_this_machine_is_said()
    {
        string?[] reasons = [Machine.NoDisks, Machine.NoReflinks, Machine.NoTracing, Machine.NoNode];
        foreach (string reason in reasons.OfType<string>().Distinct())
        {
            Figures.Print($"not tested here: {reason}");
        }

        Assert.All(reasons, reason => Assert.NotEqual("", reason));
    }
}
