using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>A snapshot of a group. Its text does not show the name, which may hold an event id.</summary>
/// <param name="Name">Its name; any text, also an empty one.</param>
/// <param name="CreatedAt">When it was created, by the store's clock.</param>
[DebuggerDisplay("SnapshotInfo(redacted)")]
public readonly record struct SnapshotInfo(string Name, UnixSeconds CreatedAt)
{
    /// <summary>Says what it is, and not its name.</summary>
    public override string ToString() => "SnapshotInfo(redacted)";
}
