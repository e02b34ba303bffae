namespace Larder.Durability;

/// <summary>Sizes of the durable wing. Users get these; tests make everything small and take the background away.</summary>
internal sealed record LogTuning
{
    /// <summary>A segment that has grown to this is followed by another. One record may carry it beyond.</summary>
    internal long SegmentBytes { get; init; } = 64 << 20;

    /// <summary>How much space is allocated ahead at a time, at least.</summary>
    internal long AllocateBytes { get; init; } = 1 << 20;

    /// <summary>A checkpoint is due when the log since the last one has grown to this, and to what it would hold.</summary>
    internal long CheckpointAfterBytes { get; init; } = 32 << 20;

    /// <summary>Writers wait while more than this is queued for the file.</summary>
    internal long PendingBytes { get; init; } = 8 << 20;

    /// <summary>Space and memory kept free for what is not reserved: the time, the end of a segment, some evictions and expirations.</summary>
    internal int MarginBytes { get; init; } = 64 << 10;

    /// <summary>More than this is handed to the operating system without waiting for the interval.</summary>
    internal long DrainBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Whether a thread and timers work in the background. Without them whoever waits does the writing, and checkpoints are only
    /// made by asking for them: every operation on a file happens inside some call.
    /// </summary>
    internal bool HasThread { get; init; } = true;

    /// <summary>Makes the buffers that commits are collected in.</summary>
    internal Func<int, byte[]> NewBuffer { get; init; } = static length => GC.AllocateUninitializedArray<byte>(length);
}
