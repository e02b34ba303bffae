using Larder.NostrMls.Codec;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>The values of the MLS engine: what each call means for the state.</summary>
internal static class EngineOperations
{
    internal static void Write(Draft draft, (MlsGroupId Group, ItemKey Key, SecretBytes Value) call)
    {
        draft.Own(call.Value);
        GroupNode node = Used(draft, call.Group);
        long place = call.Key.Family != ItemFamily.Proposal ? 0 : node.Items.Find(call.Key)?.Place ?? draft.NextNumber();
        draft.Set(draft.PutItem(node, call.Key, call.Value, place));
        draft.MoveGeneration();
    }

    internal static void AppendLeafNode(Draft draft, (MlsGroupId Group, SecretBytes Value) call) =>
        Write(draft, (call.Group, new ItemKey(ItemFamily.OwnLeafNode, (ulong)draft.NextNumber()), call.Value));

    internal static SecretBytes? Read(StoreState state, IUses uses, (MlsGroupId Group, ItemKey Key) call) =>
        (Find(state, uses, call.Group)?.Items.Find(call.Key)?.Content as SecretBytes)?.Clone();

    internal static List<SecretBytes> ReadLeafNodes(StoreState state, IUses uses, MlsGroupId group) =>
        Find(state, uses, group) is { } node ? [.. node.Family(ItemFamily.OwnLeafNode).Select(item => ((SecretBytes)item.Content).Clone())] : [];

    internal static List<QueuedProposal> ReadProposals(StoreState state, IUses uses, MlsGroupId group) =>
        [.. Queue(state, uses, group).Select(item => new QueuedProposal(item.Key.Bytes.ToArray(), ((SecretBytes)item.Content).Clone()))];

    internal static List<byte[]> ReadProposalRefs(StoreState state, IUses uses, MlsGroupId group) =>
        [.. Queue(state, uses, group).Select(item => item.Key.Bytes.ToArray())];

    internal static List<SecretBytes> ReadKeyPairs(StoreState state, IUses uses, (MlsGroupId Group, ItemKey Key) call) =>
        Find(state, uses, call.Group)?.Items.Find(call.Key)?.Content is SecretBytes packed ? Unpack(packed) : [];

    internal static void Delete(Draft draft, (MlsGroupId Group, ItemKey Key) call) => DeleteWhere(draft, call.Group, node => node.Items.Find(call.Key) is { } item ? [item] : []);

    internal static void DeleteFamily(Draft draft, (MlsGroupId Group, ItemFamily Family) call) => DeleteWhere(draft, call.Group, node => node.Family(call.Family));

    internal static void DeleteAll(Draft draft, MlsGroupId group) => DeleteWhere(draft, group, node => node.Items.From(new ItemKey(ItemFamily.GroupData)));

    internal static void WriteIdentity(Draft draft, (ItemKey Key, SecretBytes Value) call)
    {
        draft.PutIdentity(call.Key, draft.Own(call.Value));
        draft.MoveGeneration();
    }

    internal static SecretBytes? ReadIdentity(StoreState state, ItemKey key) => (state.Identity.Find(key)?.Content as SecretBytes)?.Clone();

    internal static void DeleteIdentity(Draft draft, ItemKey key)
    {
        if (draft.RemoveIdentity(key, isMinor: false))
        {
            draft.MoveGeneration();
        }
    }

    internal static List<byte[]> KeyPackageRefs(StoreState state) =>
    [
        .. state.Identity.From(new ItemKey(ItemFamily.KeyPackage))
            .TakeWhile(item => item.Key.Family == ItemFamily.KeyPackage)
            .Select(item => item.Key.Bytes.ToArray()),
    ];

    /// <summary>A list in one buffer of its final size.</summary>
    internal static SecretBytes Pack(IReadOnlyList<byte[]> values)
    {
        var count = RecordWriter.Counting();
        Write(ref count, values);
        var packed = new SecretBytes(count.Length);
        var to = RecordWriter.Over(packed.Buffer);
        Write(ref to, values);
        return packed;
    }

    private static void Write(ref RecordWriter to, IReadOnlyList<byte[]> values)
    {
        to.Number((ulong)values.Count);
        foreach (byte[] value in values)
        {
            to.Bytes(value);
        }
    }

    private static List<SecretBytes> Unpack(SecretBytes packed)
    {
        var from = new RecordReader(packed.Span);
        List<SecretBytes> values = [];
        for (ulong left = from.Number(); left > 0; left--)
        {
            values.Add(new SecretBytes(from.Bytes()));
        }

        return values;
    }

    private static void DeleteWhere(Draft draft, MlsGroupId group, Func<GroupNode, IEnumerable<Item>> which)
    {
        if (Find(draft.State, draft, group) is not { } node)
        {
            return;
        }

        bool isDeleted = false;
        foreach (Item item in which(node))
        {
            node = draft.RemoveItem(node, item.Key);
            isDeleted = true;
        }

        if (isDeleted)
        {
            draft.Set(node);
            draft.MoveGeneration();
        }
    }

    private static IEnumerable<Item> Queue(StoreState state, IUses uses, MlsGroupId group) =>
        Find(state, uses, group)?.Family(ItemFamily.Proposal).OrderBy(item => item.Place) ?? Enumerable.Empty<Item>();

    private static GroupNode Used(Draft draft, MlsGroupId group)
    {
        GroupNode node = draft.GroupOrNew(group);
        draft.Note(node.Recency);
        return node;
    }

    private static GroupNode? Find(StoreState state, IUses uses, MlsGroupId group)
    {
        GroupNode? node = state.Groups.Find(group);
        if (node is not null)
        {
            uses.Note(node.Recency);
        }

        return node;
    }
}
