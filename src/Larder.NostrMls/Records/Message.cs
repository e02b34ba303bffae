using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>A message of a group. Its identity is (<see cref="MlsGroupId"/>, <see cref="Id"/>). Immutable.</summary>
[DebuggerDisplay("Message(redacted)")]
public sealed record Message
{
    /// <summary>The id of the inner event (the rumor).</summary>
    public required EventId Id { get; init; }

    /// <summary>The author.</summary>
    public required PublicKey Pubkey { get; init; }

    /// <summary>The kind of the inner event.</summary>
    public required ushort Kind { get; init; }

    /// <summary>The group.</summary>
    public required MlsGroupId MlsGroupId { get; init; }

    /// <summary>The sender's clock, not to be trusted.</summary>
    public required UnixSeconds CreatedAt { get; init; }

    /// <summary>The own clock.</summary>
    public required UnixSeconds ProcessedAt { get; init; }

    /// <summary>The content; at most 1,048,576 bytes.</summary>
    public required string Content { get; init; }

    /// <summary>The tags; at most 102,400 bytes as compact JSON.</summary>
    public required Tags Tags { get; init; }

    /// <summary>The whole inner event; at most 102,400 bytes as compact JSON.</summary>
    public required UnsignedEvent Event { get; init; }

    /// <summary>The outer event that carried it.</summary>
    public required EventId WrapperEventId { get; init; }

    /// <summary>The epoch it was decrypted in, if known.</summary>
    public ulong? Epoch { get; init; }

    /// <summary>Where it stands.</summary>
    public MessageState State { get; init; }

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "Message(redacted)";
}
