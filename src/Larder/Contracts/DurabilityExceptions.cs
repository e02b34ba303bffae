using System.Diagnostics.CodeAnalysis;

namespace Larder;

/// <summary>
/// A write or flush of the log failed after the change had been applied: whether it will survive is not known. From then on every write is
/// refused with this exception while reads go on; only opening the store again clears it.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the figures.")]
public sealed class StorePoisonedException : IOException
{
    /// <summary>Names what failed and how far the log is certain.</summary>
    public StorePoisonedException(string what, int errorNumber, long lastDurableSequence, Exception? inner = null)
        : base(
            $"the store is read-only until it is opened again, because {what} (error {errorNumber}); everything up to sequence {lastDurableSequence} "
            + "is on stable storage, the outcome of later changes is unknown.",
            inner)
    {
        ErrorNumber = errorNumber;
        LastDurableSequence = lastDurableSequence;
    }

    /// <summary>What the operating system said: <c>errno</c>, or the Windows error code; 0 when the failure was not its.</summary>
    public int ErrorNumber { get; }

    /// <summary>Everything up to this commit is on stable storage.</summary>
    public long LastDurableSequence { get; }
}

/// <summary>
/// The files of a store are damaged, incomplete or not all its own. Nothing was changed. <c>larder verify</c> says more, <c>larder repair</c>
/// salvages what it can into a new directory.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the place.")]
public sealed class StoreDamagedException : IOException
{
    /// <summary>Names the file, the place in it, the sequences concerned and what is wrong.</summary>
    public StoreDamagedException(string file, long offset, long firstSequence, string problem, long lastSequence = 0)
        : base(
            $"{file} at offset {offset}: {problem}; {Sequences(firstSequence, lastSequence)}. Nothing was changed: 'larder verify' shows the extent, "
            + "'larder repair' salvages what is left into a new directory, a backup is better.")
    {
        File = file;
        Offset = offset;
        FirstSequence = firstSequence;
        LastSequence = lastSequence;
        Problem = problem;
    }

    /// <summary>The path of the file.</summary>
    public string File { get; }

    /// <summary>Where in the file, in bytes.</summary>
    public long Offset { get; }

    /// <summary>The first commit that is lost or in doubt.</summary>
    public long FirstSequence { get; }

    /// <summary>The last commit that is known to be lost or in doubt; 0 when that cannot be told.</summary>
    public long LastSequence { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }

    private static string Sequences(long first, long last) =>
        last == 0 ? $"commits from sequence {first} on are in doubt" : $"commits {first} to {last} are in doubt";
}

/// <summary>Another store, in this process or another one, has the directory open. That one is not affected.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the directory.")]
public sealed class StoreInUseException(string path, string owner)
    : IOException($"the store in '{path}' is in use by {owner}; one that only reads can be opened beside it with StoreOptions.ReadOnly.")
{
    /// <summary>The directory.</summary>
    public string Path { get; } = path;
}

/// <summary>The disk is full. Nothing was changed; the same call succeeds when there is room again.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the file.")]
public sealed class DiskFullException : IOException
{
    private const int DiskFull = unchecked((int)0x80070070);   // ERROR_DISK_FULL, what IOException carries for it on every platform

    /// <summary>Names the file that could not grow.</summary>
    public DiskFullException(string file, Exception? inner = null)
        : base($"the disk is full: '{file}' could not grow; nothing was changed.", inner) => HResult = DiskFull;
}

/// <summary>The store was opened with <see cref="StoreOptions.ReadOnly"/> and takes no writes.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only.")]
public sealed class StoreReadOnlyException() : InvalidOperationException("the store was opened read-only; nothing was changed.");

/// <summary>The files are encrypted and the key is missing or wrong, or they are not encrypted and a key was given. Nothing was changed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the reason.")]
public sealed class StoreKeyException(string path, string problem)
    : IOException($"the store in '{path}' cannot be opened: {problem}; nothing was changed.")
{
    /// <summary>The directory.</summary>
    public string Path { get; } = path;
}
