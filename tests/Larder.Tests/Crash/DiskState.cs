using System.Runtime.InteropServices;

namespace Larder.Tests.Crash;

/// <summary>
/// A disk and what is certain on it. Data and length of a file are certain up to its last sync; names up to the last sync of the
/// directory, whatever was synced of the file. What came later is pending, in the order in which it was done.
/// </summary>
internal sealed class DiskState
{
    private const int SectorBytes = SimulatedInode.SectorBytes;

    private readonly List<SimulatedInode> _files = [];
    private readonly List<KeyValuePair<string, int>> _names = [];
    private readonly List<KeyValuePair<string, int>> _durableNames = [];
    private readonly List<Pending> _pending = [];

    public DiskState(DiskImage image)
    {
        foreach ((string name, byte[] content) in image.Files)
        {
            _names.Add(new(name, _files.Count));
            _durableNames.Add(new(name, _files.Count));
            _files.Add(new SimulatedInode(content, name == SimulatedDisk.LockFile));
        }
    }

    public IReadOnlyList<SimulatedInode> Files => _files;

    /// <summary>The names that processes see.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Names => _names;

    public ReadOnlySpan<KeyValuePair<string, int>> DurableNames => CollectionsMarshal.AsSpan(_durableNames);

    public ReadOnlySpan<Pending> Pending => CollectionsMarshal.AsSpan(_pending);

    /// <summary>The file of this name as processes see it; -1 when there is none.</summary>
    public int Find(string name)
    {
        int at = _names.FindIndex(entry => entry.Key == name);
        return at < 0 ? -1 : _names[at].Value;
    }

    /// <summary>The name of a file as processes see it; null when it has none any more.</summary>
    public string? NameOf(int file) => _names.Find(entry => entry.Value == file).Key;

    public void Apply(in DiskOperation operation)
    {
        int file = operation.File;
        switch (operation.Verb)
        {
            case DiskVerb.Create:
                Create(operation.Name);
                break;
            case DiskVerb.Write:
                Write(file, operation.Data, (int)operation.Offset);
                break;
            case DiskVerb.Allocate:
                Grow(file, (int)operation.Offset);
                break;
            case DiskVerb.Truncate:
                Cut(file, (int)operation.Offset);
                break;
            case DiskVerb.Sync:
                Sync(file);
                break;
            case DiskVerb.FailSync:
                // The kernel marks the pages clean: processes go on seeing them, but no later sync writes them.
                _files[file].HasLost |= _pending.RemoveAll(piece => piece.File == file && piece.Kind == PendingKind.Data) > 0;
                break;
            case DiskVerb.SyncDirectory:
                SyncDirectory();
                break;
            case DiskVerb.Rename:
                _pending.Add(Renamed(_names, new Pending(PendingKind.Rename, file, Name: operation.Name, To: operation.To)));
                break;
            case DiskVerb.Delete:
                _pending.Add(Renamed(_names, new Pending(PendingKind.Delete, file, Name: operation.Name)));
                break;
        }
    }

    /// <summary>Applies a change of names to a directory.</summary>
    public static Pending Renamed(List<KeyValuePair<string, int>> names, in Pending change)
    {
        (string name, int file) = (change.Name, change.File);
        string target = change.Kind == PendingKind.Rename ? change.To : name;
        names.RemoveAll(entry => entry.Key == target || (entry.Key == name && entry.Value == file));
        if (change.Kind != PendingKind.Delete)
        {
            names.Add(new(target, file));
        }

        return change;
    }

    private void Create(string name)
    {
        var created = new Pending(PendingKind.Create, _files.Count, Name: name);
        _files.Add(new SimulatedInode([], name == SimulatedDisk.LockFile));
        Renamed(_names, created);
        if (_files[^1].IsLock)
        {
            Renamed(_durableNames, created);
        }
        else
        {
            _pending.Add(created);
        }
    }

    /// <summary>Sector by sector, as if the file grew with each of them: the length first, so that it may run ahead of the data.</summary>
    private void Write(int file, ReadOnlySpan<byte> source, int offset)
    {
        SimulatedInode inode = _files[file];
        while (source.Length > 0)
        {
            int sector = offset / SectorBytes;
            ReadOnlySpan<byte> part = source[..Math.Min(source.Length, ((sector + 1) * SectorBytes) - offset)];
            int end = offset + part.Length;
            bool isNews = end > inode.DurableLength || inode.HasLost || !inode.Holds(part, offset);
            if (end > inode.Length)
            {
                _pending.Add(new Pending(PendingKind.Length, file, end));
            }

            inode.Write(part, offset);
            if (isNews)
            {
                _pending.Add(new Pending(PendingKind.Data, file, sector, inode.CopySector(sector)));
            }

            source = source[part.Length..];
            offset = end;
        }

        Settle(inode, file);
    }

    /// <summary>A few steps, of which the crash may leave any.</summary>
    private void Grow(int file, int length)
    {
        SimulatedInode inode = _files[file];
        int step = Math.Max(SectorBytes, (length - inode.Length) / 4 / SectorBytes * SectorBytes);
        for (int next = inode.Length + step; next < length; next += step)
        {
            _pending.Add(new Pending(PendingKind.Length, file, next));
        }

        if (length > inode.Length)
        {
            _pending.Add(new Pending(PendingKind.Length, file, length));
            inode.SetLength(length);
        }

        Settle(inode, file);
    }

    /// <summary>The length and the zeros that take the place of what was cut off: they show when the file grows again.</summary>
    private void Cut(int file, int length)
    {
        SimulatedInode inode = _files[file];
        int sectors = (inode.Length + SectorBytes - 1) / SectorBytes;
        bool wasHeld = length >= inode.Length;
        inode.SetLength(length);
        if (wasHeld)
        {
            return;
        }

        _pending.Add(new Pending(PendingKind.Length, file, length));
        for (int sector = length / SectorBytes; sector < sectors; sector++)
        {
            _pending.Add(new Pending(PendingKind.Data, file, sector, inode.CopySector(sector)));
        }

        Settle(inode, file);
    }

    private void Sync(int file)
    {
        SimulatedInode inode = _files[file];
        foreach (Pending piece in CollectionsMarshal.AsSpan(_pending))
        {
            if (piece.File == file && piece.Kind == PendingKind.Data)
            {
                inode.MakeDurable(piece.Number, piece.Content!);
            }
        }

        inode.MakeDurable(inode.Length);
        _pending.RemoveAll(piece => piece.File == file && !piece.IsName);
    }

    private void SyncDirectory()
    {
        foreach (Pending piece in CollectionsMarshal.AsSpan(_pending))
        {
            if (piece.IsName)
            {
                Renamed(_durableNames, piece);
            }
        }

        _pending.RemoveAll(piece => piece.IsName);
    }

    private void Settle(SimulatedInode inode, int file)
    {
        if (inode.IsLock)
        {
            Sync(file);
        }
    }
}
