using System.Buffers.Binary;
using Larder.NostrMls;

namespace Larder.Comparisons.Cases.NostrMls;

/// <summary>Groups, messages and MLS values to measure with; the same for both sides, made once.</summary>
internal static class MlsInputs
{
    public const int MlsValues = 1_000;

    private const int Author = -1;

    private static readonly Tags _tags = new([["e", "5c83da77af1dec6d7289834998ad7aafbd9e2191396d75ec3cc27f5a77226f36"]]);

    public static MlsGroupId GroupId(int number) => new(Bytes(number, 16));

    public static EventId EventId(int number) => new(Bytes(number, 32));

    public static Group Group(int number) => new()
    {
        MlsGroupId = GroupId(number),
        NostrGroupId = new NostrGroupId(Bytes(number, 32)),
        Name = "a group",
        Description = "of some people",
        AdminPubkeys = [new PublicKey(Bytes(Author, 32))],
        State = GroupState.Active,
    };

    /// <summary>A chat message. Senders' clocks are a little off, so that the order of arrival is not quite the display order.</summary>
    public static Message Message(int group, int number)
    {
        var author = new PublicKey(Bytes(Author, 32));
        var created = new UnixSeconds(1_767_225_600UL + (ulong)number + (ulong)(Mix(number) % 16));
        const string content = "Is anybody here who has seen the key of the shed? It hung beside the door yesterday, and now it does not.";
        return new Message
        {
            Id = EventId(number),
            Pubkey = author,
            Kind = 9,
            MlsGroupId = GroupId(group),
            CreatedAt = created,
            ProcessedAt = new UnixSeconds(1_767_225_620UL + (ulong)number),
            Content = content,
            Tags = _tags,
            Event = new UnsignedEvent { Id = EventId(number), PubKey = author, CreatedAt = created, Kind = 9, Tags = _tags, Content = content },
            WrapperEventId = EventId(~number),
            Epoch = 3,
            State = MessageState.Processed,
        };
    }

    /// <summary>A message of the same group that is new; cheap, because it is made while the clock runs.</summary>
    public static Message Later(Message template, int number) => template with
    {
        Id = EventId(number),
        CreatedAt = new UnixSeconds(1_767_225_600UL + (ulong)number),
        ProcessedAt = new UnixSeconds(1_767_225_620UL + (ulong)number),
    };

    public static byte[] MlsValue(int number) => Bytes(number, 64);

    /// <summary>Bytes that look random and are the same in every run.</summary>
    public static byte[] Bytes(int number, int length)
    {
        var bytes = new byte[length];
        for (int at = 0; at < length; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Mix(number + ((long)at << 32)));
        }

        return bytes;
    }

    private static ulong Mix(long number)
    {
        ulong mixed = (ulong)number * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
