using System.Buffers.Binary;
using System.Globalization;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Concurrency;

/// <summary>Records every member of which follows from one version, so that whoever reads one can tell whether it is whole.</summary>
internal static class Versioned
{
    /// <summary>A group changes the id by which relays know it among so many.</summary>
    public const int NostrIds = 3;

    private static readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch;

    public static MlsGroupId GroupId(int group) => new(Bytes(group, 8));

    public static NostrGroupId NostrId(int group, ulong version) => new(Bytes((group * NostrIds) + (long)(version % NostrIds), 32));

    public static EventId EventId(long number) => new(Bytes(number, 32));

    public static PublicKey Key(long number) => new(Bytes(number, 32));

    public static SecretBytes Secret(ulong version, int length = 32) => new(Bytes((long)version, length));

    public static Group Group(int group, ulong version, GroupState state = GroupState.Active) => new()
    {
        MlsGroupId = GroupId(group),
        NostrGroupId = NostrId(group, version),
        Name = Text(version),
        Description = Text(version),
        ImageHash = new ImageHash(Bytes((long)version, 32)),
        ImageKey = Secret(version),
        ImageNonce = Secret(version, 12),
        AdminPubkeys = [Key((long)version)],
        LastMessageId = EventId((long)version),
        Epoch = version,
        State = state,
        SelfUpdate = SelfUpdateState.FromNumber(version),
        DisappearingMessageSeconds = version,
    };

    /// <summary>Checks that all members are of one version. Returns that.</summary>
    public static ulong Check(Group? found, int group)
    {
        Assert.NotNull(found);
        using (found)
        using (Group expected = Group(group, found.Epoch, found.State))
        {
            Assert.True(expected.Equals(found), "a group of two versions");
            return found.Epoch;
        }
    }

    /// <summary>One of the messages of a round; senders' clocks make an order that is not that of their numbers.</summary>
    public static Message Message(int group, int number, ulong round) => new()
    {
        MlsGroupId = GroupId(group),
        Id = EventId(number),
        Pubkey = Key(number),
        Kind = 9,
        CreatedAt = new UnixSeconds((ulong)(number * 7 % 5) + (round % 3)),
        ProcessedAt = new UnixSeconds(round),
        Content = Text(round),
        Tags = new Tags([["round", Text(round)]]),
        Event = new UnsignedEvent { PubKey = Key(number), CreatedAt = new UnixSeconds(round), Kind = 9, Tags = Tags.Empty, Content = Text(round) },
        WrapperEventId = EventId(number + 1_000_000),
        Epoch = round,
        State = MessageState.Processed,
    };

    public static Welcome Welcome(int number, int group, WelcomeState state = WelcomeState.Pending) => new()
    {
        Id = EventId(number),
        Event = new UnsignedEvent { PubKey = Key(number), CreatedAt = new UnixSeconds(1), Kind = 444, Tags = Tags.Empty, Content = "welcome" },
        MlsGroupId = GroupId(group),
        NostrGroupId = NostrId(group, 0),
        GroupName = "strangers",
        GroupImageKey = Secret((ulong)number),
        Welcomer = Key(number),
        MemberCount = 2,
        State = state,
        WrapperEventId = EventId(-number - 1),
    };

    public static ProcessedWelcome ProcessedWelcome(int number) => new()
    {
        WrapperEventId = EventId(-number - 1),
        WelcomeEventId = EventId(number),
        ProcessedAt = UnixSeconds.Now(new ManualTimeProvider(_start)),
        State = ProcessedWelcomeState.Processed,
    };

    public static string Text(ulong version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Bytes that differ from number to number and from place to place.</summary>
    public static byte[] Bytes(long number, int length)
    {
        var bytes = new byte[length];
        Span<byte> word = stackalloc byte[sizeof(long)];
        for (int at = 0; at < length; at += sizeof(long))
        {
            BinaryPrimitives.WriteInt64BigEndian(word, number ^ ((long)at << 48));
            word[..Math.Min(sizeof(long), length - at)].CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}
