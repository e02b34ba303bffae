using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Larder.Durability;

/// <summary>
/// Exclusive ownership of a directory. Held four times over, because each hold alone can be lost: the lock on the lock file when somebody
/// deletes the file, the one on the directory where the file system has none for directories, both where it has none at all, and the register of this process says
/// nothing about others.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private const int TokenBytes = 64;
    private const int SharingViolation = 32;

    // Locks of the kernel belong to open files. Where they do nothing, this still keeps one process from opening a directory twice.
    private static readonly ConcurrentDictionary<string, byte> _owned = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly string _path;
    private readonly SafeFileHandle? _directory;
    private readonly IDisposable? _open;

    private DirectoryLock(string path, SafeFileHandle? file, SafeFileHandle? directory, IDisposable? open)
    {
        _path = path;
        File = file!;
        _directory = directory;
        _open = open;
    }

    /// <summary>The lock file.</summary>
    internal SafeFileHandle File { get; }

    /// <summary>Takes a directory by its lock file, which exists, and by the directory itself.</summary>
    /// <exception cref="StoreInUseException">Somebody else has it.</exception>
    internal static DirectoryLock Take(string path, string lockFile, SafeFileHandle? directory) => Take(path, lockFile, directory, marks: true);

    /// <summary>Keeps every owner out, and leaves no trace. There need not be a lock file.</summary>
    /// <exception cref="StoreInUseException">Somebody has it.</exception>
    internal static IDisposable Hold(string path, string? lockFile, SafeFileHandle? directory) => Take(path, lockFile, directory, marks: false);

    public void Dispose()
    {
        Release(File, _directory);
        _open?.Dispose();
        _owned.TryRemove(_path, out _);
    }

    private static DirectoryLock Take(string path, string? lockFile, SafeFileHandle? directory, bool marks)
    {
        string real = RealPath(path);
        if (!_owned.TryAdd(real, 0))
        {
            throw new StoreInUseException(path, "this process");
        }

        IDisposable? open = null;
        SafeFileHandle? file = null;
        try
        {
            file = lockFile is null ? null
                : directory is null ? OpenOnWindows(path, lockFile, writes: marks, out open)
                : OpenOnUnix(lockFile, writes: marks, out open);
            TakeByKernel(path, file, directory);
            if (marks)
            {
                Mark(lockFile!, path, file!);
            }

            return new DirectoryLock(real, file, directory, open);
        }
        catch
        {
            Release(file, directory);
            open?.Dispose();
            _owned.TryRemove(real, out _);
            throw;
        }
    }

    /// <summary>
    /// Not left to closing: a process that is being started at this moment has everything open that this one has, until it becomes another program, and
    /// would keep the locks that long.
    /// </summary>
    private static void Release(SafeFileHandle? file, SafeFileHandle? directory)
    {
        foreach (SafeFileHandle handle in directory is null ? [] : new[] { file, directory }.OfType<SafeFileHandle>())
        {
            Posix.Unlock(handle);
        }
    }

    /// <summary>There a file that is open without sharing cannot be opened again, replaced or removed.</summary>
    private static SafeFileHandle OpenOnWindows(string path, string lockFile, bool writes, out IDisposable open)
    {
        try
        {
            var stream = new FileStream(lockFile, FileMode.Open, writes ? FileAccess.ReadWrite : FileAccess.Read, FileShare.Read, bufferSize: 0);
            open = stream;
            return stream.SafeFileHandle;
        }
        catch (IOException error) when ((error.HResult & 0xffff) == SharingViolation)
        {
            throw new StoreInUseException(path, "another process");
        }
    }

    /// <summary>Not by the base class library, whose own locks would come in between.</summary>
    private static SafeFileHandle OpenOnUnix(string lockFile, bool writes, out IDisposable open)
    {
        SafeFileHandle file = writes ? Posix.OpenFile(lockFile, out int error) : Posix.OpenToRead(lockFile, out error);
        open = file;
        return error == 0 ? file : throw DiskFiles.Failure(lockFile, "could not be opened", error);
    }

    private static void TakeByKernel(string path, SafeFileHandle? file, SafeFileHandle? directory)
    {
        foreach (SafeFileHandle handle in directory is null ? [] : new[] { file, directory }.OfType<SafeFileHandle>())
        {
            int error = Posix.TryLock(handle);
            if (error is Posix.WouldBlock or Posix.WouldBlockOnMac)
            {
                throw new StoreInUseException(path, OwnerOf(file));
            }

            if (error is not (0 or Posix.NotSupported or Posix.InvalidArgument))
            {
                throw DiskFiles.Failure(path, "could not be locked", error);
            }
        }
    }

    /// <summary>Says in the lock file who has it, and looks by its name whether that is the file that was locked.</summary>
    private static void Mark(string lockFile, string path, SafeFileHandle file)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}");
        byte[] token = Encoding.ASCII.GetBytes(text.PadRight(TokenBytes - 1) + "\n");
        RandomAccess.Write(file, token, 0);
        using SafeFileHandle byName = OperatingSystem.IsWindows()
            ? System.IO.File.OpenHandle(lockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : Posix.OpenFile(lockFile, out _);
        var read = new byte[TokenBytes];
        if (byName.IsInvalid || RandomAccess.Read(byName, read, 0) != TokenBytes || !read.AsSpan().SequenceEqual(token))
        {
            throw new StoreInUseException(path, "somebody who replaced its lock file");
        }
    }

    private static string OwnerOf(SafeFileHandle? file)
    {
        var token = new byte[TokenBytes];
        int length = file is null ? 0 : RandomAccess.Read(file, token, 0);
        string[] words = Encoding.ASCII.GetString(token, 0, length).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is ["pid", var pid, ..] ? $"process {pid}" : "another process";
    }

    private static string RealPath(string path) => new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
}
