using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>What went to make room.</summary>
public enum MlsEvicted
{
    /// <summary>A group with everything that belongs to it.</summary>
    Group = 0,

    /// <summary>An invitation.</summary>
    Welcome = 1,

    /// <summary>The record that an invitation was processed: it can be processed again.</summary>
    ProcessedWelcome = 2,

    /// <summary>A message.</summary>
    Message = 3,
}

/// <summary>Why it went.</summary>
public enum MlsEvictionReason
{
    /// <summary>There were <see cref="MlsStoreOptions.CacheSize"/> groups or invitations.</summary>
    CacheSize = 0,

    /// <summary>The group had <see cref="MlsStoreOptions.MaxMessagesPerGroup"/> messages.</summary>
    MaxMessagesPerGroup = 1,

    /// <summary>It belonged to a group, or an open invitation, that went.</summary>
    WithItsOwner = 2,
}

/// <summary>One eviction. Its text shows no identity; the members do.</summary>
/// <param name="What">What went.</param>
/// <param name="Reason">Why.</param>
/// <param name="MlsGroupId">The group that went, or that the message or invitation belonged to; null for a processed record.</param>
/// <param name="Id">The message, the invitation, or the outer event of a processed record; null for a group.</param>
[DebuggerDisplay("{What} {Reason}")]
public sealed record MlsEviction(MlsEvicted What, MlsEvictionReason Reason, MlsGroupId? MlsGroupId, EventId? Id)
{
    /// <summary>What and why, without the identity.</summary>
    public override string ToString() => $"MlsEviction({What}, {Reason})";
}
