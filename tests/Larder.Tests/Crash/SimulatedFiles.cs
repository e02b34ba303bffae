using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>The directory of a <see cref="SimulatedDisk"/> as one process uses it.</summary>
internal sealed class SimulatedFiles(SimulatedDisk disk) : IFiles
{
    private readonly int _process = disk.Process;
    private bool _isOwned;

    public string Path => "/simulated";

    public IFile Own()
    {
        CheckAlive();
        if (_isOwned)
        {
            throw new StoreInUseException(Path, "this process");
        }

        IFile file = disk.State.Find(SimulatedDisk.LockFile) < 0 ? Create(SimulatedDisk.LockFile) : Open(SimulatedDisk.LockFile, writes: true);
        _isOwned = true;
        return file;
    }

    public IReadOnlyList<string> List()
    {
        CheckAlive();
        return [.. disk.State.Names.Select(entry => entry.Key)];
    }

    public IFile Create(string name)
    {
        CheckAlive();
        if (disk.State.Find(name) >= 0)
        {
            throw new IOException($"'{name}' exists.");
        }

        disk.Do(new DiskOperation(DiskVerb.Create, disk.State.Files.Count, name));
        return new File(this, disk, disk.State.Files.Count - 1, name, writes: true);
    }

    public IFile Open(string name, bool writes = false) => new File(this, disk, Find(name), name, writes);

    public void Rename(string from, string to) => disk.Do(new DiskOperation(DiskVerb.Rename, Find(from), from, to));

    public void Delete(string name) => disk.Do(new DiskOperation(DiskVerb.Delete, Find(name), name));

    public void SyncDirectory()
    {
        CheckAlive();
        disk.Do(new DiskOperation(DiskVerb.SyncDirectory, -1, ""));
    }

    public void Dispose() => _isOwned = false;

    private int Find(string name)
    {
        CheckAlive();
        int file = disk.State.Find(name);
        return file >= 0 ? file : throw new FileNotFoundException($"'{name}' does not exist.", name);
    }

    private void CheckAlive()
    {
        if (_process != disk.Process)
        {
            throw new IOException("the process was killed.");
        }
    }

    /// <summary>An open file; it stays what it was when its name goes to another one.</summary>
    internal sealed class File(SimulatedFiles process, SimulatedDisk disk, int number, string name, bool writes) : IFile
    {
        private bool _isDisposed;

        public long Length => Inode.Length;

        private SimulatedInode Inode => disk.State.Files[number];

        /// <summary>What it is called now.</summary>
        private string Name => disk.State.NameOf(number) ?? name;

        public int Read(Span<byte> destination, long offset)
        {
            Check();
            ReadOnlySpan<byte> live = Inode.Live;
            ReadOnlySpan<byte> there = live[(int)Math.Min(offset, live.Length)..];
            there = there[..Math.Min(there.Length, destination.Length)];
            there.CopyTo(destination);
            return there.Length;
        }

        public void Write(ReadOnlySpan<byte> source, long offset)
        {
            CheckWrites();
            disk.Do(new DiskOperation(DiskVerb.Write, number, Name, Offset: offset, Data: source.ToArray()));
        }

        public void Allocate(long length)
        {
            CheckWrites();
            disk.Do(new DiskOperation(DiskVerb.Allocate, number, Name, Offset: length));
        }

        public void Truncate(long length)
        {
            CheckWrites();
            disk.Do(new DiskOperation(DiskVerb.Truncate, number, Name, Offset: length));
        }

        public void Sync() => Sync(DiskVerb.Sync);

        /// <summary>The kernel reports an error once; what was not yet written will not be.</summary>
        public void FailSync() => Sync(DiskVerb.FailSync);

        public void Dispose() => _isDisposed = true;

        private void Sync(DiskVerb verb)
        {
            Check();
            disk.Do(new DiskOperation(verb, number, Name));
        }

        private void CheckWrites()
        {
            Check();
            if (!writes)
            {
                throw new IOException($"'{name}' was opened for reading.");
            }
        }

        private void Check()
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            process.CheckAlive();
        }
    }
}
