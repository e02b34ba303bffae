namespace Larder;

/// <summary>What a store promises about the time after a crash. In every mode what comes back is the state after some prefix of the commits, never a mixture.</summary>
public enum DurabilityMode
{
    /// <summary>Nothing is written to disk; everything is lost when the process ends.</summary>
    Memory = 0,

    /// <summary>
    /// A complete checksummed image is written at the interval and on clean shutdown. After a crash you get the newest complete image,
    /// whole; later changes are lost.
    /// </summary>
    Snapshot = 1,

    /// <summary>
    /// A call returns when the change is applied and queued. A process kill loses at most what was not yet handed to the operating system
    /// (bounded by the interval); an OS crash or power loss at most the interval plus one flush. Always the newest part, never a hole.
    /// </summary>
    Interval = 2,

    /// <summary>
    /// A call returns after the change and everything before it is on stable storage. Survives process kill, OS crash and power loss if
    /// the drive honours flush. Concurrent calls share one flush.
    /// </summary>
    Commit = 3,
}
