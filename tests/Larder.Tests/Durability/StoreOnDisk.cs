using Larder.Durability;

namespace Larder.Tests.Durability;

/// <summary>A directory with a store to be looked at, damaged and mended, and directories beside it.</summary>
internal sealed class StoreOnDisk : IDisposable
{
    /// <summary>Everything happens inside some call; a few commits make several segments.</summary>
    internal static readonly LogTuning Small = new() { SegmentBytes = 1024, AllocateBytes = 512, MarginBytes = 512, PendingBytes = 64 << 10, HasThread = false };

    /// <summary>The same, but one segment takes everything.</summary>
    internal static readonly LogTuning OneSegment = Small with { SegmentBytes = 1 << 20 };

    internal static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(number => (byte)(number * 5))];

    private readonly TemporaryDirectory _scratch = new();

    internal string Path => _scratch.Under("store");

    internal ManualTimeProvider Time { get; } = new();

    public void Dispose() => _scratch.Dispose();

    internal string Under(string name) => _scratch.Under(name);

    internal Store Open(LogTuning? tuning = null, byte[]? key = null, DurabilityMode mode = DurabilityMode.Commit, int versions = 1, string? path = null, TimeProvider? time = null)
    {
        var options = new StoreOptions { Durability = mode, EncryptionKey = key, VersionsToKeep = versions, TimeProvider = time ?? Time };
        return Store.Open(options, DiskFiles.At(path ?? Path, creates: true), tuning ?? Small);
    }

    /// <summary>Makes a store of commits 1 to <paramref name="commits"/>: key 1, key 2 and so on.</summary>
    internal void Fill(int commits, LogTuning? tuning = null, byte[]? key = null, DurabilityMode mode = DurabilityMode.Commit, int compactAt = 0)
    {
        using Store store = Open(tuning, key, mode);
        for (int i = 1; i <= commits; i++)
        {
            store.Set(KeyOf(i), ValueOf(i));
            if (i == compactAt)
            {
                store.Compact();
            }
        }
    }

    internal static string KeyOf(int commit) => $"key {commit:d3}";

    internal static string ValueOf(int commit) => $"value {commit:d3} {new string('.', 40)}";

    /// <summary>The name of the file in which something is written, and where in it.</summary>
    internal (string File, int Offset) Find(string text, string? path = null)
    {
        byte[] sought = System.Text.Encoding.UTF8.GetBytes(text);
        foreach (string file in Files(path))
        {
            int at = File.ReadAllBytes(file).AsSpan().IndexOf(sought);
            if (at >= 0)
            {
                return (System.IO.Path.GetFileName(file), at);
            }
        }

        throw new InvalidOperationException($"no file holds '{text}'");
    }

    internal void Flip(string file, long offset, string? path = null) => Change(file, bytes => bytes[offset] ^= 1, path);

    internal void Change(string file, Action<byte[]> change, string? path = null)
    {
        string name = System.IO.Path.Combine(path ?? Path, file);
        byte[] bytes = File.ReadAllBytes(name);
        change(bytes);
        File.WriteAllBytes(name, bytes);
    }

    internal void Delete(string file) => File.Delete(System.IO.Path.Combine(Path, file));

    internal IEnumerable<string> Files(string? path = null) => Directory.GetFiles(path ?? Path).Order(StringComparer.Ordinal);

    internal IEnumerable<string> Segments() => Files().Select(file => System.IO.Path.GetFileName(file)).Where(name => name.EndsWith(".log", StringComparison.Ordinal));

    /// <summary>All files with their contents: to see that nothing has changed.</summary>
    internal Dictionary<string, string> Contents(string? path = null) => Files(path).ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));

    /// <summary>Every entry of a store, with its history.</summary>
    internal static List<string> Shown(Store store) =>
        [.. store.Scan().Select(entry => string.Join("; ", store.History(entry.Key).Select(version => $"{version.Key} = {Convert.ToHexString(version.Value.Span)} #{version.Version} {version.Kind} {version.ExpiresAt:O}")))];

    internal List<string> Shown(string? path = null, byte[]? key = null, int versions = 1)
    {
        using Store store = Store.Open(new StoreOptions { Path = path ?? Path, ReadOnly = true, EncryptionKey = key, VersionsToKeep = versions, TimeProvider = Time });
        return Shown(store);
    }

    internal List<string> Keys(string? path = null, byte[]? key = null)
    {
        using Store store = Store.Open(new StoreOptions { Path = path ?? Path, ReadOnly = true, EncryptionKey = key, TimeProvider = Time });
        return [.. store.Scan().Select(entry => entry.Key)];
    }
}
