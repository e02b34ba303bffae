using Microsoft.Win32.SafeHandles;

namespace Larder.Durability;

/// <summary>A directory on a disk.</summary>
/// <remarks>
/// Files are created for their owner alone, and never through a symbolic link. On Windows names are made durable by the file system's own journal; there is no
/// call to flush a directory, and none is made.
/// </remarks>
internal sealed class DiskFiles : IFiles
{
    private readonly SafeFileHandle? _directory;   // open for as long as this is, so that it stays the same directory whatever becomes of its name

    private DiskFiles(string path)
    {
        Path = path;
        if (!OperatingSystem.IsWindows())
        {
            _directory = Posix.OpenToRead(path, out int error);
            if (error != 0)
            {
                throw Failure(path, "could not be opened", error);
            }
        }
    }

    public string Path { get; }

    /// <summary>Opens a directory, after creating it if asked.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    internal static DiskFiles At(string path, bool creates)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
        {
            throw new IOException($"'{path}' is a file; a store needs a directory.");
        }

        if (creates && !Directory.Exists(path))
        {
            Establish(path);
        }

        return Directory.Exists(path) ? new DiskFiles(path) : throw new DirectoryNotFoundException($"there is no directory '{path}'.");
    }

    public IFile Own()
    {
        string path = FullName(FileName.Lock);
        RefuseLink(path);
        try
        {
            EnsureLockFile(path);
            var held = DirectoryLock.Take(Path, path, _directory);
            return new DiskFile(held.File, held, path, isNew: false);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error.HResult & 0xffff) is Posix.NoAccess or Posix.ReadOnlyFileSystem)
        {
            throw new IOException($"the store in '{Path}' cannot be opened for writing: {error.Message.TrimEnd('.')}. StoreOptions.ReadOnly opens it for reading.", error);
        }
    }

    /// <summary>Keeps every owner out until it is disposed, together with this, and leaves no trace.</summary>
    /// <exception cref="StoreInUseException">A store has the directory.</exception>
    internal IDisposable Hold()
    {
        string path = FullName(FileName.Lock);
        RefuseLink(path);
        return DirectoryLock.Hold(Path, File.Exists(path) ? path : null, _directory);
    }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(Path).Select(System.IO.Path.GetFileName).OfType<string>()];

    public IFile Create(string name) => Open(name, FileMode.CreateNew, FileAccess.ReadWrite);

    public IFile Open(string name, bool writes = false) => name == FileName.Lock && _directory is not null
        ? OpenUnlocked(FullName(name))
        : Open(name, FileMode.Open, writes ? FileAccess.ReadWrite : FileAccess.Read);

    public void Rename(string from, string to) => Allowed(() => File.Move(FullName(from), FullName(to), overwrite: true));

    public void Delete(string name) => Allowed(() => File.Delete(FullName(name)));

    public void SyncDirectory()
    {
        if (_directory is not null && Posix.Flush(_directory, everything: true) is var error && error != 0)
        {
            throw Failure(Path, "could not be flushed", error);
        }
    }

    public void Dispose() => _directory?.Dispose();

    private void EnsureLockFile(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            Stream(FileName.Lock, FileMode.CreateNew, FileAccess.ReadWrite).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was quicker; the lock decides.
        }
    }

    internal static IOException Failure(string path, string what, int error) => DiskFile.IsFull(error)
        ? new DiskFullException(path)
        : new IOException($"'{path}' {what}: error {error}, {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}.", error);

    /// <summary>Creates a directory, and makes its name durable as far as the directories above allow.</summary>
    private static void Establish(string path)
    {
        string? parent = System.IO.Path.GetDirectoryName(path);
        if (parent is not null && !Directory.Exists(parent))
        {
            Establish(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (parent is not null)
        {
            using SafeFileHandle above = Posix.OpenToRead(parent, out int error);
            if (error == 0)
            {
                error = Posix.Flush(above, everything: true);
            }

            if (error != 0)
            {
                throw Failure(parent, "could not be flushed", error);
            }
        }
    }

    private DiskFile Open(string name, FileMode mode, FileAccess access)
    {
        FileStream stream = Stream(name, mode, access);
        return new DiskFile(stream.SafeFileHandle, stream, FullName(name), isNew: mode == FileMode.CreateNew);
    }

    /// <summary>The base class library would ask for a lock of its own, which the owner's keeps it from getting.</summary>
    private static DiskFile OpenUnlocked(string path)
    {
        RefuseLink(path);
        SafeFileHandle file = Posix.OpenToRead(path, out int error);
        return error == 0 ? new DiskFile(file, file, path, isNew: false) : throw Failure(path, "could not be opened", error);
    }

    private FileStream Stream(string name, FileMode mode, FileAccess access)
    {
        string path = FullName(name);
        RefuseLink(path);
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream? stream = null;
        Allowed(() => stream = new FileStream(path, options));
        return stream!;
    }

    /// <summary>What is not allowed fails like everything else; the base class library has another kind of exception for it.</summary>
    private static void Allowed(Action call)
    {
        try
        {
            call();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error) { HResult = OperatingSystem.IsWindows() ? error.HResult : Posix.NoAccess };
        }
    }

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"'{path}' is a symbolic link; the files of a store must be files.");
        }
    }

    private string FullName(string name) => System.IO.Path.Combine(Path, name);
}
