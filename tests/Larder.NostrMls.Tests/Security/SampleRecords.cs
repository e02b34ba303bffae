using System.Collections.Immutable;
using System.Text;

namespace Larder.NostrMls.Tests.Security;

/// <summary>One of everything public, every id, name, content, key and nonce of which is a canary.</summary>
internal static class SampleRecords
{
    public const string Name = "CANARYname";

    /// <summary>Bytes that no text of the store may show, as they are and in hex and base64.</summary>
    public static readonly byte[] Canary = Encoding.ASCII.GetBytes("CANARY-CANARY-CANARY-CANARY-1234");

    /// <summary>What must not be found in any text; the shortest form of each.</summary>
    public static IReadOnlyList<string> Forbidden { get; } =
    [
        "CANARY",
        Convert.ToHexString(Canary)[..12],
        Convert.ToHexStringLower(Canary)[..12],
        Convert.ToBase64String(Canary)[..8],
        string.Join(", ", Canary[..4]),
        string.Join("-", Canary[..4].Select(octet => octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))),
    ];

    public static MlsGroupId GroupId => new(Canary);

    public static EventId EventId => new(Canary);

    public static PublicKey Key => new(Canary);

    public static SecretBytes Secret => new(Canary);

    public static Tags Tags => new([[Name, Name]]);

    public static UnsignedEvent Event => new() { Id = EventId, PubKey = Key, CreatedAt = new UnixSeconds(1), Kind = 1, Tags = Tags, Content = Name };

    public static Group Group => new()
    {
        MlsGroupId = GroupId,
        NostrGroupId = new NostrGroupId(Canary),
        Name = Name,
        Description = Name,
        ImageHash = new ImageHash(Canary),
        ImageKey = Secret,
        ImageNonce = new SecretBytes(Canary.AsSpan(0, 12)),
        AdminPubkeys = [Key],
        LastMessageId = EventId,
        LastMessageAt = new UnixSeconds(1),
        LastMessageProcessedAt = new UnixSeconds(1),
    };

    public static Message Message => new()
    {
        Id = EventId,
        Pubkey = Key,
        Kind = 1,
        MlsGroupId = GroupId,
        CreatedAt = new UnixSeconds(1),
        ProcessedAt = new UnixSeconds(1),
        Content = Name,
        Tags = Tags,
        Event = Event,
        WrapperEventId = EventId,
    };

    public static Welcome Welcome => new()
    {
        Id = EventId,
        Event = Event,
        MlsGroupId = GroupId,
        NostrGroupId = new NostrGroupId(Canary),
        GroupName = Name,
        GroupDescription = Name,
        GroupImageKey = Secret,
        GroupImageNonce = new SecretBytes(Canary.AsSpan(0, 12)),
        GroupAdminPubkeys = [Key],
        Welcomer = Key,
        WrapperEventId = EventId,
    };

    public static ExporterSecret ExporterSecret => new() { MlsGroupId = GroupId, Epoch = 1, Label = ExporterLabel.GroupEvent, Secret = Secret };

    public static ProcessedMessage ProcessedMessage => new()
    {
        WrapperEventId = EventId,
        MessageEventId = EventId,
        ProcessedAt = new UnixSeconds(1),
        MlsGroupId = GroupId,
        State = ProcessedMessageState.Failed,
        FailureReason = Name,
    };

    public static ProcessedWelcome ProcessedWelcome =>
        new() { WrapperEventId = EventId, WelcomeEventId = EventId, ProcessedAt = new UnixSeconds(1), State = ProcessedWelcomeState.Failed, FailureReason = Name };

    /// <summary>Instances by type.</summary>
    public static IReadOnlyDictionary<Type, object> All()
    {
        var store = new NostrMlsStore();
        store.SaveGroup(Group);
        store.SaveMessage(Message);
        object[] samples =
        [
            GroupId, new NostrGroupId(Canary), EventId, Key, new ImageHash(Canary), new UnixSeconds(1), Secret, Secret.ExportPlaintext(), Tags, Event, Group, Message, Welcome,
            ExporterSecret, ProcessedMessage, ProcessedWelcome, SelfUpdateState.Required, store, store.Options, store.Usage, store.Usage.Groups, store.CaptureAll(),
            new GroupRelay(RelayUrl.Parse("wss://relay.example"), GroupId), RelayUrl.Parse("wss://relay.example"), new QueuedProposal(Canary, Secret),
            new SnapshotInfo(Name, new UnixSeconds(1)), new PageQuery(), new MessageQuery(), new MlsEviction(MlsEvicted.Message, MlsEvictionReason.CacheSize, GroupId, EventId),
            new MlsStoreException(MlsStoreErrorKind.Other, "a text"),
        ];
        return samples.ToImmutableDictionary(sample => sample.GetType());
    }
}
