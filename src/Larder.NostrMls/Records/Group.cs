using System.Collections.Immutable;
using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>
/// A group. Its identity is <see cref="MlsGroupId"/>; <see cref="NostrGroupId"/> belongs to one group at every moment, but may change.
/// What a store returns is the caller's: its secrets are copies to be disposed of.
/// </summary>
[DebuggerDisplay("Group(redacted)")]
public sealed record Group : IDisposable
{
    /// <summary>The id in MLS; never changes.</summary>
    public required MlsGroupId MlsGroupId { get; init; }

    /// <summary>The id by which relays route its messages.</summary>
    public required NostrGroupId NostrGroupId { get; init; }

    /// <summary>Its name; may be empty. Limit: <see cref="MlsStoreOptions.MaxGroupNameLength"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Its description; may be empty. Limit: <see cref="MlsStoreOptions.MaxGroupDescriptionLength"/>.</summary>
    public string Description { get; init; } = "";

    /// <summary>The hash of its image.</summary>
    public ImageHash? ImageHash { get; init; }

    /// <summary>The key of its image: 32 bytes.</summary>
    public SecretBytes? ImageKey { get; init; }

    /// <summary>The nonce of its image: 12 bytes.</summary>
    public SecretBytes? ImageNonce { get; init; }

    /// <summary>Who may change it. Limit: <see cref="MlsStoreOptions.MaxAdminsPerGroup"/>.</summary>
    public ImmutableSortedSet<PublicKey> AdminPubkeys { get; init; } = [];

    /// <summary>The newest message in display order.</summary>
    public EventId? LastMessageId { get; set; }

    /// <summary>When that message was created, by its sender's clock.</summary>
    public UnixSeconds? LastMessageAt { get; set; }

    /// <summary>When that message was processed; unknown in old data.</summary>
    public UnixSeconds? LastMessageProcessedAt { get; set; }

    /// <summary>The epoch of the group in MLS.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Where it stands.</summary>
    public GroupState State { get; init; }

    /// <summary>Whether the own leaf has to be updated.</summary>
    public SelfUpdateState SelfUpdate { get; init; }

    /// <summary>After how many seconds messages disappear; null for never.</summary>
    public ulong? DisappearingMessageSeconds { get; init; }

    /// <summary>Whether there are secrets to be copied, or disposed of.</summary>
    internal bool HasSecrets => ImageKey is not null || ImageNonce is not null;

    /// <summary>
    /// Takes a message as the last one if it is newer than the one that is known: by (created_at, processed_at, id); if it is not known when the last one was processed, by
    /// created_at, where equal is newer; if only its id is not known, by created_at, where equal is not. Returns whether the three members changed.
    /// </summary>
    public bool UpdateLastMessageIfNewer(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        bool isNewer = (LastMessageAt, LastMessageProcessedAt, LastMessageId) switch
        {
            (null, _, _) => true,
            ({ } at, null, _) => message.CreatedAt >= at,
            ({ } at, { }, null) => message.CreatedAt > at,
            ({ } at, { } processed, { } id) => (message.CreatedAt, message.ProcessedAt, message.Id).CompareTo((at, processed, id)) > 0,
        };
        if (isNewer)
        {
            (LastMessageId, LastMessageAt, LastMessageProcessedAt) = (message.Id, message.CreatedAt, message.ProcessedAt);
        }

        return isNewer;
    }

    /// <summary>Zeroes its secrets.</summary>
    public void Dispose()
    {
        ImageKey?.Dispose();
        ImageNonce?.Dispose();
    }

    /// <summary>Whether all members are the same, sets by what they hold.</summary>
    public bool Equals(Group? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && MlsGroupId == other.MlsGroupId
            && NostrGroupId == other.NostrGroupId
            && Name == other.Name
            && Description == other.Description
            && ImageHash == other.ImageHash
            && Equals(ImageKey, other.ImageKey)
            && Equals(ImageNonce, other.ImageNonce)
            && AdminPubkeys.SequenceEqual(other.AdminPubkeys)
            && LastMessageId == other.LastMessageId
            && LastMessageAt == other.LastMessageAt
            && LastMessageProcessedAt == other.LastMessageProcessedAt
            && Epoch == other.Epoch
            && State == other.State
            && SelfUpdate == other.SelfUpdate
            && DisappearingMessageSeconds == other.DisappearingMessageSeconds);

    /// <inheritdoc/>
    public override int GetHashCode() => MlsGroupId.GetHashCode();

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "Group(redacted)";

    /// <summary>The same group with secrets of its own.</summary>
    internal Group Detached() => this with { ImageKey = ImageKey?.Clone(), ImageNonce = ImageNonce?.Clone() };
}
