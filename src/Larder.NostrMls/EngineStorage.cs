using Larder.NostrMls.Operations;
using Larder.NostrMls.State;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>The door of the MLS engine: copies what it is given, and hands it on.</summary>
internal sealed class EngineStorage(Calls calls) : IMlsStorage
{
    public int StorageVersion => 1;

    public long WriteGeneration => calls.Read(static (state, _, _) => state.Generation, 0);

    public void WriteGroupData(MlsGroupId groupId, MlsGroupDataKind kind, ReadOnlySpan<byte> value) => Write(groupId, Data(kind), value);

    public SecretBytes? ReadGroupData(MlsGroupId groupId, MlsGroupDataKind kind) => calls.ReadSecrets(EngineOperations.Read, (groupId, Data(kind)));

    public void DeleteGroupData(MlsGroupId groupId, MlsGroupDataKind kind) => calls.Write(EngineOperations.Delete, (groupId, Data(kind)));

    public void AppendOwnLeafNode(MlsGroupId groupId, ReadOnlySpan<byte> leafNode)
    {
        calls.ThrowIfDead();
        calls.Write(EngineOperations.AppendLeafNode, (groupId, new SecretBytes(leafNode)));
    }

    public IReadOnlyList<SecretBytes> ReadOwnLeafNodes(MlsGroupId groupId) => calls.ReadSecrets(EngineOperations.ReadLeafNodes, groupId);

    public void DeleteOwnLeafNodes(MlsGroupId groupId) => calls.Write(EngineOperations.DeleteFamily, (groupId, ItemFamily.OwnLeafNode));

    public void QueueProposal(MlsGroupId groupId, ReadOnlySpan<byte> proposalRef, ReadOnlySpan<byte> proposal) => Write(groupId, Proposal(proposalRef), proposal);

    public IReadOnlyList<byte[]> ReadProposalRefs(MlsGroupId groupId) => calls.Read(EngineOperations.ReadProposalRefs, groupId);

    public IReadOnlyList<QueuedProposal> ReadProposals(MlsGroupId groupId) => calls.ReadSecrets(EngineOperations.ReadProposals, groupId);

    public void RemoveProposal(MlsGroupId groupId, ReadOnlySpan<byte> proposalRef) => calls.Write(EngineOperations.Delete, (groupId, Proposal(proposalRef)));

    public void ClearProposals(MlsGroupId groupId) => calls.Write(EngineOperations.DeleteFamily, (groupId, ItemFamily.Proposal));

    public void WriteEpochKeyPairs(MlsGroupId groupId, ReadOnlySpan<byte> epoch, uint leafIndex, IReadOnlyList<byte[]> keyPairs)
    {
        ArgumentNullException.ThrowIfNull(keyPairs);
        calls.ThrowIfDead();
        calls.Write(EngineOperations.Write, (groupId, KeyPairs(epoch, leafIndex), EngineOperations.Pack(keyPairs)));
    }

    public IReadOnlyList<SecretBytes> ReadEpochKeyPairs(MlsGroupId groupId, ReadOnlySpan<byte> epoch, uint leafIndex) =>
        calls.ReadSecrets(EngineOperations.ReadKeyPairs, (groupId, KeyPairs(epoch, leafIndex)));

    public void DeleteEpochKeyPairs(MlsGroupId groupId, ReadOnlySpan<byte> epoch, uint leafIndex) => calls.Write(EngineOperations.Delete, (groupId, KeyPairs(epoch, leafIndex)));

    public void WriteSignatureKeyPair(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> keyPair) => WriteIdentity(ItemFamily.SignatureKeyPair, publicKey, keyPair);

    public SecretBytes? ReadSignatureKeyPair(ReadOnlySpan<byte> publicKey) => ReadIdentity(ItemFamily.SignatureKeyPair, publicKey);

    public void DeleteSignatureKeyPair(ReadOnlySpan<byte> publicKey) => DeleteIdentity(ItemFamily.SignatureKeyPair, publicKey);

    public void WriteEncryptionKeyPair(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> keyPair) => WriteIdentity(ItemFamily.EncryptionKeyPair, publicKey, keyPair);

    public SecretBytes? ReadEncryptionKeyPair(ReadOnlySpan<byte> publicKey) => ReadIdentity(ItemFamily.EncryptionKeyPair, publicKey);

    public void DeleteEncryptionKeyPair(ReadOnlySpan<byte> publicKey) => DeleteIdentity(ItemFamily.EncryptionKeyPair, publicKey);

    public void WriteKeyPackage(ReadOnlySpan<byte> hashRef, ReadOnlySpan<byte> keyPackage) => WriteIdentity(ItemFamily.KeyPackage, hashRef, keyPackage);

    public SecretBytes? ReadKeyPackage(ReadOnlySpan<byte> hashRef) => ReadIdentity(ItemFamily.KeyPackage, hashRef);

    public IReadOnlyList<byte[]> ListKeyPackageRefs() => calls.Read(static (state, _, _) => EngineOperations.KeyPackageRefs(state), 0);

    public void DeleteKeyPackage(ReadOnlySpan<byte> hashRef) => DeleteIdentity(ItemFamily.KeyPackage, hashRef);

    public void WritePsk(ReadOnlySpan<byte> pskId, ReadOnlySpan<byte> psk) => WriteIdentity(ItemFamily.Psk, pskId, psk);

    public SecretBytes? ReadPsk(ReadOnlySpan<byte> pskId) => ReadIdentity(ItemFamily.Psk, pskId);

    public void DeletePsk(ReadOnlySpan<byte> pskId) => DeleteIdentity(ItemFamily.Psk, pskId);

    public void DeleteAllForGroup(MlsGroupId groupId) => calls.Write(EngineOperations.DeleteAll, groupId);

    private static ItemKey Data(MlsGroupDataKind kind)
    {
        Texts.MlsGroupDataKind.Check(kind);
        return new ItemKey(ItemFamily.GroupData, (ulong)kind);
    }

    private static ItemKey Proposal(ReadOnlySpan<byte> reference) => new(ItemFamily.Proposal, bytes: reference.ToArray());

    private static ItemKey KeyPairs(ReadOnlySpan<byte> epoch, uint leafIndex) => new(ItemFamily.EpochKeyPairs, leafIndex, bytes: epoch.ToArray());

    private void Write(MlsGroupId groupId, ItemKey key, ReadOnlySpan<byte> value)
    {
        calls.ThrowIfDead();
        calls.Write(EngineOperations.Write, (groupId, key, new SecretBytes(value)));
    }

    private void WriteIdentity(ItemFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        calls.ThrowIfDead();
        calls.Write(EngineOperations.WriteIdentity, (new ItemKey(family, bytes: key.ToArray()), new SecretBytes(value)));
    }

    private SecretBytes? ReadIdentity(ItemFamily family, ReadOnlySpan<byte> key) =>
        calls.ReadSecrets(static (state, _, item) => EngineOperations.ReadIdentity(state, item), new ItemKey(family, bytes: key.ToArray()));

    private void DeleteIdentity(ItemFamily family, ReadOnlySpan<byte> key) => calls.Write(EngineOperations.DeleteIdentity, new ItemKey(family, bytes: key.ToArray()));
}
