using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>That an event which carried an invitation was processed, so that it is not processed again. Its identity is <see cref="WrapperEventId"/>. Immutable.</summary>
[DebuggerDisplay("ProcessedWelcome(redacted)")]
public sealed record ProcessedWelcome
{
    /// <summary>The outer event.</summary>
    public required EventId WrapperEventId { get; init; }

    /// <summary>The invitation, if there was one.</summary>
    public EventId? WelcomeEventId { get; init; }

    /// <summary>When, by the own clock.</summary>
    public required UnixSeconds ProcessedAt { get; init; }

    /// <summary>What became of it.</summary>
    public required ProcessedWelcomeState State { get; init; }

    /// <summary>Why it failed; a store keeps the first 256 bytes.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "ProcessedWelcome(redacted)";
}
