using System.Text.RegularExpressions;

namespace Larder.Cli.Transfer;

/// <summary>The bucket files of a directory of cache_ro, read and checked to their ends before a store sees any of them.</summary>
internal sealed partial class BucketDirectory
{
    private readonly Dictionary<string, BucketEntry> _entries = new(StringComparer.Ordinal);
    private readonly FileInfo[] _files;

    private BucketDirectory(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"there is no directory '{path}'.");
        }

        FileInfo[] all = new DirectoryInfo(path).GetFiles();

        // A bucket is written anew whenever one of its keys is. So of two that have a key, which happens when the length of the prefix was changed in between, the one written last is right.
        _files = [.. all.Where(file => BucketName().IsMatch(file.Name)).OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)];
        Others = all.Length - _files.Length;
        if (_files.Length == 0)
        {
            throw new FileNotFoundException($"there is no bucket of cache_ro in '{path}': no file is named cache_, hexadecimal digits, and .bin.");
        }
    }

    /// <summary>How many files were read.</summary>
    public int Files => _files.Length;

    /// <summary>How many files there are besides, which are none of its business.</summary>
    public int Others { get; }

    /// <summary>How many entries an entry of a later file has replaced.</summary>
    public long Superseded { get; private set; }

    /// <summary>Every key once.</summary>
    public IReadOnlyCollection<BucketEntry> Entries => _entries.Values;

    /// <summary>Reads all of them.</summary>
    /// <exception cref="FormatException">A file is no bucket; the message says which, where and why.</exception>
    /// <exception cref="IOException">There is no directory, no bucket in it, or one that cannot be read.</exception>
    public static BucketDirectory Read(string path, Terminal terminal)
    {
        var directory = new BucketDirectory(path);
        Progress.Run(terminal, "reading", directory._files.Sum(file => file.Length), directory.ReadFiles);
        return directory;
    }

    private void ReadFiles(Action<long> progress)
    {
        long read = 0;
        foreach (FileInfo file in _files)
        {
            byte[] content = File.ReadAllBytes(file.FullName);
            foreach (BucketEntry entry in BucketEntry.ReadAll(file.Name, content))
            {
                Superseded += _entries.ContainsKey(entry.Key) ? 1 : 0;
                _entries[entry.Key] = entry;
            }

            progress(read += content.Length);
        }
    }

    [GeneratedRegex(@"^cache_[0-9a-f]{0,32}\.bin\z", RegexOptions.CultureInvariant)]
    private static partial Regex BucketName();
}
