namespace Larder.NostrMls;

/// <summary>
/// Messages, and the records that say which events were processed. Display order is newest first: by created_at, processed_at and id, or by processed_at,
/// created_at and id, all descending. Records of processed events belong to a group by its id, listed or not. The rules of <see cref="IGroupStore"/> hold here as well.
/// </summary>
public interface IMessageStore
{
    /// <summary>
    /// Saves a message under (group, id), replacing what is there. A group keeps its <see cref="MlsStoreOptions.MaxMessagesPerGroup"/> newest messages by created_at: of a new message too many the oldest goes,
    /// which may be the new one.
    /// </summary>
    /// <exception cref="MlsStoreException">InvalidParameters: the group is unknown, or content, tags or event are too long.</exception>
    void SaveMessage(Message message);

    /// <summary>The message, or null; null for an unknown group as well.</summary>
    Message? FindMessage(MlsGroupId groupId, EventId id);

    /// <summary>A page of the messages of a group in display order; costs what the page holds. Unknown group refused, after the limits of the page.</summary>
    IReadOnlyList<Message> GetMessages(MlsGroupId groupId, MessageQuery? query = null);

    /// <summary>The first message in display order, or null. Unknown group refused.</summary>
    Message? GetLastMessage(MlsGroupId groupId, MessageSortOrder order = MessageSortOrder.CreatedAtFirst);

    /// <summary>Saves the record of a processed event, replacing what is there. The failure reason is cut to 256 bytes.</summary>
    void SaveProcessedMessage(ProcessedMessage processed);

    /// <summary>The record of a processed event, or null.</summary>
    ProcessedMessage? FindProcessedMessage(EventId wrapperId);

    /// <summary>The record of a processed event by the inner event within a group, to detect what was wrapped again; of several the lowest outer id. Null if there is none.</summary>
    ProcessedMessage? FindProcessedMessageByMessageId(MlsGroupId groupId, EventId messageId);

    /// <summary>Makes every message with a known epoch above this one EpochInvalidated; returns the ids of all of them, ascending. O(messages of the group).</summary>
    IReadOnlyList<EventId> InvalidateMessagesAfterEpoch(MlsGroupId groupId, ulong epoch);

    /// <summary>The same for the records of processed events of a group; returns outer ids.</summary>
    IReadOnlyList<EventId> InvalidateProcessedMessagesAfterEpoch(MlsGroupId groupId, ulong epoch);

    /// <summary>The messages of a group that are EpochInvalidated, in display order. O(messages of the group).</summary>
    IReadOnlyList<Message> FindInvalidatedMessages(MlsGroupId groupId);

    /// <summary>The records of a group that are EpochInvalidated, ascending by outer id.</summary>
    IReadOnlyList<ProcessedMessage> FindInvalidatedProcessedMessages(MlsGroupId groupId);

    /// <summary>The outer ids of a group's records that are Failed and have no known epoch, ascending.</summary>
    IReadOnlyList<EventId> FindFailedMessagesForRetry(MlsGroupId groupId);

    /// <summary>Makes a Failed record Retryable and keeps everything else of it.</summary>
    /// <exception cref="MlsStoreException">NotFound: there is no such record, or it is not Failed.</exception>
    void MarkRetryable(EventId wrapperId);

    /// <summary>
    /// The epoch of the first message in display order whose tags, as compact JSON, hold this text literally, leaving out messages without an epoch; null if there is none.
    /// O(messages of the group).
    /// </summary>
    ulong? FindMessageEpochByTagContent(MlsGroupId groupId, string text);

    /// <summary>Deletes a message; returns whether it was there.</summary>
    bool DeleteMessage(MlsGroupId groupId, EventId id);

    /// <summary>Deletes all messages of a group and nothing else of it; returns how many.</summary>
    int DeleteMessages(MlsGroupId groupId);

    /// <summary>Deletes the messages of a group that were created before; returns how many. Costs what is deleted.</summary>
    int DeleteMessagesBefore(MlsGroupId groupId, UnixSeconds createdBefore);

    /// <summary>Deletes the records of processed events of a group; returns how many.</summary>
    int DeleteProcessedMessages(MlsGroupId groupId);
}
