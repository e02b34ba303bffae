using System.Text;

namespace Larder.Tests.Crash;

/// <summary>What a disk holds after a crash: its files, all of it certain. Never changed once made; disks that start from it copy what they write to.</summary>
internal sealed class DiskImage(IReadOnlyList<KeyValuePair<string, byte[]>> files)
{
    public static readonly DiskImage Empty = new([]);

    public IReadOnlyList<KeyValuePair<string, byte[]>> Files { get; } = files;

    public byte[] this[string name] => Files.First(file => file.Key == name).Value;

    public DiskImage With(string name, byte[] content) =>
        new([.. Files.Where(file => file.Key != name), new(name, content)]);

    public DiskImage Without(string name) => new([.. Files.Where(file => file.Key != name)]);

    /// <summary>Whether the names and contents are the same; of the lock file nothing matters.</summary>
    public bool SameAs(DiskImage other) => Sorted().SequenceEqual(other.Sorted());

    public override string ToString() =>
        string.Join(", ", Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} ({file.Value.Length} bytes)"));

    private IEnumerable<string> Sorted() =>
        Files.Where(file => file.Key != SimulatedDisk.LockFile)
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => new StringBuilder(file.Key).Append(' ').Append(Convert.ToHexString(file.Value)).ToString());
}
