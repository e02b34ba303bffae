using Larder.NostrMls.Codec;

namespace Larder.NostrMls.State;

/// <summary>The messages of a group, by id and in both display orders. Immutable.</summary>
internal sealed class MessageIndex
{
    internal static readonly MessageIndex Empty = new(
        MessageMap.Empty,
        MessageOrder<Created, ByCreated>.Empty,
        MessageOrder<Processed, ByProcessed>.Empty,
        0);

    private readonly MessageMap _byId;
    private readonly MessageOrder<Created, ByCreated> _byCreated;
    private readonly MessageOrder<Processed, ByProcessed> _byProcessed;

    private MessageIndex(MessageMap byId, MessageOrder<Created, ByCreated> byCreated, MessageOrder<Processed, ByProcessed> byProcessed, long bytes)
    {
        _byId = byId;
        _byCreated = byCreated;
        _byProcessed = byProcessed;
        Bytes = bytes;
    }

    internal int Count => _byId.Count;

    /// <summary>What the messages come to as records.</summary>
    internal long Bytes { get; }

    /// <summary>The last in display order by created_at.</summary>
    internal Message? Oldest => _byCreated.Least;

    internal Message? Find(EventId id) => _byId.Find(id);

    internal Message? Newest(MessageSortOrder order) => order == MessageSortOrder.CreatedAtFirst ? _byCreated.Greatest : _byProcessed.Greatest;

    internal List<Message> Page(MessageSortOrder order, int offset, int limit) =>
        order == MessageSortOrder.CreatedAtFirst ? _byCreated.Page(offset, limit) : _byProcessed.Page(offset, limit);

    internal IEnumerable<Message> InDisplayOrder() => _byCreated.Descending();

    internal IEnumerable<Message> OldestFirst() => _byCreated.Ascending();

    /// <summary>O(n log n).</summary>
    internal IEnumerable<Message> AscendingById() => _byCreated.Ascending().OrderBy(message => message.Id);

    /// <summary>Adds a message, in place of one with the same id.</summary>
    internal MessageIndex Set(Message message)
    {
        MessageMap byId = _byId.Set(message, out Message? before);
        MessageOrder<Created, ByCreated> byCreated = _byCreated;
        MessageOrder<Processed, ByProcessed> byProcessed = _byProcessed;
        if (before is not null && !HasSamePlace(before, message))
        {
            byCreated = byCreated.Remove(ByCreated.KeyOf(before));
            byProcessed = byProcessed.Remove(ByProcessed.KeyOf(before));
        }

        return new(byId, byCreated.Set(message), byProcessed.Set(message), Bytes + RecordSize.Of(message) - (before is null ? 0 : RecordSize.Of(before)));
    }

    /// <summary>Without a message that is there.</summary>
    internal MessageIndex Remove(Message message) => new(
        _byId.Remove(message.Id),
        _byCreated.Remove(ByCreated.KeyOf(message)),
        _byProcessed.Remove(ByProcessed.KeyOf(message)),
        Bytes - RecordSize.Of(message));

    private static bool HasSamePlace(Message left, Message right) => left.CreatedAt == right.CreatedAt && left.ProcessedAt == right.ProcessedAt;

    /// <summary>The place of a message in the order by created_at, ascending.</summary>
    private readonly struct Created(Message message) : IComparable<Created>
    {
        private readonly Message _message = message;

        public int CompareTo(Created other)
        {
            int order = _message.CreatedAt.CompareTo(other._message.CreatedAt);
            order = order != 0 ? order : _message.ProcessedAt.CompareTo(other._message.ProcessedAt);
            return order != 0 ? order : _message.Id.CompareTo(other._message.Id);
        }
    }

    /// <summary>The place of a message in the order by processed_at, ascending.</summary>
    private readonly struct Processed(Message message) : IComparable<Processed>
    {
        private readonly Message _message = message;

        public int CompareTo(Processed other)
        {
            int order = _message.ProcessedAt.CompareTo(other._message.ProcessedAt);
            order = order != 0 ? order : _message.CreatedAt.CompareTo(other._message.CreatedAt);
            return order != 0 ? order : _message.Id.CompareTo(other._message.Id);
        }
    }

    private readonly struct ByCreated : IOrder<Message, Created>
    {
        public static Created KeyOf(Message item) => new(item);
    }

    private readonly struct ByProcessed : IOrder<Message, Processed>
    {
        public static Processed KeyOf(Message item) => new(item);
    }
}
