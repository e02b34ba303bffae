using System.Runtime.InteropServices;
using Larder.Durability;

namespace Larder.Tests.Durability;

/// <summary>The files of a store as arrays: for tests that open very many directories and need no disk.</summary>
internal sealed class ByteFiles(IReadOnlyDictionary<string, byte[]>? content = null) : IFiles
{
    private readonly Dictionary<string, Content> _files = (content ?? new Dictionary<string, byte[]>()).ToDictionary(pair => pair.Key, pair => new Content([.. pair.Value]));

    public string Path => "bytes";

    /// <summary>What the files hold now.</summary>
    public Dictionary<string, byte[]> Snapshot() => _files.ToDictionary(pair => pair.Key, pair => pair.Value.Bytes.ToArray());

    public IFile Own() => Content.In(_files, "LOCK");

    public IReadOnlyList<string> List() => [.. _files.Keys];

    public IFile Create(string name) => _files.TryAdd(name, new Content([])) ? _files[name] : throw new IOException($"{name} exists.");

    public IFile Open(string name, bool writes = false) => _files.TryGetValue(name, out Content? file) ? file : throw new FileNotFoundException(name);

    public void Rename(string from, string to)
    {
        _files.Remove(from, out Content? file);
        _files[to] = file!;
    }

    public void Delete(string name) => _files.Remove(name);

    public void SyncDirectory()
    {
    }

    public void Dispose()
    {
    }

    private sealed class Content(List<byte> bytes) : IFile
    {
        public List<byte> Bytes { get; } = bytes;

        public long Length => Bytes.Count;

        public static Content In(Dictionary<string, Content> files, string name)
        {
            files.TryAdd(name, new Content([]));
            return files[name];
        }

        public int Read(Span<byte> destination, long offset)
        {
            int count = (int)Math.Clamp(Bytes.Count - offset, 0, destination.Length);
            CollectionsMarshal.AsSpan(Bytes).Slice((int)Math.Min(offset, Bytes.Count), count).CopyTo(destination);
            return count;
        }

        public void Write(ReadOnlySpan<byte> source, long offset)
        {
            Allocate(offset + source.Length);
            source.CopyTo(CollectionsMarshal.AsSpan(Bytes)[(int)offset..]);
        }

        public void Allocate(long length)
        {
            if (length > Bytes.Count)
            {
                CollectionsMarshal.SetCount(Bytes, (int)length);
            }
        }

        public void Truncate(long length) => CollectionsMarshal.SetCount(Bytes, (int)Math.Min(length, Bytes.Count));

        public void Sync()
        {
        }

        public void Dispose()
        {
        }
    }
}
