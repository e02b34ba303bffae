using System.Runtime.InteropServices;
using Larder.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Larder.Durability;

/// <summary>
/// The few calls that the base class library does not make as a log needs them: flushes whose failure is reported, directories that are
/// flushed, locks that no environment variable switches off, space that is really allocated. For Linux and macOS.
/// </summary>
/// <remarks>
/// On Linux, the base class library's own flush (.NET 10) returns normally when the kernel says that it failed. None of these calls may be
/// tried again after a failure other than <see cref="Interrupted"/>: the kernel forgets what it could not write.
/// </remarks>
internal static partial class Posix
{
    internal const int Interrupted = 4;           // EINTR
    internal const int NoAccess = 13;             // EACCES
    internal const int ReadOnlyFileSystem = 30;   // EROFS
    internal const int WouldBlock = 11;           // EAGAIN on Linux
    internal const int WouldBlockOnMac = 35;
    internal const int InvalidArgument = 22;      // EINVAL
    internal const int NoSpace = 28;              // ENOSPC
    internal const int NotSupported = 95;         // EOPNOTSUPP
    internal const int OverQuota = 122;           // EDQUOT on Linux
    internal const int OverQuotaOnMac = 69;

    private const int ForReading = 0;
    private const int ForBoth = 2;
    private const int CloseOnExec = 0x80000;
    private const int CloseOnExecOnMac = 0x1000000;
    private const int FullFlush = 51;             // F_FULLFSYNC
    private const int Exclusive = 2;
    private const int DoNotWait = 4;
    private const int Nobody = 8;                 // LOCK_UN
    private const uint BeginWriting = 2;          // SYNC_FILE_RANGE_WRITE

    static Posix() => Libc.Load();

    /// <summary>Flushes what is needed to read the data back; everything, if asked. 0, or the error.</summary>
    internal static int Flush(SafeFileHandle file, bool everything)
    {
        if (OperatingSystem.IsMacOS())
        {
            return ErrorOf(() => fcntl(file, FullFlush)) is var full && full != 0 ? ErrorOf(() => fsync(file)) : 0;
        }

        return everything ? ErrorOf(() => fsync(file)) : ErrorOf(() => fdatasync(file));
    }

    /// <summary>Opens a directory, to flush or lock it; or an existing file, to lock it without writing to it.</summary>
    internal static SafeFileHandle OpenToRead(string path, out int error) => Open(path, ForReading, out error);

    /// <summary>Opens an existing file for reading and writing.</summary>
    internal static SafeFileHandle OpenFile(string path, out int error) => Open(path, ForBoth, out error);

    /// <summary>Takes an advisory lock on an open file or directory, which ends when it is closed. 0, or the error.</summary>
    internal static int TryLock(SafeFileHandle file) => ErrorOf(() => flock(file, Exclusive | DoNotWait));

    /// <summary>Ends a lock of <see cref="TryLock"/>; one that is not held stays so.</summary>
    internal static void Unlock(SafeFileHandle file)
    {
        if (!file.IsInvalid && !file.IsClosed)
        {
            ErrorOf(() => flock(file, Nobody));
        }
    }

    /// <summary>Makes a file at least this long, and its space certain. 0, or the error.</summary>
    internal static int Allocate(SafeFileHandle file, long length)
    {
        int error;
        do
        {
            error = posix_fallocate(file, 0, (nint)length);   // returns the error instead of setting it
        }
        while (error == Interrupted);
        return error;
    }

    /// <summary>Asks the kernel to begin writing a range to the disk, so that a flush later has less to wait for. Promises nothing; a failure shows at the flush.</summary>
    internal static void BeginFlush(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = sync_file_range(file, offset, length, BeginWriting);
        }
    }

    private static SafeFileHandle Open(string path, int access, out int error)
    {
        int descriptor = -1;
        error = ErrorOf(() => descriptor = open(path, access | (OperatingSystem.IsMacOS() ? CloseOnExecOnMac : CloseOnExec)));
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static int ErrorOf(Func<int> call)
    {
        while (call() < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                return error;
            }
        }

        return 0;
    }

    [LibraryImport(Libc.Name, SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport(Libc.Name, SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport(Libc.Name, SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command);

    [LibraryImport(Libc.Name, SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport(Libc.Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(Libc.Name)]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport(Libc.Name)]
    private static partial int posix_fallocate(SafeFileHandle file, nint offset, nint length);
}
