namespace Larder.Durability;

/// <summary>What reading the files of a store has found, besides the changes.</summary>
internal sealed class Recovered
{
    /// <summary>Which store it is; null when there is none yet.</summary>
    internal Guid? StoreId { get; set; }

    /// <summary>The last commit.</summary>
    internal long Last { get; set; }

    /// <summary>The newest time that the log tells, UTC ticks.</summary>
    internal long Time { get; set; }

    /// <summary>The checkpoint that the state was built on; 0 for none.</summary>
    internal long Checkpoint { get; set; }

    /// <summary>The length of that checkpoint.</summary>
    internal long CheckpointBytes { get; set; }

    /// <summary>The first segment behind it; 0 when the checkpoint stands alone.</summary>
    internal long FirstSegment { get; set; } = 1;

    /// <summary>The last segment, unless it counts for nothing; null when there is none.</summary>
    internal FileHeader? LastSegment { get; set; }

    /// <summary>The last commit in that segment.</summary>
    internal long LastInSegment { get; set; }

    /// <summary>Whether the owner closed the store and nothing has happened since.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>Where the record of that begins.</summary>
    internal long ClosedAt { get; set; }

    /// <summary>Where the last segment's last whole record ends.</summary>
    internal long End { get; set; }

    /// <summary>Bytes behind that; zeros at the end of the file do not count.</summary>
    internal long TornBytes { get; set; }

    /// <summary>Bytes of the segments that were read.</summary>
    internal long LogBytes { get; set; }

    /// <summary>Segments that were being begun when the owner stopped, and hold nothing.</summary>
    internal List<long> Unbegun { get; } = [];

    /// <summary>What was wrong with the newest checkpoint, when the one before it and a complete log stood in for it.</summary>
    internal StoreDamagedException? Overcome { get; set; }

    /// <summary>Notes that a checkpoint is what the state was built on.</summary>
    internal void Take(long number, FrameReader reader, CheckpointReader checkpoint)
    {
        Checkpoint = number;
        CheckpointBytes = reader.Length;
        Last = checkpoint.Sequence;
        Time = checkpoint.Time;
        FirstSegment = checkpoint.NextSegment;
        IsClosed = checkpoint.NextSegment == 0;
    }
}
