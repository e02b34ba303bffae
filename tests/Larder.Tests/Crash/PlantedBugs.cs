using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>Hands everything on; what derives from it gets one thing wrong.</summary>
internal abstract class ForwardingFiles(IFiles inner) : IFiles
{
    protected IFiles Inner { get; } = inner;

    public string Path => Inner.Path;

    public virtual IFile Own() => Inner.Own();

    public virtual IReadOnlyList<string> List() => Inner.List();

    public virtual IFile Create(string name) => Inner.Create(name);

    public virtual IFile Open(string name, bool writes = false) => Inner.Open(name, writes);

    public virtual void Rename(string from, string to) => Inner.Rename(from, to);

    public virtual void Delete(string name) => Inner.Delete(name);

    public virtual void SyncDirectory() => Inner.SyncDirectory();

    public void Dispose() => Inner.Dispose();
}

/// <summary>The same for one file.</summary>
internal abstract class ForwardingFile(IFile inner) : IFile
{
    protected IFile Inner { get; } = inner;

    public virtual long Length => Inner.Length;

    public virtual int Read(Span<byte> destination, long offset) => Inner.Read(destination, offset);

    public virtual void Write(ReadOnlySpan<byte> source, long offset) => Inner.Write(source, offset);

    public virtual void Allocate(long length) => Inner.Allocate(length);

    public virtual void Truncate(long length) => Inner.Truncate(length);

    public virtual void Sync() => Inner.Sync();

    public void Dispose() => Inner.Dispose();
}

/// <summary>Planted: files are never synced.</summary>
internal sealed class WithoutSync(IFiles inner) : ForwardingFiles(inner)
{
    public override IFile Create(string name) => new Unsynced(base.Create(name));

    public override IFile Open(string name, bool writes = false) => new Unsynced(base.Open(name, writes));

    private sealed class Unsynced(IFile inner) : ForwardingFile(inner)
    {
        public override void Sync()
        {
        }
    }
}

/// <summary>Planted: the directory is never synced.</summary>
internal sealed class WithoutDirectorySync(IFiles inner) : ForwardingFiles(inner)
{
    public override void SyncDirectory()
    {
    }
}

/// <summary>Planted: the sync of the directory that belongs to a renaming comes only after the old files have been deleted, or when something else is written.</summary>
internal sealed class DeletesEarly(IFiles inner) : ForwardingFiles(inner)
{
    private bool _isRenamed;
    private bool _isOwed;

    public override IFile Create(string name)
    {
        Pay();
        return new Payer(base.Create(name), this);
    }

    public override IFile Open(string name, bool writes = false) => new Payer(base.Open(name, writes), this);

    public override void Rename(string from, string to)
    {
        Pay();
        base.Rename(from, to);
        _isRenamed = true;
    }

    public override void SyncDirectory()
    {
        _isOwed |= _isRenamed;
        _isRenamed = false;
        if (!_isOwed)
        {
            base.SyncDirectory();
        }
    }

    private void Pay()
    {
        if (_isOwed)
        {
            _isOwed = false;
            base.SyncDirectory();
        }
    }

    private sealed class Payer(IFile inner, DeletesEarly files) : ForwardingFile(inner)
    {
        public override void Write(ReadOnlySpan<byte> source, long offset)
        {
            files.Pay();
            base.Write(source, offset);
        }
    }
}
