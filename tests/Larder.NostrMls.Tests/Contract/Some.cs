using System.Collections.Immutable;
using System.Text;

namespace Larder.NostrMls.Tests.Contract;

/// <summary>Records to test with. A number stands for each identity.</summary>
internal static class Some
{
    internal static MlsGroupId GroupId(int number) => new(Encoding.ASCII.GetBytes($"mls group {number}"));

    internal static NostrGroupId NostrId(int number) => new(Bytes(1, number));

    internal static EventId Event(int number) => new(Bytes(2, number));

    internal static EventId Wrapper(int number) => new(Bytes(3, number));

    internal static PublicKey Key(int number) => new(Bytes(4, number));

    internal static UnixSeconds At(ulong seconds) => new(seconds);

    internal static byte[] Value(int number, int length = 24) => [.. Enumerable.Range(0, length).Select(i => (byte)((number * 31) + i + 1))];

    internal static SecretBytes Secret(int number, int length = 32) => new(Value(number, length));

    internal static Group Group(int number, GroupState state = GroupState.Active, ulong epoch = 1) => new()
    {
        MlsGroupId = GroupId(number),
        NostrGroupId = NostrId(number),
        Name = $"group {number}",
        Description = "a description",
        AdminPubkeys = [Key(number), Key(number + 1)],
        Epoch = epoch,
        State = state,
    };

    internal static Message Message(int group, int number, ulong createdAt = 100, ulong? processedAt = null, ulong? epoch = 1, string content = "hello", Tags? tags = null) => new()
    {
        Id = Event(number),
        Pubkey = Key(1),
        Kind = 445,
        MlsGroupId = GroupId(group),
        CreatedAt = At(createdAt),
        ProcessedAt = At(processedAt ?? createdAt),
        Content = content,
        Tags = tags ?? Tags.Empty,
        Event = Unsigned(number, content),
        WrapperEventId = Wrapper(number),
        Epoch = epoch,
        State = MessageState.Processed,
    };

    internal static UnsignedEvent Unsigned(int number, string content = "hello", Tags? tags = null) => new()
    {
        Id = Event(number),
        PubKey = Key(1),
        CreatedAt = At(100),
        Kind = 9,
        Tags = tags ?? Tags.Empty,
        Content = content,
    };

    internal static ProcessedMessage Processed(int number, int? group = 1, ulong? epoch = null, ProcessedMessageState state = ProcessedMessageState.Processed, int? message = null) => new()
    {
        WrapperEventId = Wrapper(number),
        MessageEventId = message is { } id ? Event(id) : null,
        ProcessedAt = At(1000 + (ulong)number),
        Epoch = epoch,
        MlsGroupId = group is { } of ? GroupId(of) : null,
        State = state,
    };

    internal static Welcome Welcome(int number, int? group = null, WelcomeState state = WelcomeState.Pending) => new()
    {
        Id = Event(number),
        Event = Unsigned(number, "welcome"),
        MlsGroupId = GroupId(group ?? number),
        NostrGroupId = NostrId(group ?? number),
        GroupName = $"group {group ?? number}",
        GroupAdminPubkeys = [Key(number)],
        GroupRelays = [Relay(1), Relay(2)],
        Welcomer = Key(9),
        MemberCount = 3,
        State = state,
        WrapperEventId = Wrapper(number),
    };

    internal static ProcessedWelcome ProcessedWelcome(int number, int? welcome = null) => new()
    {
        WrapperEventId = Wrapper(number),
        WelcomeEventId = welcome is { } id ? Event(id) : null,
        ProcessedAt = At(2000 + (ulong)number),
        State = ProcessedWelcomeState.Processed,
    };

    internal static RelayUrl Relay(int number) => RelayUrl.Parse($"wss://relay{number}.example.com");

    internal static ImmutableSortedSet<RelayUrl> Relays(int count) => [.. Enumerable.Range(0, count).Select(Relay)];

    internal static ImmutableSortedSet<PublicKey> Keys(int count) => [.. Enumerable.Range(0, count).Select(Key)];

    internal static ExporterSecret Exporter(int group, ulong epoch, ExporterLabel label = ExporterLabel.GroupEvent, int secret = 7) =>
        new() { MlsGroupId = GroupId(group), Epoch = epoch, Label = label, Secret = Secret(secret) };

    private static byte[] Bytes(byte family, int number)
    {
        var bytes = new byte[32];
        bytes[0] = family;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), number);
        bytes[31] = (byte)number;
        return bytes;
    }
}
