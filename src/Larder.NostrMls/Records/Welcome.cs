using System.Collections.Immutable;
using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>An invitation to a group. Its identity is <see cref="Id"/>. What a store returns is the caller's: its secrets are copies to be disposed of.</summary>
[DebuggerDisplay("Welcome(redacted)")]
public sealed record Welcome : IDisposable
{
    /// <summary>The id of the inner event.</summary>
    public required EventId Id { get; init; }

    /// <summary>The whole inner event; at most 102,400 bytes as compact JSON.</summary>
    public required UnsignedEvent Event { get; init; }

    /// <summary>The group.</summary>
    public required MlsGroupId MlsGroupId { get; init; }

    /// <summary>The id by which relays route the group's messages.</summary>
    public required NostrGroupId NostrGroupId { get; init; }

    /// <summary>The group's name.</summary>
    public required string GroupName { get; init; }

    /// <summary>The group's description.</summary>
    public string GroupDescription { get; init; } = "";

    /// <summary>The hash of the group's image.</summary>
    public ImageHash? GroupImageHash { get; init; }

    /// <summary>The key of the group's image: 32 bytes.</summary>
    public SecretBytes? GroupImageKey { get; init; }

    /// <summary>The nonce of the group's image: 12 bytes.</summary>
    public SecretBytes? GroupImageNonce { get; init; }

    /// <summary>Who may change the group. Limit: <see cref="MlsStoreOptions.MaxAdminsPerWelcome"/>.</summary>
    public ImmutableSortedSet<PublicKey> GroupAdminPubkeys { get; init; } = [];

    /// <summary>The group's relays. Limit: <see cref="MlsStoreOptions.MaxRelaysPerWelcome"/>.</summary>
    public ImmutableSortedSet<RelayUrl> GroupRelays { get; init; } = [];

    /// <summary>Who invites.</summary>
    public required PublicKey Welcomer { get; init; }

    /// <summary>How many members the group has.</summary>
    public uint MemberCount { get; init; }

    /// <summary>Where it stands.</summary>
    public WelcomeState State { get; init; }

    /// <summary>The outer event that carried it.</summary>
    public required EventId WrapperEventId { get; init; }

    /// <summary>Whether there are secrets to be copied, or disposed of.</summary>
    internal bool HasSecrets => GroupImageKey is not null || GroupImageNonce is not null;

    /// <summary>Zeroes its secrets.</summary>
    public void Dispose()
    {
        GroupImageKey?.Dispose();
        GroupImageNonce?.Dispose();
    }

    /// <summary>Whether all members are the same, sets by what they hold.</summary>
    public bool Equals(Welcome? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Id == other.Id
            && Event == other.Event
            && MlsGroupId == other.MlsGroupId
            && NostrGroupId == other.NostrGroupId
            && GroupName == other.GroupName
            && GroupDescription == other.GroupDescription
            && GroupImageHash == other.GroupImageHash
            && Equals(GroupImageKey, other.GroupImageKey)
            && Equals(GroupImageNonce, other.GroupImageNonce)
            && GroupAdminPubkeys.SequenceEqual(other.GroupAdminPubkeys)
            && GroupRelays.SequenceEqual(other.GroupRelays)
            && Welcomer == other.Welcomer
            && MemberCount == other.MemberCount
            && State == other.State
            && WrapperEventId == other.WrapperEventId);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "Welcome(redacted)";

    /// <summary>The same invitation with secrets of its own.</summary>
    internal Welcome Detached() => this with { GroupImageKey = GroupImageKey?.Clone(), GroupImageNonce = GroupImageNonce?.Clone() };
}
