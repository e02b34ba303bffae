using System.Runtime.InteropServices;

namespace Larder.Tests.Durability;

/// <summary>A disk in a file, mounted; it can be pulled.</summary>
internal sealed partial class LoopDisk : IDisposable
{
    private const int ReadDirectory = 0x10000;           // O_RDONLY | O_DIRECTORY
    private const uint ShutdownRequest = 0x8004587D;     // FS_IOC_SHUTDOWN, _IOR('X', 125, __u32)
    private const uint WithoutFlush = 2;                 // what is in memory is lost, the journal's newest part included
    private readonly string _image;
    private bool _isMounted;

    /// <param name="image">The file; made when it is not there.</param>
    /// <param name="path">Where to mount it.</param>
    /// <param name="megabytes">Its size; the file takes space only as it is written to.</param>
    /// <param name="system">Which file system.</param>
    /// <param name="options">How it is mounted. By default nothing is written but what is asked for, for five minutes.</param>
    public LoopDisk(string image, string path, int megabytes, string system = "ext4", string? options = null)
    {
        _image = image;
        Path = path;
        if (!File.Exists(image))
        {
            using (FileStream file = File.Create(image))
            {
                file.SetLength(megabytes * 1024L * 1024);
            }

            Tool.Run($"mkfs.{system}", [.. system == "xfs" ? new[] { "-q", "-m", "reflink=1" } : ["-q", "-F"], image]);
        }

        Directory.CreateDirectory(path);
        Mount(options ?? (system == "ext4" ? "commit=300" : "defaults"));
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public void Mount(string options)
    {
        Tool.Run("mount", "-o", $"loop,{options}", _image, Path);
        _isMounted = true;
    }

    public void Remount(string options) => Tool.Run("mount", "-o", $"remount,{options}", Path);

    /// <summary>As when the power fails: what was not flushed never will be.</summary>
    public void Cut()
    {
        int directory = OpenDirectory(Path, ReadDirectory);
        uint how = WithoutFlush;
        int result = Control(directory, ShutdownRequest, ref how);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(directory);
        if (result != 0)
        {
            throw new InvalidOperationException($"{Path} could not be shut down: error {error}");
        }
    }

    public void Unmount()
    {
        string output = "";
        if (_isMounted && !SpinWait.SpinUntil(() => Tool.TryRun(out output, "umount", Path), TimeSpan.FromSeconds(20)))
        {
            throw new InvalidOperationException(output);
        }

        _isMounted = false;
    }

    public void Dispose()
    {
        Unmount();
        File.Delete(_image);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
