namespace Larder.NostrMls.Tests.Model;

/// <summary>Calls on the MLS side, on snapshots, and on the whole.</summary>
internal static class EngineSteps
{
    private static readonly MlsGroupDataKind[] _kinds = Enum.GetValues<MlsGroupDataKind>();

    public static Step OnGroupMls(Dice dice)
    {
        string group = dice.Group();
        MlsGroupId groupId = Translation.GroupId(group);
        (string value, string key) = (dice.Value(), dice.Of(Dice.Opaque));
        (byte[] valueBytes, byte[] keyBytes) = (Translation.Bytes(value), Translation.Bytes(key));
        uint leaf = dice.Of<uint>([0, 1, uint.MaxValue]);
        MlsGroupDataKind kind = dice.Of(_kinds);
        switch (dice.Next(18))
        {
            case < 3:
                return Call.Of($"write {kind} of {group}: {value}", store => store.Mls.WriteGroupData(groupId, kind, valueBytes), model => model.Mls.WriteData(group, $"{kind}", value));
            case 3:
                return new Call($"read {kind} of {group}", store => Translation.Hex(store.Mls.ReadGroupData(groupId, kind)), model => model.Mls.ReadData(group, $"{kind}"));
            case 4:
                return Call.Of($"delete {kind} of {group}", store => store.Mls.DeleteGroupData(groupId, kind), model => model.Mls.DeleteData(group, $"{kind}"));
            case 5:
                return Call.Of($"append leaf to {group}: {value}", store => store.Mls.AppendOwnLeafNode(groupId, valueBytes), model => model.Mls.AppendLeaf(group, value));
            case 6:
                return dice.Once(2)
                    ? new Call($"leaves of {group}", store => store.Mls.ReadOwnLeafNodes(groupId).Select(Translation.Hex), model => model.Mls.ReadLeaves(group))
                    : Call.Of($"delete leaves of {group}", store => store.Mls.DeleteOwnLeafNodes(groupId), model => model.Mls.DeleteLeaves(group));
            case < 10:
                return Call.Of($"queue {key} of {group}: {value}", store => store.Mls.QueueProposal(groupId, keyBytes, valueBytes), model => model.Mls.Queue(group, key, value));
            case 10:
                return new Call(
                    $"proposals of {group}",
                    store => store.Mls.ReadProposals(groupId).Select(Translation.Of),
                    model => model.Mls.Proposals(group).Select(row => $"{row.Reference}={row.Body}"));
            case 11:
                return new Call(
                    $"proposal refs of {group}",
                    store => store.Mls.ReadProposalRefs(groupId).Select(Convert.ToHexStringLower),
                    model => model.Mls.Proposals(group).Select(row => row.Reference));
            case 12:
                return dice.Once(3)
                    ? Call.Of($"clear proposals of {group}", store => store.Mls.ClearProposals(groupId), model => model.Mls.ClearProposals(group))
                    : Call.Of($"remove proposal {key} of {group}", store => store.Mls.RemoveProposal(groupId, keyBytes), model => model.Mls.RemoveProposal(group, key));
            case 13 or 14:
                string[] pairs = [.. Enumerable.Range(0, 1 + dice.Next(3)).Select(_ => dice.Value(4))];
                return Call.Of(
                    $"write epoch keys {group}, {key}, {leaf}: {string.Join(',', pairs)}",
                    store => store.Mls.WriteEpochKeyPairs(groupId, keyBytes, leaf, [.. pairs.Select(Translation.Bytes)]),
                    model => model.Mls.WriteEpochKeys(group, key, leaf, string.Join(',', pairs)));
            case 15:
                return new Call(
                    $"read epoch keys {group}, {key}, {leaf}",
                    store => string.Join(',', store.Mls.ReadEpochKeyPairs(groupId, keyBytes, leaf).Select(Translation.Hex)),
                    model => model.Mls.ReadEpochKeys(group, key, leaf));
            case 16:
                return Call.Of($"delete epoch keys {group}, {key}, {leaf}", store => store.Mls.DeleteEpochKeyPairs(groupId, keyBytes, leaf), model => model.Mls.DeleteEpochKeys(group, key, leaf));
            default:
                return dice.Once(3)
                    ? Call.Of($"delete MLS of {group}", store => store.Mls.DeleteAllForGroup(groupId), model => model.Mls.DeleteAll(group))
                    : new Call($"read {kind} of {group}", store => Translation.Hex(store.Mls.ReadGroupData(groupId, kind)), model => model.Mls.ReadData(group, $"{kind}"));
        }
    }

    public static Step OnIdentityMls(Dice dice)
    {
        IdentityFamily family = dice.Of(IdentityFamily.All);
        (string key, string value) = (dice.Of(Dice.Opaque), dice.Value());
        switch (dice.Next(6))
        {
            case < 2:
                return Call.Of($"write {family.Name} {key}: {value}", store => family.Write(store.Mls, Translation.Bytes(key), Translation.Bytes(value)), model => model.Mls.WriteIdentity(family.Name, key, value));
            case 2 or 3:
                return new Call($"read {family.Name} {key}", store => Translation.Hex(family.Read(store.Mls, Translation.Bytes(key))), model => model.Mls.ReadIdentity(family.Name, key));
            case 4:
                return Call.Of($"delete {family.Name} {key}", store => family.Delete(store.Mls, Translation.Bytes(key)), model => model.Mls.DeleteIdentity(family.Name, key));
            default:
                return new Call("key packages", store => store.Mls.ListKeyPackageRefs().Select(Convert.ToHexStringLower), model => model.Mls.KeyPackages());
        }
    }

    public static Step OnTheWhole(Dice dice)
    {
        (string group, string name) = (dice.Group(), dice.Of(Dice.Names));
        MlsGroupId groupId = Translation.GroupId(group);
        switch (dice.Next(20))
        {
            case < 6:
                return Call.Of($"snapshot {group} '{name}'", store => store.CreateSnapshot(groupId, name), model => model.Snapshots.Create(group, name));
            case < 12:
                return Call.Of($"roll back {group} '{name}'", store => store.RollbackToSnapshot(groupId, name), model => model.Snapshots.Rollback(group, name));
            case 12:
                return Call.Of($"release {group} '{name}'", store => store.ReleaseSnapshot(groupId, name), model => model.Snapshots.Release(group, name));
            case < 15:
                return new Call($"snapshots of {group}", store => store.ListSnapshots(groupId).Select(Text), model => model.Snapshots.List(group));
            case 15:
                ulong created = Dice.Start + (ulong)dice.Next(400);
                return new Call($"prune snapshots before {created}", store => store.PruneSnapshots(new UnixSeconds(created)), model => model.Snapshots.Prune(created));
            case 16 or 17:
                return Call.Of($"delete group {group}", store => store.DeleteGroup(groupId), model => model.DeleteGroup(group));
            default:
                ulong least = dice.Time();
                return new Call($"prune processed before {least}", store => store.PruneProcessedRecords(new UnixSeconds(least)), model => model.PruneProcessed(least));
        }
    }

    public static string Text(SnapshotInfo snapshot) => $"'{snapshot.Name}' at {snapshot.CreatedAt.Value}";
}
