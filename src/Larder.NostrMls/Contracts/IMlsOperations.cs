namespace Larder.NostrMls;

/// <summary>
/// Everything that can be done with the records: alone, or together with other calls through the handle of a transaction. A group's snapshot holds its record, relays, exporter secrets of all
/// labels and MLS values; never messages, records of processed events, invitations or MLS values that belong to no group.
/// </summary>
public interface IMlsOperations : IGroupStore, IMessageStore, IWelcomeStore
{
    /// <summary>The state of the MLS engine.</summary>
    IMlsStorage Mls { get; }

    /// <summary>How much there is.</summary>
    MlsUsage Usage { get; }

    /// <summary>
    /// Keeps a group as it is now under a name, in place of a snapshot of that name. Costs the same whatever the group holds. Snapshots beyond
    /// <see cref="MlsStoreOptions.MaxSnapshotsPerGroup"/> or older than <see cref="MlsStoreOptions.SnapshotTtl"/> go. Unknown group refused.
    /// </summary>
    void CreateSnapshot(MlsGroupId groupId, string name);

    /// <summary>
    /// Makes what a snapshot holds of the group exactly what it was, changes nothing else, and consumes the snapshot. Costs what has changed since.
    /// </summary>
    /// <exception cref="MlsStoreException">NotFound: there is no such snapshot. InvalidParameters: another group has the Nostr id by now.</exception>
    void RollbackToSnapshot(MlsGroupId groupId, string name);

    /// <summary>Drops a snapshot; one that is not there is no error.</summary>
    void ReleaseSnapshot(MlsGroupId groupId, string name);

    /// <summary>The snapshots of a group, oldest first.</summary>
    IReadOnlyList<SnapshotInfo> ListSnapshots(MlsGroupId groupId);

    /// <summary>Drops the snapshots of all groups that were created before; returns how many.</summary>
    int PruneSnapshots(UnixSeconds createdBefore);

    /// <summary>
    /// Deletes a group with its messages, secrets, MLS values, snapshots and invitations, and the records of its processed events and invitations. By id, listed or not;
    /// one that is not there is no error.
    /// </summary>
    void DeleteGroup(MlsGroupId groupId);

    /// <summary>A copy of everything but the snapshots. O(all).</summary>
    MlsCapture CaptureAll();

    /// <summary>
    /// Makes everything but the snapshots what it was; as often as wanted. Snapshots of groups that the capture does not hold are dropped. O(all).
    /// </summary>
    /// <exception cref="ObjectDisposedException">The capture was disposed of.</exception>
    void RestoreAll(MlsCapture capture);

    /// <summary>Deletes the records of processed messages and invitations that were processed before; returns how many. O(records).</summary>
    int PruneProcessedRecords(UnixSeconds processedBefore);
}
