namespace Larder.Tests.Crash;

/// <summary>What the operating system may say instead of doing what it was asked.</summary>
internal enum FaultKind
{
    /// <summary>EIO from whatever is asked.</summary>
    InputOutput,

    /// <summary>ENOSPC from what needs space.</summary>
    DiskFull,

    /// <summary>EROFS from what changes something: the file system was remounted read-only.</summary>
    ReadOnly,

    /// <summary>EMFILE from what opens a file.</summary>
    TooManyFiles,

    /// <summary>A part is written, then EIO.</summary>
    ShortWrite,

    /// <summary>The process is killed before the call; the machine goes on.</summary>
    Kill,
}

/// <summary>What the wing below asks of the operating system.</summary>
internal enum FileCall
{
    Own,
    List,
    Create,
    Open,
    Rename,
    Delete,
    SyncDirectory,
    Read,
    Write,
    Allocate,
    Truncate,
    Sync,
}

/// <summary>
/// Fails the calls from the k-th on, of those that can fail in this way, over all processes of a run.
/// </summary>
/// <param name="Kind">In which way.</param>
/// <param name="At">The first call that fails, from 1.</param>
/// <param name="Count">How many calls fail, one after the other.</param>
/// <param name="Loses">Whether a failed sync means that what was pending never reaches the disk; otherwise it still may.</param>
internal sealed record FaultPlan(FaultKind Kind, long At, long Count, bool Loses)
{
    /// <summary>Kills the process.</summary>
    public Action? Killing { get; set; }

    /// <summary>How many calls could have failed so far.</summary>
    public long Calls { get; private set; }

    /// <summary>Whether the fault struck.</summary>
    public bool Struck => Calls >= At;

    /// <summary>How many syncs failed.</summary>
    public int FailedSyncs { get; private set; }

    /// <summary>How many of them were those of the log.</summary>
    public int FailedLogSyncs { get; private set; }

    /// <summary>Whether the fault is over, or was lifted.</summary>
    public bool IsLifted { get; private set; }

    public void Lift() => IsLifted = true;

    /// <summary>Counts a call, and says whether it fails.</summary>
    public bool Strikes(FileCall call, string name)
    {
        if (IsLifted || !Applies(call))
        {
            return false;
        }

        Calls++;
        bool strikes = Calls >= At && Calls < At + Count;
        bool isSync = strikes && Kind != FaultKind.Kill && call is FileCall.Sync or FileCall.SyncDirectory;
        FailedSyncs += isSync ? 1 : 0;
        FailedLogSyncs += isSync && name.StartsWith("wal-", StringComparison.Ordinal) ? 1 : 0;
        if (strikes && Kind == FaultKind.Kill)
        {
            Killing!();
        }

        return strikes;
    }

    public Exception Error(string name) => Kind switch
    {
        FaultKind.DiskFull => new DiskFullException(name),
        FaultKind.ReadOnly => new IOException($"Read-only file system : '{name}'", 30),
        FaultKind.TooManyFiles => new IOException($"Too many open files : '{name}'", 24),
        FaultKind.Kill => new IOException("the process was killed."),
        _ => new IOException($"Input/output error : '{name}'", 5),
    };

    public override string ToString() => $"{Kind} at call {At}, {Count} in a row{(Loses ? ", what a failed sync was to save is lost" : "")}";

    private bool Applies(FileCall call) => Kind switch
    {
        FaultKind.DiskFull => call is FileCall.Own or FileCall.Create or FileCall.Write or FileCall.Allocate,
        FaultKind.ReadOnly => call is not (FileCall.List or FileCall.Open or FileCall.Read),
        FaultKind.TooManyFiles => call is FileCall.Own or FileCall.Create or FileCall.Open or FileCall.List,
        FaultKind.ShortWrite => call is FileCall.Write,
        _ => true,
    };
}
