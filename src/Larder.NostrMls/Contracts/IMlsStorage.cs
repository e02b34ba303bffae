namespace Larder.NostrMls;

/// <summary>
/// The state of the MLS engine: opaque keys and values. The first four families belong to a group, which need not be listed, and are part of its snapshots; the last four
/// belong to nobody. An absent value reads as null, an absent list as an empty one; deleting what is absent succeeds. Values in results are copies that the caller disposes
/// of; stored ones are zeroed when they are replaced, deleted or rolled back.
/// </summary>
public interface IMlsStorage
{
    /// <summary>The version of the families: 1.</summary>
    int StorageVersion { get; }

    /// <summary>Grows with every change on the MLS side, rollback included, so that an engine can keep a group it has loaded until this moves. Counts from the opening of the store.</summary>
    long WriteGeneration { get; }

    /// <summary>Writes the value of one kind.</summary>
    void WriteGroupData(MlsGroupId groupId, MlsGroupDataKind kind, ReadOnlySpan<byte> value);

    /// <summary>The value of one kind, or null.</summary>
    SecretBytes? ReadGroupData(MlsGroupId groupId, MlsGroupDataKind kind);

    /// <summary>Deletes the value of one kind.</summary>
    void DeleteGroupData(MlsGroupId groupId, MlsGroupDataKind kind);

    /// <summary>Appends an own leaf node.</summary>
    void AppendOwnLeafNode(MlsGroupId groupId, ReadOnlySpan<byte> leafNode);

    /// <summary>The own leaf nodes in the order in which they were appended.</summary>
    IReadOnlyList<SecretBytes> ReadOwnLeafNodes(MlsGroupId groupId);

    /// <summary>Deletes all own leaf nodes.</summary>
    void DeleteOwnLeafNodes(MlsGroupId groupId);

    /// <summary>Queues a proposal. One with a known reference replaces the body and keeps its place.</summary>
    void QueueProposal(MlsGroupId groupId, ReadOnlySpan<byte> proposalRef, ReadOnlySpan<byte> proposal);

    /// <summary>The references of the queue in order.</summary>
    IReadOnlyList<byte[]> ReadProposalRefs(MlsGroupId groupId);

    /// <summary>The queue in order.</summary>
    IReadOnlyList<QueuedProposal> ReadProposals(MlsGroupId groupId);

    /// <summary>Removes one proposal.</summary>
    void RemoveProposal(MlsGroupId groupId, ReadOnlySpan<byte> proposalRef);

    /// <summary>Removes all proposals, with their bodies.</summary>
    void ClearProposals(MlsGroupId groupId);

    /// <summary>Writes the key pairs of an epoch and a leaf.</summary>
    void WriteEpochKeyPairs(MlsGroupId groupId, ReadOnlySpan<byte> epoch, uint leafIndex, IReadOnlyList<byte[]> keyPairs);

    /// <summary>The key pairs of an epoch and a leaf, in order.</summary>
    IReadOnlyList<SecretBytes> ReadEpochKeyPairs(MlsGroupId groupId, ReadOnlySpan<byte> epoch, uint leafIndex);

    /// <summary>Deletes the key pairs of an epoch and a leaf.</summary>
    void DeleteEpochKeyPairs(MlsGroupId groupId, ReadOnlySpan<byte> epoch, uint leafIndex);

    /// <summary>Writes the signature key pair of a public key.</summary>
    void WriteSignatureKeyPair(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> keyPair);

    /// <summary>The signature key pair of a public key, or null.</summary>
    SecretBytes? ReadSignatureKeyPair(ReadOnlySpan<byte> publicKey);

    /// <summary>Deletes the signature key pair of a public key.</summary>
    void DeleteSignatureKeyPair(ReadOnlySpan<byte> publicKey);

    /// <summary>Writes the encryption key pair of a public key.</summary>
    void WriteEncryptionKeyPair(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> keyPair);

    /// <summary>The encryption key pair of a public key, or null.</summary>
    SecretBytes? ReadEncryptionKeyPair(ReadOnlySpan<byte> publicKey);

    /// <summary>Deletes the encryption key pair of a public key.</summary>
    void DeleteEncryptionKeyPair(ReadOnlySpan<byte> publicKey);

    /// <summary>Writes a key package under its hash reference.</summary>
    void WriteKeyPackage(ReadOnlySpan<byte> hashRef, ReadOnlySpan<byte> keyPackage);

    /// <summary>The key package of a hash reference, or null.</summary>
    SecretBytes? ReadKeyPackage(ReadOnlySpan<byte> hashRef);

    /// <summary>The hash references of all key packages, ascending by bytes.</summary>
    IReadOnlyList<byte[]> ListKeyPackageRefs();

    /// <summary>Deletes the key package of a hash reference.</summary>
    void DeleteKeyPackage(ReadOnlySpan<byte> hashRef);

    /// <summary>Writes a pre-shared key.</summary>
    void WritePsk(ReadOnlySpan<byte> pskId, ReadOnlySpan<byte> psk);

    /// <summary>The pre-shared key of an id, or null.</summary>
    SecretBytes? ReadPsk(ReadOnlySpan<byte> pskId);

    /// <summary>Deletes the pre-shared key of an id.</summary>
    void DeletePsk(ReadOnlySpan<byte> pskId);

    /// <summary>Deletes everything of the four families that belongs to a group.</summary>
    void DeleteAllForGroup(MlsGroupId groupId);
}
