namespace Larder.Tests.Crash;

/// <summary>What stands where a file has grown but its data has not arrived.</summary>
internal enum Fill : byte
{
    Zeros,

    /// <summary>Bytes that nobody wrote.</summary>
    Noise,

    /// <summary>What another file of the directory has at the same place: blocks that were freed and given out again.</summary>
    Stale,
}
