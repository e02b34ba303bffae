namespace Larder;

/// <summary>What a look at the files of a store found; made by <see cref="StoreFiles"/>.</summary>
public sealed record StoreReport
{
    /// <summary>The directory.</summary>
    public required string Path { get; init; }

    /// <summary>Which store it is; all its files carry this.</summary>
    public required Guid StoreId { get; init; }

    /// <summary>Every file of the store, in the order of their names.</summary>
    public required IReadOnlyList<StoreFileReport> Files { get; init; }

    /// <summary>Everything that is wrong; empty when the store opens and nothing is lost.</summary>
    public required IReadOnlyList<StoreProblem> Problems { get; init; }

    /// <summary>The sequence of the last commit that can be recovered.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Entries that can be recovered, those whose time has run out included.</summary>
    public required long Entries { get; init; }

    /// <summary>Whether the last owner closed the store, rather than crashed.</summary>
    public required bool ClosedCleanly { get; init; }

    /// <summary>Bytes behind the last whole record that a crash left; they belong to no acknowledged commit.</summary>
    public required long TornBytes { get; init; }

    /// <summary>Whether nothing is wrong. A store that is not sound may open all the same, when what is damaged is the generation before.</summary>
    public bool IsSound => Problems.Count == 0;
}

/// <summary>One file of a store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>segment</c> of the log or <c>checkpoint</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Records">Whole records in it.</param>
/// <param name="FirstSequence">The first commit in it; of a checkpoint, the point in time it holds.</param>
/// <param name="LastSequence">The last commit in it.</param>
/// <param name="IsEncrypted">Whether its records are encrypted.</param>
/// <param name="IsNeeded">Whether opening the store reads it; others are the generation before.</param>
public sealed record StoreFileReport(string Name, string Kind, long Bytes, long Records, long FirstSequence, long LastSequence, bool IsEncrypted, bool IsNeeded);

/// <summary>One thing that is wrong with the files of a store.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="FirstSequence">The first commit lost or in doubt; 0 when none is.</param>
/// <param name="LastSequence">The last one; 0 when that cannot be told.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record StoreProblem(string File, long Offset, long FirstSequence, long LastSequence, string Problem);

/// <summary>What a repair saved and what it had to leave behind.</summary>
public sealed record RepairReport
{
    /// <summary>The new directory.</summary>
    public required string Path { get; init; }

    /// <summary>Entries in it.</summary>
    public required long Entries { get; init; }

    /// <summary>Commits that were applied.</summary>
    public required long CommitsRecovered { get; init; }

    /// <summary>The sequence of the last commit that was applied.</summary>
    public required long LastSequence { get; init; }

    /// <summary>What was lost, in the order of the sequences; empty when nothing was.</summary>
    public required IReadOnlyList<StoreProblem> Lost { get; init; }
}
