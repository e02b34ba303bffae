using System.Collections.Immutable;

namespace Larder.NostrMls.State;

/// <summary>
/// Everything the store holds at one moment. Immutable, so whoever has it reads one state, whatever writers do; only recency and the zeroing of secrets happen to what it refers to.
/// </summary>
internal sealed record StoreState
{
    internal OrderedTree<GroupNode, MlsGroupId, ById> Groups { get; init; } = new();

    internal OrderedTree<NostrName, NostrGroupId, ById> NostrIds { get; init; } = new();

    internal int ListedGroups { get; init; }

    /// <summary>Groups by the stamp at which they were queued, one queue for each state.</summary>
    internal ImmutableArray<ImmutableSortedSet<(long Stamp, MlsGroupId Id)>> GroupQueues { get; init; } = [[], [], []];

    internal OrderedTree<StoredProcessed, EventId, ById> Processed { get; init; } = new();

    /// <summary>Those that name a group.</summary>
    internal OrderedTree<StoredProcessed, (MlsGroupId, EventId), ByGroup> ProcessedByGroup { get; init; } = new();

    /// <summary>Those that name a group and an inner event.</summary>
    internal OrderedTree<StoredProcessed, (MlsGroupId, EventId, EventId), ByMessage> ProcessedByMessage { get; init; } = new();

    internal OrderedTree<WelcomeNode, EventId, ById> Welcomes { get; init; } = new();

    internal OrderedTree<WelcomeNode, EventId, ById> PendingWelcomes { get; init; } = new();

    internal OrderedTree<WelcomeNode, (EventId, EventId), ByWrapper> WelcomesByWrapper { get; init; } = new();

    internal OrderedTree<WelcomeNode, (MlsGroupId, EventId), ByGroup> WelcomesByGroup { get; init; } = new();

    /// <summary>Invitations by the stamp at which they were queued: the finished ones, and the open ones.</summary>
    internal ImmutableArray<ImmutableSortedSet<(long Stamp, EventId Id)>> WelcomeQueues { get; init; } = [[], []];

    internal OrderedTree<StoredProcessedWelcome, EventId, ById> ProcessedWelcomes { get; init; } = new();

    /// <summary>Those that name an invitation.</summary>
    internal OrderedTree<StoredProcessedWelcome, (EventId, EventId), ByWelcome> ProcessedByWelcome { get; init; } = new();

    internal OrderedTree<Attribution, (MlsGroupId, EventId), ByGroup> Attributions { get; init; } = new();

    /// <summary>MLS values that belong to no group.</summary>
    internal OrderedTree<Item, ItemKey, ItemOrder> Identity { get; init; } = new();

    internal UsageTable Usage { get; init; } = new();

    /// <summary>The last number that was given out.</summary>
    internal long LastNumber { get; init; }

    /// <summary>Of writes on the MLS side.</summary>
    internal long Generation { get; init; }

    /// <summary>The group, if it is listed.</summary>
    internal GroupNode? Listed(MlsGroupId id) => Groups.Find(id) is { IsListed: true } node ? node : null;

    /// <summary>The group, which must be listed.</summary>
    /// <exception cref="MlsStoreException">It is not.</exception>
    internal GroupNode Known(MlsGroupId id) => Listed(id) ?? throw MlsStoreException.GroupNotFound();

    /// <summary>O(groups).</summary>
    internal MlsUsage ToUsage()
    {
        long messages = 0;
        long bytes = 0;
        foreach (GroupNode node in Groups.Ascending())
        {
            messages += node.Messages.Count;
            bytes += node.Messages.Bytes;
        }

        return Usage.ToUsage() with { Messages = new(messages, bytes) };
    }

    internal readonly struct ById
        : IOrder<GroupNode, MlsGroupId>, IOrder<NostrName, NostrGroupId>, IOrder<StoredProcessed, EventId>, IOrder<WelcomeNode, EventId>, IOrder<StoredProcessedWelcome, EventId>
    {
        public static MlsGroupId KeyOf(GroupNode item) => item.Id;

        public static NostrGroupId KeyOf(NostrName item) => item.NostrId;

        public static EventId KeyOf(StoredProcessed item) => item.Record.WrapperEventId;

        public static EventId KeyOf(WelcomeNode item) => item.Welcome.Id;

        public static EventId KeyOf(StoredProcessedWelcome item) => item.Record.WrapperEventId;
    }

    internal readonly struct ByGroup : IOrder<StoredProcessed, (MlsGroupId, EventId)>, IOrder<WelcomeNode, (MlsGroupId, EventId)>, IOrder<Attribution, (MlsGroupId, EventId)>
    {
        public static (MlsGroupId, EventId) KeyOf(StoredProcessed item) => (item.Record.MlsGroupId.GetValueOrDefault(), item.Record.WrapperEventId);

        public static (MlsGroupId, EventId) KeyOf(WelcomeNode item) => (item.Welcome.MlsGroupId, item.Welcome.Id);

        public static (MlsGroupId, EventId) KeyOf(Attribution item) => (item.GroupId, item.WrapperId);
    }

    internal readonly struct ByMessage : IOrder<StoredProcessed, (MlsGroupId, EventId, EventId)>
    {
        public static (MlsGroupId, EventId, EventId) KeyOf(StoredProcessed item) =>
            (item.Record.MlsGroupId.GetValueOrDefault(), item.Record.MessageEventId.GetValueOrDefault(), item.Record.WrapperEventId);
    }

    internal readonly struct ByWrapper : IOrder<WelcomeNode, (EventId, EventId)>
    {
        public static (EventId, EventId) KeyOf(WelcomeNode item) => (item.Welcome.WrapperEventId, item.Welcome.Id);
    }

    internal readonly struct ByWelcome : IOrder<StoredProcessedWelcome, (EventId, EventId)>
    {
        public static (EventId, EventId) KeyOf(StoredProcessedWelcome item) => (item.Record.WelcomeEventId.GetValueOrDefault(), item.Record.WrapperEventId);
    }
}
