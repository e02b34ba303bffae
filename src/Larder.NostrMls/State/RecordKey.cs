namespace Larder.NostrMls.State;

/// <summary>The families of records as they are kept.</summary>
internal enum RecordFamily : byte
{
    /// <summary>An item of a group or of nobody, by number.</summary>
    Item = 0,

    /// <summary>When an item that snapshots hold ceased to be current, by the item's number.</summary>
    Death = 1,

    /// <summary>A snapshot, by number.</summary>
    Snapshot = 2,

    /// <summary>A message, by the number of its group and its id.</summary>
    Message = 3,

    /// <summary>A processed message, by the outer id.</summary>
    Processed = 4,

    /// <summary>An invitation, by id.</summary>
    Welcome = 5,

    /// <summary>A processed invitation, by the outer id.</summary>
    ProcessedWelcome = 6,
}

/// <summary>Which record it is.</summary>
internal readonly record struct RecordKey(RecordFamily Family, long Number = 0, EventId Id = default);

/// <summary>An item and whose it is; of nobody without an owner.</summary>
internal sealed record OwnedItem(GroupNode? Owner, Item Item);

/// <summary>A snapshot and whose it is.</summary>
internal sealed record OwnedSnapshot(MlsGroupId Owner, Snapshot Snapshot);
