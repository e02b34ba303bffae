using System.Diagnostics;
using System.Globalization;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>The other process, and what is in its memory.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    internal Child(params string[] arguments)
    {
        string[] output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..];
        string program = Path.Combine([Source.Root, "tests", "Larder.NostrMls.Tests.Child", "bin", .. output, "Larder.NostrMls.Tests.Child.dll"]);
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
    }

    /// <summary>Waits until it says something that begins like this.</summary>
    internal void WaitFor(string words) => Assert.StartsWith(words, _process.StandardOutput.ReadLine(), StringComparison.Ordinal);

    internal void GoOn() => _process.StandardInput.WriteLine();

    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>How often each of these is in memory that can be read.</summary>
    internal int[] Count(IReadOnlyList<byte[]> patterns)
    {
        var counts = new int[patterns.Count];
        var buffer = new byte[4 * 1024 * 1024];
        using var memory = new FileStream($"/proc/{_process.Id}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        foreach (string line in File.ReadLines($"/proc/{_process.Id}/maps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            long[] range = [.. words[0].Split('-').Select(word => long.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
            if (!words[1].StartsWith("rw", StringComparison.Ordinal) || range[0] < 0)
            {
                continue;
            }

            int overlap = 0;
            for (long at = range[0]; at < range[1];)
            {
                int read = RandomAccess.Read(memory.SafeFileHandle, buffer.AsSpan(overlap, (int)Math.Min(buffer.Length - overlap, range[1] - at)), at);
                if (read <= 0)
                {
                    break;
                }

                Span<byte> bytes = buffer.AsSpan(0, overlap + read);
                for (int i = 0; i < patterns.Count; i++)
                {
                    counts[i] += bytes.Count(patterns[i]);
                }

                at += read;
                overlap = Math.Min(patterns[0].Length - 1, bytes.Length);
                bytes[^overlap..].CopyTo(buffer);
            }
        }

        return counts;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
