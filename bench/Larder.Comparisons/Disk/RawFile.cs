using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Larder.Comparisons.Disk;

/// <summary>A file without a store in front of it: what the device allows, and so the floor of every durable write.</summary>
internal sealed unsafe class RawFile : IDisposable
{
    /// <summary>What a record with one of our keys and values takes: 24 + 24 + 100 bytes, and a multiple of 8.</summary>
    public const int RecordBytes = 152;

    private const int Block = 1 << 20;
    private const int Alignment = 4_096;
    private const uint OwnerOnly = 0x180;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte* _block;
    private readonly long _length;
    private long _end;

    private RawFile(string path, int flags, long length)
    {
        _path = path;
        _length = length;
        _file = Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | flags, OwnerOnly);
        if (_file.IsInvalid)
        {
            throw Libc.Failed("opening", path);
        }

        _block = (byte*)NativeMemory.AlignedAlloc(Block, Alignment);
        new Span<byte>(_block, Block).Clear();
    }

    /// <summary>
    /// A file that is there already, zeros on the device, so that an append changes nothing but bytes: the cheapest durable write
    /// there is.
    /// </summary>
    public static RawFile WrittenAhead(string path, long length)
    {
        var file = new RawFile(path, 0, length);
        file.Fill(length);
        file.Sync();
        new Random(23).NextBytes(new Span<byte>(file._block, RecordBytes));
        return file;
    }

    /// <summary>One record to the next place and to the device; from the beginning again when the file is full.</summary>
    public void AppendAndSync()
    {
        if (_end + RecordBytes > _length)
        {
            _end = 0;
        }

        Write(RecordBytes);
        Sync();
    }

    /// <summary>Writes a new file of this length from one end to the other, past the page cache, and brings it to the device.</summary>
    public static void WriteDirect(string path, long length) => WriteWhole(path, Libc.O_DIRECT, length);

    /// <summary>The same through the page cache.</summary>
    public static void WriteBuffered(string path, long length) => WriteWhole(path, 0, length);

    public void Dispose()
    {
        _file.Dispose();
        NativeMemory.AlignedFree(_block);
        File.Delete(_path);
    }

    private static void WriteWhole(string path, int flags, long length)
    {
        using var file = new RawFile(path, flags, length);
        file.Fill((length + Alignment - 1) / Alignment * Alignment);
        file.Sync();
    }

    private void Fill(long length)
    {
        for (_end = 0; _end < length;)
        {
            Write((int)Math.Min(Block, length - _end));
        }

        _end = 0;
    }

    private void Write(int count)
    {
        if (Libc.pwrite(_file, _block, (nuint)count, _end) != count)
        {
            throw Libc.Failed("writing", _path);
        }

        _end += count;
    }

    private void Sync()
    {
        if (Libc.fdatasync(_file) != 0)
        {
            throw Libc.Failed("flushing", _path);
        }
    }
}
