using System.Diagnostics;
using System.Globalization;
using Larder.NostrMls.Tests.Child;
using Larder.Tests;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>
/// A process of its own holds a secret for every way in which one can end, lets them end, and closes its store. Meanwhile its whole memory is searched from outside: they are
/// there while they live, and afterwards nowhere: not in a buffer, not in a copy the collector made, not on a stack.
/// </summary>
public sealed class ChildMemoryTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_that_has_ended_is_nowhere_in_the_memory_of_the_process(bool isDurable)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;   // nowhere else can the memory of a child be read like a file
        }

        using var directory = new TemporaryDirectory();
        long first = Random.Shared.NextInt64(1 << 40);
        using Process child = Run(first, isDurable ? directory.Under("store") : null);
        try
        {
            byte[][] sought = [.. Enumerable.Range(0, SecretLife.All.Count + 1).Select(i => new Canary(first + i).ToArray()[..12])];
            int[] held = await Stage(child, "held", sought);
            for (int i = 0; i < SecretLife.All.Count; i++)
            {
                Assert.True(SecretLife.All[i].EndsAtOnce || held[i] > 0, $"not found while it lives: {SecretLife.All[i].Name}");
            }

            int[] ended = await Stage(child, "ended", sought);
            for (int i = 0; i < SecretLife.All.Count; i++)
            {
                Assert.True(ended[i] == 0, $"found {ended[i]} times after it has ended: {SecretLife.All[i].Name}");
            }

            Assert.True(ended[^1] > 0, "not found, though it was kept");
            int[] closed = await Stage(child, "closed", sought);
            Assert.All(closed, count => Assert.Equal(0, count));
            await child.WaitForExitAsync().WaitAsync(_patience);
            Figures.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"nostr mls secrets in a child's memory, {(isDurable ? "durable" : "memory")}: {held.Sum()} copies of {sought.Length} while they live, {ended[..^1].Sum()} after their end, {closed.Sum()} after closing"));
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }

    /// <summary>Killed when everything has ended: what was acknowledged is there, and what has ended is not, neither in the store nor in its files.</summary>
    [Fact]
    public async Task A_killed_process_leaves_what_it_kept_and_nothing_of_what_has_ended()
    {
        using var directory = new TemporaryDirectory();
        long first = Random.Shared.NextInt64(1 << 40);
        using (Process child = Run(first, directory.Under("store")))
        {
            await Said(child, "held");
            await GoOn(child);
            await Said(child, "ended");
            child.Kill();
            await child.WaitForExitAsync().WaitAsync(_patience);
        }

        using var store = NostrMlsStore.Open(directory.Under("store"), new Canary(first - 1).ToArray(), SecretLife.Options(cacheSize: 1_000));
        using (SecretBytes? kept = store.Mls.ReadPsk("kept until the end"u8))
        {
            Assert.Equal(new Canary(first + SecretLife.All.Count).ToArray(), kept!.Span.ToArray());
        }

        for (int i = 0; i < SecretLife.All.Count; i++)
        {
            Assert.Empty(ObjectGraph.Find(store, new Canary(first + i).ToArray()[..12]));
        }
    }

    private static string Program
    {
        get
        {
            string[] output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..];
            return Path.Combine([Source.Root, "tests", "Larder.NostrMls.Tests.Child", "bin", .. output, "Larder.NostrMls.Tests.Child.dll"]);
        }
    }

    private static Process Run(long first, string? path)
    {
        string[] arguments = ["exec", Program, first.ToString(CultureInfo.InvariantCulture), .. path is null ? Array.Empty<string>() : [path]];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";   // or the collector reserves more than can be looked through
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Waits until the child has come so far, searches its memory, and lets it go on.</summary>
    private static async Task<int[]> Stage(Process child, string name, byte[][] sought)
    {
        await Said(child, name);
        int[] found = ProcessMemory.Search(child.Id, sought);
        await GoOn(child);
        return found;
    }

    private static async Task Said(Process child, string name)
    {
        string? said = await child.StandardOutput.ReadLineAsync().WaitAsync(_patience);
        Assert.True(name == said, $"said {said ?? "nothing"}; {(said is null ? await child.StandardError.ReadToEndAsync() : "")}");
    }

    private static async Task GoOn(Process child)
    {
        await child.StandardInput.WriteLineAsync();
        await child.StandardInput.FlushAsync();
    }
}
