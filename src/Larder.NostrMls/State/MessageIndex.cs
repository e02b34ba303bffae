namespace Larder.NostrMls.State;

/// <summary>A message and its size as a record.</summary>
internal sealed record StoredMessage(Message Message, int Bytes);

/// <summary>The messages of a group, by id and in both display orders. Immutable.</summary>
internal sealed class MessageIndex
{
    internal static readonly MessageIndex Empty = new(
        OrderedTree<StoredMessage, EventId, ById>.Empty,
        OrderedTree<StoredMessage, (UnixSeconds, UnixSeconds, EventId), ByCreated>.Empty,
        OrderedTree<StoredMessage, (UnixSeconds, UnixSeconds, EventId), ByProcessed>.Empty);

    private readonly OrderedTree<StoredMessage, EventId, ById> _byId;
    private readonly OrderedTree<StoredMessage, (UnixSeconds, UnixSeconds, EventId), ByCreated> _byCreated;
    private readonly OrderedTree<StoredMessage, (UnixSeconds, UnixSeconds, EventId), ByProcessed> _byProcessed;

    private MessageIndex(
        OrderedTree<StoredMessage, EventId, ById> byId,
        OrderedTree<StoredMessage, (UnixSeconds, UnixSeconds, EventId), ByCreated> byCreated,
        OrderedTree<StoredMessage, (UnixSeconds, UnixSeconds, EventId), ByProcessed> byProcessed)
    {
        _byId = byId;
        _byCreated = byCreated;
        _byProcessed = byProcessed;
    }

    internal int Count => _byId.Count;

    /// <summary>The last in display order by created_at.</summary>
    internal StoredMessage? Oldest => _byCreated.Least;

    internal StoredMessage? Find(EventId id) => _byId.Find(id);

    internal StoredMessage? Newest(MessageSortOrder order) => order == MessageSortOrder.CreatedAtFirst ? _byCreated.Greatest : _byProcessed.Greatest;

    internal List<StoredMessage> Page(MessageSortOrder order, int offset, int limit) =>
        order == MessageSortOrder.CreatedAtFirst ? _byCreated.Page(offset, limit) : _byProcessed.Page(offset, limit);

    internal IEnumerable<StoredMessage> InDisplayOrder() => _byCreated.Descending();

    internal IEnumerable<StoredMessage> OldestFirst() => _byCreated.Ascending();

    internal IEnumerable<StoredMessage> AscendingById() => _byId.Ascending();

    internal MessageIndex Set(StoredMessage message)
    {
        MessageIndex without = Find(message.Message.Id) is { } before && !HasSamePlace(before.Message, message.Message) ? Remove(before) : this;
        return new(without._byId.Set(message), without._byCreated.Set(message), without._byProcessed.Set(message));
    }

    internal MessageIndex Remove(StoredMessage message) =>
        new(_byId.Remove(message.Message.Id), _byCreated.Remove(ByCreated.KeyOf(message)), _byProcessed.Remove(ByProcessed.KeyOf(message)));

    private static bool HasSamePlace(Message left, Message right) => left.CreatedAt == right.CreatedAt && left.ProcessedAt == right.ProcessedAt;

    private readonly struct ById : IOrder<StoredMessage, EventId>
    {
        public static EventId KeyOf(StoredMessage item) => item.Message.Id;
    }

    private readonly struct ByCreated : IOrder<StoredMessage, (UnixSeconds, UnixSeconds, EventId)>
    {
        public static (UnixSeconds, UnixSeconds, EventId) KeyOf(StoredMessage item) => (item.Message.CreatedAt, item.Message.ProcessedAt, item.Message.Id);
    }

    private readonly struct ByProcessed : IOrder<StoredMessage, (UnixSeconds, UnixSeconds, EventId)>
    {
        public static (UnixSeconds, UnixSeconds, EventId) KeyOf(StoredMessage item) => (item.Message.ProcessedAt, item.Message.CreatedAt, item.Message.Id);
    }
}
