using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Larder.Comparisons.Disk;

/// <summary>The system calls under every durable store, under their own names. What they return is checked by the caller.</summary>
internal static unsafe partial class Libc
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 0x1;
    public const int O_CREAT = 0x40;
    public const int O_TRUNC = 0x200;

    private const string Library = "libc";

    /// <summary>Past the page cache: the one flag here whose value depends on the processor.</summary>
    public static int O_DIRECT => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000 : 0x4000;

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint pwrite(SafeFileHandle file, void* bytes, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fdatasync(SafeFileHandle file);

    public static IOException Failed(string what, string path) =>
        new($"{what} of '{path}' failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
