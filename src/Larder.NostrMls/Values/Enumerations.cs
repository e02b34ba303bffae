using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>Where a group stands.</summary>
[JsonConverter(typeof(GroupStateJson))]
public enum GroupState : byte
{
    /// <summary>Joined or created.</summary>
    Active = 0,

    /// <summary>Declined, left, or removed from it.</summary>
    Inactive = 1,

    /// <summary>Invited, and neither accepted nor declined.</summary>
    Pending = 2,
}

/// <summary>Where a message stands.</summary>
[JsonConverter(typeof(MessageStateJson))]
public enum MessageState : byte
{
    /// <summary>An own message whose echo has not come back.</summary>
    Created = 0,

    /// <summary>Received.</summary>
    Processed = 1,

    /// <summary>Deleted by its sender.</summary>
    Deleted = 2,

    /// <summary>Of an epoch that was rolled back.</summary>
    EpochInvalidated = 3,
}

/// <summary>What became of an event that carried a group message or a commit.</summary>
[JsonConverter(typeof(ProcessedMessageStateJson))]
public enum ProcessedMessageState : byte
{
    /// <summary>An own message whose echo has not come back.</summary>
    Created = 0,

    /// <summary>A message was taken from it.</summary>
    Processed = 1,

    /// <summary>It was a commit.</summary>
    ProcessedCommit = 2,

    /// <summary>It could not be processed.</summary>
    Failed = 3,

    /// <summary>Of an epoch that was rolled back.</summary>
    EpochInvalidated = 4,

    /// <summary>It failed, and may be tried again after a rollback.</summary>
    Retryable = 5,
}

/// <summary>Where an invitation stands.</summary>
[JsonConverter(typeof(WelcomeStateJson))]
public enum WelcomeState : byte
{
    /// <summary>Neither accepted nor declined: the only open state.</summary>
    Pending = 0,

    /// <summary>Accepted.</summary>
    Accepted = 1,

    /// <summary>Declined.</summary>
    Declined = 2,

    /// <summary>Ignored.</summary>
    Ignored = 3,
}

/// <summary>What became of an event that carried an invitation.</summary>
[JsonConverter(typeof(ProcessedWelcomeStateJson))]
public enum ProcessedWelcomeState : byte
{
    /// <summary>An invitation was taken from it.</summary>
    Processed = 0,

    /// <summary>It could not be processed.</summary>
    Failed = 1,
}

/// <summary>What an exporter secret is for. Each is a key space of its own.</summary>
[JsonConverter(typeof(ExporterLabelJson))]
public enum ExporterLabel : byte
{
    /// <summary>Group messages (MLS exporter "marmot", "group-event").</summary>
    GroupEvent = 0,

    /// <summary>Group messages of older clients (MLS exporter "nostr", "nostr").</summary>
    LegacyGroupEvent = 1,

    /// <summary>Media (MLS exporter "marmot", "encrypted-media").</summary>
    EncryptedMedia = 2,
}

/// <summary>The values of the MLS engine of which a group has one each.</summary>
[JsonConverter(typeof(MlsGroupDataKindJson))]
public enum MlsGroupDataKind : byte
{
    /// <summary>The configuration the group was joined with.</summary>
    JoinGroupConfig = 0,

    /// <summary>The ratchet tree.</summary>
    Tree = 1,

    /// <summary>The interim transcript hash.</summary>
    InterimTranscriptHash = 2,

    /// <summary>The group context.</summary>
    Context = 3,

    /// <summary>The confirmation tag.</summary>
    ConfirmationTag = 4,

    /// <summary>The state of the group, or a whole group that the engine exports as one value.</summary>
    GroupState = 5,

    /// <summary>The message secrets.</summary>
    MessageSecrets = 6,

    /// <summary>The resumption pre-shared keys.</summary>
    ResumptionPskStore = 7,

    /// <summary>The index of the own leaf.</summary>
    OwnLeafIndex = 8,

    /// <summary>The secrets of the epoch.</summary>
    GroupEpochSecrets = 9,
}

/// <summary>What messages are ordered by, newest first.</summary>
[JsonConverter(typeof(MessageSortOrderJson))]
public enum MessageSortOrder : byte
{
    /// <summary>created_at, then processed_at, then id. The default.</summary>
    CreatedAtFirst = 0,

    /// <summary>processed_at, then created_at, then id.</summary>
    ProcessedAtFirst = 1,
}

/// <summary>What keeps the records.</summary>
[JsonConverter(typeof(StoreBackendJson))]
public enum StoreBackend : byte
{
    /// <summary>The memory of the process: gone when it ends.</summary>
    Memory = 0,

    /// <summary>A Larder store in a directory.</summary>
    Larder = 1,
}
