namespace Larder;

/// <summary>The version that a caller names as the condition of a write.</summary>
internal static class ExpectedVersion
{
    /// <summary>A condition that never holds: callers may name versions that no entry has.</summary>
    internal const long Impossible = -2;

    /// <summary>The condition that a key is there with this version; an absent key, whose version is 0, never meets it.</summary>
    internal static long Present(long version) => version > 0 ? version : Impossible;
}
