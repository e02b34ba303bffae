using System.Globalization;

namespace Larder.NostrMls.Tests.Security;

/// <summary>The memory of another process, all of it that can be written to: heaps, stacks, buffers of libraries.</summary>
internal static class ProcessMemory
{
    private const int Chunk = 1 << 20;

    /// <summary>How often each of these is found.</summary>
    public static int[] Search(int process, IReadOnlyList<byte[]> wanted)
    {
        int overlap = wanted.Max(each => each.Length) - 1;
        var found = new int[wanted.Count];
        byte[] buffer = new byte[Chunk + overlap];
        using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach ((long from, long to) in Regions(process))
        {
            for (long at = from; at < to; at += Chunk)
            {
                int read = Read(memory, at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at)));
                for (int i = 0; i < wanted.Count; i++)
                {
                    found[i] += buffer.AsSpan(0, read).Count(wanted[i]);
                }
            }
        }

        return found;
    }

    private static IEnumerable<(long From, long To)> Regions(int process)
    {
        foreach (string line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts[1].StartsWith("rw", StringComparison.Ordinal))
            {
                string[] ends = parts[0].Split('-');
                yield return (long.Parse(ends[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), long.Parse(ends[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>A region may have gone since its name was read.</summary>
    private static int Read(FileStream memory, long at, Span<byte> into)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, into, at);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
