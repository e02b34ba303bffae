using System.Collections.Immutable;

namespace Larder.NostrMls.State;

/// <summary>The record of a processed event and its size as a record.</summary>
internal sealed record StoredProcessed(ProcessedMessage Record, int Bytes);

/// <summary>An invitation. Immutable but for its recency.</summary>
/// <param name="Welcome">The invitation; only the store has it.</param>
/// <param name="Number">Of its last write.</param>
/// <param name="Bytes">Its size as a record.</param>
/// <param name="Recency">When it was last used.</param>
/// <param name="QueuedAt">Its stamp in the queue of its state; its recency may have moved on since.</param>
internal sealed record WelcomeNode(Welcome Welcome, long Number, int Bytes, Recency Recency, long QueuedAt)
{
    internal bool IsPending => Welcome.State == WelcomeState.Pending;
}

/// <summary>The record of a processed invitation with the groups it has been attributed to, and its size as a record.</summary>
internal sealed record StoredProcessedWelcome(ProcessedWelcome Record, ImmutableSortedSet<MlsGroupId> Groups, int Bytes);

/// <summary>That a processed invitation belongs to a group.</summary>
internal sealed record Attribution(MlsGroupId GroupId, EventId WrapperId);
