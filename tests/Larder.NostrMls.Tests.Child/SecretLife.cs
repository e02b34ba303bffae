namespace Larder.NostrMls.Tests.Child;

/// <summary>The life of one secret: how it comes into a store, and by what it ends there. After that nothing of it may be left in memory.</summary>
internal sealed record SecretLife(string Name, Action<IMlsProtocolStore, Canary> Begin, Action<IMlsProtocolStore> End)
{
    /// <summary>Whether it has ended when it has begun.</summary>
    public bool EndsAtOnce { get; init; }

    /// <summary>Room for the groups and welcomes of all lives and no more: what evicts comes last.</summary>
    public static MlsStoreOptions Options(int cacheSize) => new() { CacheSize = cacheSize, EraseDeletedWithin = Timeout.InfiniteTimeSpan, EraseReplacedWithin = Timeout.InfiniteTimeSpan };

    /// <summary>Every way in which a secret ends. Each has a group of its own, its place in this list.</summary>
    public static IReadOnlyList<SecretLife> All { get; } =
    [
        Of("group saved without its image", SaveImage, (store, id) => store.SaveGroup(Group(id))),
        Of("group deleted", SaveImage, (store, id) => store.DeleteGroup(id)),
        Of("exporter secret overwritten", SaveSecret, (store, id) => new Canary(-1).Give(other => SaveSecret(store, id, other))),
        Of("exporter secret pruned", SaveSecret, (store, id) => store.PruneExporterSecrets(id, 2)),
        Of("exporter secret of a deleted group", SaveSecret, (store, id) => store.DeleteGroup(id)),
        Of("group data overwritten", WriteData, (store, id) => store.Mls.WriteGroupData(id, MlsGroupDataKind.GroupEpochSecrets, [1])),
        Of("group data deleted", WriteData, (store, id) => store.Mls.DeleteGroupData(id, MlsGroupDataKind.GroupEpochSecrets)),
        Of("MLS values of a deleted group", WriteData, (store, id) => store.DeleteGroup(id)),
        Of("all MLS values of a group deleted", WriteData, (store, id) => store.Mls.DeleteAllForGroup(id)),
        Of("leaf nodes deleted", (store, id, secret) => store.Mls.AppendOwnLeafNode(id, secret), (store, id) => store.Mls.DeleteOwnLeafNodes(id)),
        Of("proposal replaced", Queue, (store, id) => store.Mls.QueueProposal(id, [1], [2])),
        Of("proposal removed", Queue, (store, id) => store.Mls.RemoveProposal(id, [1])),
        Of("proposals cleared", Queue, (store, id) => store.Mls.ClearProposals(id)),
        Of("epoch key pairs overwritten", WriteEpochKeys, (store, id) => store.Mls.WriteEpochKeyPairs(id, [1], 7, [[1]])),
        Of("epoch key pairs deleted", WriteEpochKeys, (store, id) => store.Mls.DeleteEpochKeyPairs(id, [1], 7)),
        Of("signature key pair deleted", (store, id, secret) => store.Mls.WriteSignatureKeyPair(id.ToArray(), secret), (store, id) => store.Mls.DeleteSignatureKeyPair(id.ToArray())),
        Of("encryption key pair deleted", (store, id, secret) => store.Mls.WriteEncryptionKeyPair(id.ToArray(), secret), (store, id) => store.Mls.DeleteEncryptionKeyPair(id.ToArray())),
        Of("key package deleted", (store, id, secret) => store.Mls.WriteKeyPackage(id.ToArray(), secret), (store, id) => store.Mls.DeleteKeyPackage(id.ToArray())),
        Of("psk overwritten", (store, id, secret) => store.Mls.WritePsk(id.ToArray(), secret), (store, id) => store.Mls.WritePsk(id.ToArray(), [1])),
        Of("psk deleted", (store, id, secret) => store.Mls.WritePsk(id.ToArray(), secret), (store, id) => store.Mls.DeletePsk(id.ToArray())),
        Of("written after a snapshot, rolled back", SnapshotThenWrite, (store, id) => store.RollbackToSnapshot(id, "s")),
        Of("replaced after a snapshot, which is consumed", WriteThenSnapshot, (store, id) =>
        {
            store.Mls.DeleteGroupData(id, MlsGroupDataKind.GroupEpochSecrets);
            store.RollbackToSnapshot(id, "s");
            store.Mls.DeleteGroupData(id, MlsGroupDataKind.GroupEpochSecrets);
        }),
        Of("in a snapshot that is released", WriteThenSnapshot, (store, id) =>
        {
            store.Mls.DeleteGroupData(id, MlsGroupDataKind.GroupEpochSecrets);
            store.ReleaseSnapshot(id, "s");
        }),
        Of("in a snapshot that is replaced", WriteThenSnapshot, (store, id) =>
        {
            store.Mls.WriteGroupData(id, MlsGroupDataKind.GroupEpochSecrets, [1]);
            store.CreateSnapshot(id, "s");
        }),
        Of("in a snapshot of a deleted group", WriteThenSnapshot, (store, id) =>
        {
            store.Mls.DeleteAllForGroup(id);
            store.DeleteGroup(id);
        }),
        Of("exporter secret in a snapshot that is pruned", (store, id, secret) =>
        {
            SaveSecret(store, id, secret);
            store.CreateSnapshot(id, "s");
        }, (store, id) =>
        {
            store.PruneExporterSecrets(id, 2);
            store.PruneSnapshots(new UnixSeconds(ulong.MaxValue));
        }),
        Of("in a transaction that throws", (store, id, secret) => { }, (store, id) => { }) with { Begin = ThrowAfterWriting, EndsAtOnce = true },
        Of("in a group that is refused", (store, id, secret) => { }, (store, id) => { }) with { Begin = RefuseAfterCopying, EndsAtOnce = true },
        Of("welcome saved without its image", SaveWelcome, (store, id) => store.SaveWelcome(Welcome(id))),
        Of("welcome of a deleted group", SaveWelcome, (store, id) => store.DeleteGroup(id)),
        Of("in a capture that is disposed of", WriteData, (store, id) =>
        {
            using MlsCapture capture = store.CaptureAll();
            store.Mls.DeleteGroupData(id, MlsGroupDataKind.GroupEpochSecrets);
        }),
        Of("written after a capture that is restored", (store, id, secret) => { }, (store, id) => { }) with { Begin = WriteBetweenCaptureAndRestore, EndsAtOnce = true },
    ];

    /// <summary>Secrets that end because others come: for a store that is full.</summary>
    public static IReadOnlyList<SecretLife> Evicted { get; } =
    [
        Of("group evicted", (store, id, secret) =>
        {
            store.SaveGroup(Group(id) with { State = GroupState.Inactive });
            SaveSecret(store, id, secret);
            WriteData(store, id, secret);
            WriteThenSnapshot(store, id, secret);
        }, (store, id) => store.SaveGroup(Group(new MlsGroupId([9, 9])))),
        Of("welcome evicted", SaveWelcome, (store, id) => store.SaveWelcome(Welcome(new MlsGroupId([8, 8])))),
    ];

    private static SecretLife Of(string name, Action<IMlsProtocolStore, MlsGroupId, byte[]> begin, Action<IMlsProtocolStore, MlsGroupId> end)
    {
        var id = new MlsGroupId(System.Text.Encoding.ASCII.GetBytes(name));
        return new SecretLife(
            name,
            (store, canary) =>
            {
                store.SaveGroup(Group(id));
                canary.Give(secret => begin(store, id, secret));
            },
            store => end(store, id));
    }

    private static Group Group(MlsGroupId id) => new()
    {
        MlsGroupId = id,
        NostrGroupId = new NostrGroupId(System.Security.Cryptography.SHA256.HashData(id.ToArray())),
        Name = "a group",
    };

    private static void SaveImage(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        using Group group = Group(id) with { ImageKey = new SecretBytes(secret), ImageNonce = new SecretBytes(secret.AsSpan(0, 12)) };
        store.SaveGroup(group);
        store.FindGroup(id)?.Dispose();
    }

    private static void SaveSecret(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        using var exported = new ExporterSecret { MlsGroupId = id, Epoch = 1, Label = ExporterLabel.EncryptedMedia, Secret = new SecretBytes(secret) };
        store.SaveExporterSecret(exported);
        store.GetExporterSecret(id, 1, ExporterLabel.EncryptedMedia)?.Dispose();
    }

    private static void WriteData(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        store.Mls.WriteGroupData(id, MlsGroupDataKind.GroupEpochSecrets, secret);
        store.Mls.ReadGroupData(id, MlsGroupDataKind.GroupEpochSecrets)?.Dispose();
    }

    private static void Queue(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        store.Mls.QueueProposal(id, [1], secret);
        foreach (QueuedProposal proposal in store.Mls.ReadProposals(id))
        {
            proposal.Dispose();
        }
    }

    private static void WriteEpochKeys(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        store.Mls.WriteEpochKeyPairs(id, [1], 7, [[5], secret]);
        foreach (SecretBytes pair in store.Mls.ReadEpochKeyPairs(id, [1], 7))
        {
            pair.Dispose();
        }
    }

    private static void SnapshotThenWrite(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        store.CreateSnapshot(id, "s");
        WriteData(store, id, secret);
    }

    private static void WriteThenSnapshot(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        WriteData(store, id, secret);
        store.CreateSnapshot(id, "s");
    }

    private static void SaveWelcome(IMlsProtocolStore store, MlsGroupId id, byte[] secret)
    {
        using Welcome welcome = Welcome(id) with { GroupImageKey = new SecretBytes(secret), GroupImageNonce = new SecretBytes(secret.AsSpan(0, 12)) };
        store.SaveWelcome(welcome);
        store.FindWelcome(welcome.Id)?.Dispose();
    }

    private static Welcome Welcome(MlsGroupId id)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(id.ToArray());
        var key = new PublicKey(hash);
        return new Welcome
        {
            Id = new EventId(hash),
            Event = new UnsignedEvent { PubKey = key, CreatedAt = new UnixSeconds(1), Kind = 444, Tags = Tags.Empty, Content = "" },
            MlsGroupId = id,
            NostrGroupId = new NostrGroupId(hash),
            GroupName = "a group",
            Welcomer = key,
            WrapperEventId = new EventId(hash),
        };
    }

    private static void ThrowAfterWriting(IMlsProtocolStore store, Canary canary)
    {
        var id = new MlsGroupId([7, 7]);
        try
        {
            store.RunInTransaction(handle =>
            {
                canary.Give(secret =>
                {
                    using Group group = Group(id) with { ImageKey = new SecretBytes(secret) };
                    handle.SaveGroup(group);
                    handle.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, secret);
                    handle.Mls.ReadGroupData(id, MlsGroupDataKind.Tree)?.Dispose();
                });
                throw new OperationCanceledException();
            });
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static void RefuseAfterCopying(IMlsProtocolStore store, Canary canary) => canary.Give(secret =>
    {
        using Group group = Group(new MlsGroupId([6, 6])) with { ImageKey = new SecretBytes(secret), Name = new string('x', 1_000) };
        try
        {
            store.SaveGroup(group);
        }
        catch (MlsStoreException)
        {
        }
    });

    private static void WriteBetweenCaptureAndRestore(IMlsProtocolStore store, Canary canary)
    {
        using MlsCapture capture = store.CaptureAll();
        canary.Give(secret => store.Mls.WritePsk([1, 2, 3], secret));
        store.RestoreAll(capture);
    }
}
