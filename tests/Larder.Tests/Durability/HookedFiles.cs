using Larder.Durability;

namespace Larder.Tests.Durability;

/// <summary>A directory that tells of every call before it is made, which may then throw or wait; and that counts the files that are open.</summary>
internal sealed class HookedFiles(IFiles inner) : IFiles
{
    private int _open;

    /// <summary>Told the verb and the name of the file.</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>Whether no file can become longer.</summary>
    public bool IsFull { get; set; }

    /// <summary>Files that were opened and not closed.</summary>
    public int OpenFiles => Volatile.Read(ref _open);

    public string Path => inner.Path;

    public IFile Own() => Opened(nameof(Own), FileName.Lock, inner.Own);

    public IReadOnlyList<string> List() => Told(nameof(List), Path, inner.List);

    public IFile Create(string name) => Opened(nameof(Create), name, () => inner.Create(name));

    public IFile Open(string name, bool writes = false) => Opened(nameof(Open), name, () => inner.Open(name, writes));

    public void Rename(string from, string to)
    {
        Before?.Invoke(nameof(Rename), from);
        inner.Rename(from, to);
    }

    public void Delete(string name)
    {
        Before?.Invoke(nameof(Delete), name);
        inner.Delete(name);
    }

    public void SyncDirectory()
    {
        Before?.Invoke(nameof(SyncDirectory), Path);
        inner.SyncDirectory();
    }

    public void Dispose() => inner.Dispose();

    private T Told<T>(string verb, string name, Func<T> call)
    {
        Before?.Invoke(verb, name);
        return call();
    }

    private HookedFile Opened(string verb, string name, Func<IFile> call)
    {
        IFile file = Told(verb, name, call);
        Interlocked.Increment(ref _open);
        return new HookedFile(this, file, name);
    }

    private sealed class HookedFile(HookedFiles files, IFile inner, string name) : IFile
    {
        private int _isClosed;

        public long Length => inner.Length;

        public int Read(Span<byte> destination, long offset)
        {
            files.Before?.Invoke(nameof(Read), name);
            return inner.Read(destination, offset);
        }

        public void Write(ReadOnlySpan<byte> source, long offset)
        {
            files.Before?.Invoke(nameof(Write), name);
            Expect(offset + source.Length);
            inner.Write(source, offset);
        }

        public void Allocate(long length)
        {
            files.Before?.Invoke(nameof(Allocate), name);
            Expect(length);
            inner.Allocate(length);
        }

        public void Truncate(long length)
        {
            files.Before?.Invoke(nameof(Truncate), name);
            inner.Truncate(length);
        }

        public void Sync()
        {
            files.Before?.Invoke(nameof(Sync), name);
            inner.Sync();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                Interlocked.Decrement(ref files._open);
                inner.Dispose();
            }
        }

        private void Expect(long length)
        {
            if (files.IsFull && length > inner.Length)
            {
                throw new DiskFullException(name);
            }
        }
    }
}
