using System.Collections.Immutable;

namespace Larder.NostrMls.State;

/// <summary>
/// Everything that belongs to one MLS group: it comes and goes as one. Without a group record (not listed) it holds MLS values that the engine wrote before, and nothing else.
/// Immutable but for its recency.
/// </summary>
/// <param name="Id">The group.</param>
/// <param name="Number">Its number in keys of records, the same as long as it lives.</param>
/// <param name="Recency">When it was last used.</param>
internal sealed record GroupNode(MlsGroupId Id, long Number, Recency Recency)
{
    /// <summary>The snapshot set.</summary>
    internal OrderedTree<Item, ItemKey, ItemOrder> Items { get; init; } = new();

    /// <summary>The content of the item that is the group record; null when the group is not listed.</summary>
    internal Group? Group { get; init; }

    internal MessageIndex Messages { get; init; } = MessageIndex.Empty;

    /// <summary>In the order in which they were made.</summary>
    internal ImmutableList<Snapshot> Snapshots { get; init; } = [];

    /// <summary>What only snapshots hold, by number.</summary>
    internal ImmutableSortedDictionary<long, DeadItem> Dead { get; init; } = ImmutableSortedDictionary<long, DeadItem>.Empty;

    /// <summary>Its stamp in the queue of its state; its recency may have moved on since.</summary>
    internal long QueuedAt { get; init; }

    internal bool IsListed => Group is not null;

    internal ImmutableSortedSet<RelayUrl> Relays => (ImmutableSortedSet<RelayUrl>?)Items.Find(ItemKey.Relays)?.Content ?? [];

    /// <summary>The items of one family, in order.</summary>
    internal IEnumerable<Item> Family(ItemFamily family) => Items.From(new ItemKey(family)).TakeWhile(item => item.Key.Family == family);

    /// <summary>The snapshots as they are listed: oldest first, equal times in the order in which they were made.</summary>
    internal IEnumerable<Snapshot> OldestSnapshots() => Snapshots.OrderBy(snapshot => snapshot.CreatedAt.Value).ThenBy(snapshot => snapshot.Point);
}

/// <summary>Which group has a Nostr id.</summary>
internal sealed record NostrName(NostrGroupId NostrId, MlsGroupId GroupId);
