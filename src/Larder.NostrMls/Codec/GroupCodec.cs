using System.Collections.Immutable;

namespace Larder.NostrMls.Codec;

/// <summary>The form of groups, relays and invitations.</summary>
internal static class GroupCodec
{
    internal static void Write(ref RecordWriter to, Group group)
    {
        to.Bytes(group.MlsGroupId.Span);
        to.Fixed(group.NostrGroupId.ToArray());
        to.Text(group.Name);
        to.Text(group.Description);
        Write(ref to, group.ImageHash);
        to.Secret(group.ImageKey);
        to.Secret(group.ImageNonce);
        Write(ref to, group.AdminPubkeys);
        to.Id(group.LastMessageId);
        to.Number(group.LastMessageAt?.Value);
        to.Number(group.LastMessageProcessedAt?.Value);
        to.Number(group.Epoch);
        to.Byte((byte)group.State);
        to.Number(group.SelfUpdate.Number);
        to.Number(group.DisappearingMessageSeconds);
    }

    internal static Group ReadGroup(ref RecordReader from) => new()
    {
        MlsGroupId = new MlsGroupId(from.Bytes()),
        NostrGroupId = from.NostrId(),
        Name = from.Text(),
        Description = from.Text(),
        ImageHash = from.OptionalHash(),
        ImageKey = from.Secret(),
        ImageNonce = from.Secret(),
        AdminPubkeys = ReadKeys(ref from),
        LastMessageId = from.OptionalId(),
        LastMessageAt = ReadTime(ref from),
        LastMessageProcessedAt = ReadTime(ref from),
        Epoch = from.Number(),
        State = (GroupState)from.Byte(),
        SelfUpdate = SelfUpdateState.FromNumber(from.Number()),
        DisappearingMessageSeconds = from.OptionalNumber(),
    };

    internal static void Write(ref RecordWriter to, Welcome welcome)
    {
        to.Id(welcome.Id);
        EventCodec.Write(ref to, welcome.Event);
        to.Bytes(welcome.MlsGroupId.Span);
        to.Fixed(welcome.NostrGroupId.ToArray());
        to.Text(welcome.GroupName);
        to.Text(welcome.GroupDescription);
        Write(ref to, welcome.GroupImageHash);
        to.Secret(welcome.GroupImageKey);
        to.Secret(welcome.GroupImageNonce);
        Write(ref to, welcome.GroupAdminPubkeys);
        Write(ref to, welcome.GroupRelays);
        to.Key(welcome.Welcomer);
        to.Number(welcome.MemberCount);
        to.Byte((byte)welcome.State);
        to.Id(welcome.WrapperEventId);
    }

    internal static Welcome ReadWelcome(ref RecordReader from) => new()
    {
        Id = from.Id(),
        Event = EventCodec.ReadEvent(ref from),
        MlsGroupId = new MlsGroupId(from.Bytes()),
        NostrGroupId = from.NostrId(),
        GroupName = from.Text(),
        GroupDescription = from.Text(),
        GroupImageHash = from.OptionalHash(),
        GroupImageKey = from.Secret(),
        GroupImageNonce = from.Secret(),
        GroupAdminPubkeys = ReadKeys(ref from),
        GroupRelays = ReadRelays(ref from),
        Welcomer = from.Key(),
        MemberCount = (uint)from.Number(),
        State = (WelcomeState)from.Byte(),
        WrapperEventId = from.Id(),
    };

    internal static void Write(ref RecordWriter to, ImmutableSortedSet<RelayUrl> relays)
    {
        to.Number((ulong)relays.Count);
        foreach (RelayUrl relay in relays)
        {
            to.Text(relay.Text);
        }
    }

    internal static ImmutableSortedSet<RelayUrl> ReadRelays(ref RecordReader from)
    {
        ImmutableSortedSet<RelayUrl>.Builder relays = ImmutableSortedSet.CreateBuilder<RelayUrl>();
        for (ulong left = from.Number(); left > 0; left--)
        {
            relays.Add(RelayUrl.Parse(from.Text()));
        }

        return relays.ToImmutable();
    }

    private static void Write(ref RecordWriter to, ImageHash? hash)
    {
        to.Flag(hash is not null);
        if (hash is { } value)
        {
            to.Fixed(value.ToArray());
        }
    }

    private static void Write(ref RecordWriter to, ImmutableSortedSet<PublicKey> keys)
    {
        to.Number((ulong)keys.Count);
        foreach (PublicKey key in keys)
        {
            to.Key(key);
        }
    }

    private static ImmutableSortedSet<PublicKey> ReadKeys(ref RecordReader from)
    {
        ImmutableSortedSet<PublicKey>.Builder keys = ImmutableSortedSet.CreateBuilder<PublicKey>();
        for (ulong left = from.Number(); left > 0; left--)
        {
            keys.Add(from.Key());
        }

        return keys.ToImmutable();
    }

    private static UnixSeconds? ReadTime(ref RecordReader from) => from.OptionalNumber() is { } seconds ? new UnixSeconds(seconds) : null;
}
