using Microsoft.Win32.SafeHandles;

namespace Larder.Durability;

/// <summary>A file on a disk, open for as long as its owner is.</summary>
internal sealed class DiskFile(SafeFileHandle handle, IDisposable owner, string path, bool isNew) : IFile
{
    private static readonly byte[] _zeros = new byte[64 * 1024];

    private const int FlushBytes = 4 << 20;

    private bool _isNew = isNew;
    private long _begun;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> destination, long offset) => RandomAccess.Read(handle, destination, offset);

    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        try
        {
            RandomAccess.Write(handle, source, offset);
            BeginFlush(offset + source.Length);
        }
        catch (IOException error) when (IsFull(error.HResult))
        {
            throw new DiskFullException(path, error);
        }
    }

    /// <summary>Much that was written in one go should be on its way to the disk long before it is flushed.</summary>
    private void BeginFlush(long end)
    {
        if (end - _begun >= FlushBytes)
        {
            Posix.BeginFlush(handle, _begun, end - _begun);
            _begun = end;
        }
    }

    public void Allocate(long length)
    {
        long before = Length;
        if (before >= length)
        {
            return;
        }

        try
        {
            int error = OperatingSystem.IsLinux() ? Posix.Allocate(handle, before, length - before) : Posix.NotSupported;
            if (error is Posix.NotSupported or Posix.InvalidArgument)
            {
                WriteZeros(before, length);
            }
            else if (error != 0)
            {
                throw DiskFiles.Failure(path, "could not grow", error);
            }
        }
        catch
        {
            RandomAccess.SetLength(handle, before);   // it may have grown by a part
            throw;
        }
    }

    public void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public void Sync()
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(handle);   // reports failures there
            return;
        }

        int error = Posix.Flush(handle, everything: _isNew);
        _isNew = false;
        if (error != 0)
        {
            throw DiskFiles.Failure(path, "could not be flushed", error);
        }
    }

    public void Dispose() => owner.Dispose();

    internal static bool IsFull(int hresult) => (hresult & 0xffff) is Posix.NoSpace or Posix.OverQuota or 0x70 or 0x27;   // the last two are Windows'

    private void WriteZeros(long from, long to)
    {
        for (long at = from; at < to; at += _zeros.Length)
        {
            Write(_zeros.AsSpan(0, (int)Math.Min(_zeros.Length, to - at)), at);
        }
    }
}
