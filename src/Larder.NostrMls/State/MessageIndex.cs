namespace Larder.NostrMls.State;

/// <summary>A message and its size as a record; what it is ordered by is at hand, because every step of every search reads it.</summary>
internal sealed class StoredMessage(Message message, int bytes)
{
    internal readonly EventId Id = message.Id;
    internal readonly UnixSeconds CreatedAt = message.CreatedAt;
    internal readonly UnixSeconds ProcessedAt = message.ProcessedAt;

    internal Message Message { get; } = message;

    internal int Bytes { get; } = bytes;
}

/// <summary>The messages of a group, by id and in both display orders. Immutable.</summary>
internal sealed class MessageIndex
{
    internal static readonly MessageIndex Empty = new(
        MessageMap.Empty,
        OrderedTree<StoredMessage, Created, ByCreated>.Empty,
        OrderedTree<StoredMessage, Processed, ByProcessed>.Empty);

    private readonly MessageMap _byId;
    private readonly OrderedTree<StoredMessage, Created, ByCreated> _byCreated;
    private readonly OrderedTree<StoredMessage, Processed, ByProcessed> _byProcessed;

    private MessageIndex(
        MessageMap byId,
        OrderedTree<StoredMessage, Created, ByCreated> byCreated,
        OrderedTree<StoredMessage, Processed, ByProcessed> byProcessed)
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

    /// <summary>O(n log n).</summary>
    internal IEnumerable<StoredMessage> AscendingById() => _byCreated.Ascending().OrderBy(message => message.Id);

    internal MessageIndex Set(StoredMessage message)
    {
        MessageIndex without = Find(message.Id) is { } before && !HasSamePlace(before, message) ? Remove(before) : this;
        return new(without._byId.Set(message), without._byCreated.Set(message), without._byProcessed.Set(message));
    }

    internal MessageIndex Remove(StoredMessage message) =>
        new(_byId.Remove(message.Id), _byCreated.Remove(ByCreated.KeyOf(message)), _byProcessed.Remove(ByProcessed.KeyOf(message)));

    private static bool HasSamePlace(StoredMessage left, StoredMessage right) => left.CreatedAt == right.CreatedAt && left.ProcessedAt == right.ProcessedAt;

    /// <summary>The place of a message in the order by created_at, ascending.</summary>
    private readonly struct Created(StoredMessage message) : IComparable<Created>
    {
        private readonly StoredMessage _message = message;

        public int CompareTo(Created other)
        {
            int order = _message.CreatedAt.CompareTo(other._message.CreatedAt);
            order = order != 0 ? order : _message.ProcessedAt.CompareTo(other._message.ProcessedAt);
            return order != 0 ? order : _message.Id.CompareTo(other._message.Id);
        }
    }

    /// <summary>The place of a message in the order by processed_at, ascending.</summary>
    private readonly struct Processed(StoredMessage message) : IComparable<Processed>
    {
        private readonly StoredMessage _message = message;

        public int CompareTo(Processed other)
        {
            int order = _message.ProcessedAt.CompareTo(other._message.ProcessedAt);
            order = order != 0 ? order : _message.CreatedAt.CompareTo(other._message.CreatedAt);
            return order != 0 ? order : _message.Id.CompareTo(other._message.Id);
        }
    }

    private readonly struct ByCreated : IOrder<StoredMessage, Created>
    {
        public static Created KeyOf(StoredMessage item) => new(item);
    }

    private readonly struct ByProcessed : IOrder<StoredMessage, Processed>
    {
        public static Processed KeyOf(StoredMessage item) => new(item);
    }
}
