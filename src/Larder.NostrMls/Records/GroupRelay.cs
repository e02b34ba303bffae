using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>A relay of a group; ordered by URL, then by group.</summary>
/// <param name="RelayUrl">The relay.</param>
/// <param name="MlsGroupId">The group.</param>
[DebuggerDisplay("GroupRelay(redacted)")]
public sealed record GroupRelay(RelayUrl RelayUrl, MlsGroupId MlsGroupId) : IComparable<GroupRelay>
{
    /// <inheritdoc/>
    public int CompareTo(GroupRelay? other) => other is null ? 1 : (RelayUrl, MlsGroupId).CompareTo((other.RelayUrl, other.MlsGroupId));

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "GroupRelay(redacted)";

    /// <summary>By URL, then by group.</summary>
    public static bool operator <(GroupRelay? left, GroupRelay? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>By URL, then by group.</summary>
    public static bool operator >(GroupRelay? left, GroupRelay? right) => right < left;

    /// <summary>By URL, then by group.</summary>
    public static bool operator <=(GroupRelay? left, GroupRelay? right) => !(right < left);

    /// <summary>By URL, then by group.</summary>
    public static bool operator >=(GroupRelay? left, GroupRelay? right) => !(left < right);
}
