using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>That an event which carried something of a group was processed, so that it is not processed again; outlives the message. Its identity is <see cref="WrapperEventId"/>. Immutable.</summary>
[DebuggerDisplay("ProcessedMessage(redacted)")]
public sealed record ProcessedMessage
{
    /// <summary>The outer event.</summary>
    public required EventId WrapperEventId { get; init; }

    /// <summary>The inner event, if there was one.</summary>
    public EventId? MessageEventId { get; init; }

    /// <summary>When, by the own clock.</summary>
    public required UnixSeconds ProcessedAt { get; init; }

    /// <summary>The epoch, if known.</summary>
    public ulong? Epoch { get; init; }

    /// <summary>The group, if known; it need not be listed.</summary>
    public MlsGroupId? MlsGroupId { get; init; }

    /// <summary>What became of it.</summary>
    public required ProcessedMessageState State { get; init; }

    /// <summary>Why it failed; a store keeps the first 256 bytes.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "ProcessedMessage(redacted)";
}
