using System.Collections.Immutable;

namespace Larder.NostrMls.State;

/// <summary>What an item is. The first seven are the snapshot set of a group, the others belong to nobody.</summary>
internal enum ItemFamily : byte
{
    GroupRecord = 0,
    Relays = 1,
    ExporterSecret = 2,
    GroupData = 3,
    OwnLeafNode = 4,
    Proposal = 5,
    EpochKeyPairs = 6,
    SignatureKeyPair = 7,
    EncryptionKeyPair = 8,
    KeyPackage = 9,
    Psk = 10,
}

/// <summary>Which item of its owner it is. The parts are compared one by one, so that different parts never meet in one key.</summary>
internal readonly struct ItemKey(ItemFamily family, ulong first = 0, ulong second = 0, byte[]? bytes = null) : IComparable<ItemKey>
{
    internal ItemFamily Family { get; } = family;

    /// <summary>The label of a secret, the kind of group data, the place of a leaf node, the leaf index of key pairs.</summary>
    internal ulong First { get; } = first;

    /// <summary>The epoch of a secret.</summary>
    internal ulong Second { get; } = second;

    /// <summary>The reference of a proposal, the epoch of key pairs, the key of what belongs to nobody.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes;

    internal static ItemKey GroupRecord => default;

    internal static ItemKey Relays => new(ItemFamily.Relays);

    internal static ItemKey Secret(ExporterLabel label, ulong epoch) => new(ItemFamily.ExporterSecret, (ulong)label, epoch);

    public int CompareTo(ItemKey other) =>
        Family != other.Family ? Family.CompareTo(other.Family)
        : First != other.First ? First.CompareTo(other.First)
        : Second != other.Second ? Second.CompareTo(other.Second)
        : Bytes.SequenceCompareTo(other.Bytes);
}

/// <summary>
/// One stored value of a snapshot set, or of the MLS values that belong to nobody. It never changes: what replaces it is another item with another number. Numbers only grow, so a snapshot is
/// the number at which it was made, and holds what was born before it and died after it.
/// </summary>
/// <param name="Number">When it was born.</param>
/// <param name="Key">Which it is.</param>
/// <param name="Content">A <see cref="Group"/>, an <see cref="ImmutableSortedSet{T}"/> of relays, or <see cref="SecretBytes"/>. Only the store has it.</param>
/// <param name="Bytes">Its size as a record.</param>
/// <param name="Place">The place of a proposal in the queue.</param>
internal sealed record Item(long Number, ItemKey Key, object Content, int Bytes, long Place = 0)
{
    /// <summary>The content again, with secrets of its own.</summary>
    internal object ContentCopy() => Content switch
    {
        Group group => group.Detached(),
        SecretBytes secret => secret.Clone(),
        _ => Content,
    };
}

/// <summary>An item that is no longer current, and kept because snapshots hold it.</summary>
/// <param name="Item">What it was.</param>
/// <param name="Died">The number at which it ceased to be current.</param>
internal sealed record DeadItem(Item Item, long Died)
{
    /// <summary>Whether a snapshot made at this number holds it.</summary>
    internal bool IsHeldBy(Snapshot snapshot) => Item.Number < snapshot.Point && snapshot.Point < Died;
}

/// <summary>A snapshot of a group: the items that were current at a number.</summary>
internal sealed record Snapshot(string Name, UnixSeconds CreatedAt, long Point, OrderedTree<Item, ItemKey, ItemOrder> Items);

internal readonly struct ItemOrder : IOrder<Item, ItemKey>
{
    public static ItemKey KeyOf(Item item) => item.Key;
}
