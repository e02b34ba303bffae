namespace Larder.Durability;

/// <summary>
/// The one directory that keeps a store, and all that the durable wing asks of it: the seam at which tests put a disk that crashes,
/// fills and fails. Names are plain file names. What fails throws an <see cref="IOException"/> whose message names the file;
/// a full disk a <see cref="DiskFullException"/>.
/// </summary>
internal interface IFiles : IDisposable
{
    /// <summary>The directory, for messages.</summary>
    string Path { get; }

    /// <summary>Takes the directory for this store alone until <see cref="IDisposable.Dispose"/>, and returns its lock file.</summary>
    /// <exception cref="StoreInUseException">Another store has it.</exception>
    IFile Own();

    /// <summary>The names of the files in the directory.</summary>
    IReadOnlyList<string> List();

    /// <summary>A new, empty file, for writing and reading. Its name is durable only after <see cref="SyncDirectory"/>.</summary>
    IFile Create(string name);

    /// <summary>An existing file, for reading, or for writing as well.</summary>
    IFile Open(string name, bool writes = false);

    /// <summary>Gives a file another name, in one step; a file of that name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Makes every creation, renaming and removal so far durable.</summary>
    void SyncDirectory();
}

/// <summary>One open file.</summary>
internal interface IFile : IDisposable
{
    /// <summary>Its length in bytes, allocated space included.</summary>
    long Length { get; }

    /// <summary>Reads what there is, up to the length of <paramref name="destination"/>; 0 at the end.</summary>
    int Read(Span<byte> destination, long offset);

    /// <summary>Writes all of it or throws; after a failure nothing is known of the range.</summary>
    void Write(ReadOnlySpan<byte> source, long offset);

    /// <summary>Makes sure that the file has at least this length and that writing within it needs no more space. New bytes are zero. Nothing changes when the disk is full.</summary>
    void Allocate(long length);

    /// <summary>Cuts off what lies beyond.</summary>
    void Truncate(long length);

    /// <summary>Brings what was written, and the length, to stable storage. A failure is final: it must not be tried again.</summary>
    void Sync();
}
