using System.Collections.Immutable;

namespace Larder.NostrMls;

/// <summary>
/// Groups, their relays and their exporter secrets. Every call is atomic and takes effect at one moment; a refused call has changed nothing. Nothing is shared with callers:
/// arguments are copied, secrets in results are copies that the caller disposes of.
/// "Unknown group" is an <see cref="MlsStoreException"/> of kind InvalidParameters. After dispose every member throws <see cref="ObjectDisposedException"/>.
/// </summary>
public interface IGroupStore
{
    /// <summary>All groups, ascending by MLS id. O(n).</summary>
    IReadOnlyList<Group> GetAllGroups();

    /// <summary>The group with this MLS id, or null.</summary>
    Group? FindGroup(MlsGroupId groupId);

    /// <summary>The group with this Nostr id, or null.</summary>
    Group? FindGroup(NostrGroupId nostrGroupId);

    /// <summary>
    /// Saves a group, replacing all members of one with the same MLS id. A Nostr id that it no longer has stops resolving and is free. A new group beyond
    /// <see cref="MlsStoreOptions.CacheSize"/> evicts another.
    /// </summary>
    /// <exception cref="MlsStoreException">InvalidParameters: a limit is exceeded, or another group has the Nostr id. CapacityExceeded: only active groups are left, which are protected.</exception>
    void SaveGroup(Group group);

    /// <summary>The admins of a group. Unknown group refused.</summary>
    ImmutableSortedSet<PublicKey> GetAdmins(MlsGroupId groupId);

    /// <summary>The relays of a group. Unknown group refused.</summary>
    ImmutableSortedSet<GroupRelay> GetRelays(MlsGroupId groupId);

    /// <summary>Replaces all relays of a group; there may be none. Unknown group refused, after limits.</summary>
    void ReplaceRelays(MlsGroupId groupId, IEnumerable<RelayUrl> relays);

    /// <summary>Saves a secret under its group, epoch and label, replacing what is there. Unknown group refused.</summary>
    void SaveExporterSecret(ExporterSecret secret);

    /// <summary>The secret of a group, epoch and label, or null. Unknown group refused.</summary>
    ExporterSecret? GetExporterSecret(MlsGroupId groupId, ulong epoch, ExporterLabel label);

    /// <summary>Removes the secrets of all labels with an epoch below; returns how many. Unknown group refused.</summary>
    int PruneExporterSecrets(MlsGroupId groupId, ulong minEpochToKeep);

    /// <summary>Active groups whose own leaf must be updated, or was last updated at least so long ago; ascending. O(n).</summary>
    IReadOnlyList<MlsGroupId> GetGroupsNeedingSelfUpdate(ulong thresholdSeconds);
}
