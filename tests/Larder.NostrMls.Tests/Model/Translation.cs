namespace Larder.NostrMls.Tests.Model;

/// <summary>Between the words of the model and the types of the store, both ways.</summary>
internal static class Translation
{
    private static readonly Dictionary<string, GroupState> _groupStates = new() { ["active"] = GroupState.Active, ["inactive"] = GroupState.Inactive, ["pending"] = GroupState.Pending };

    private static readonly Dictionary<string, MessageState> _messageStates = new()
    {
        ["created"] = MessageState.Created,
        ["processed"] = MessageState.Processed,
        ["deleted"] = MessageState.Deleted,
        ["epoch_invalidated"] = MessageState.EpochInvalidated,
    };

    private static readonly Dictionary<string, ProcessedMessageState> _processedStates = new()
    {
        ["created"] = ProcessedMessageState.Created,
        ["processed"] = ProcessedMessageState.Processed,
        ["processed_commit"] = ProcessedMessageState.ProcessedCommit,
        ["failed"] = ProcessedMessageState.Failed,
        ["epoch_invalidated"] = ProcessedMessageState.EpochInvalidated,
        ["retryable"] = ProcessedMessageState.Retryable,
    };

    private static readonly Dictionary<string, WelcomeState> _welcomeStates = new()
    {
        ["pending"] = WelcomeState.Pending,
        ["accepted"] = WelcomeState.Accepted,
        ["declined"] = WelcomeState.Declined,
        ["ignored"] = WelcomeState.Ignored,
    };

    private static readonly Dictionary<string, ProcessedWelcomeState> _processedWelcomeStates = new()
    {
        ["processed"] = ProcessedWelcomeState.Processed,
        ["failed"] = ProcessedWelcomeState.Failed,
    };

    private static readonly Dictionary<string, ExporterLabel> _labels = new()
    {
        ["group-event"] = ExporterLabel.GroupEvent,
        ["legacy-group-event"] = ExporterLabel.LegacyGroupEvent,
        ["encrypted-media"] = ExporterLabel.EncryptedMedia,
    };

    public static IReadOnlyCollection<string> GroupStates => _groupStates.Keys;

    public static IReadOnlyCollection<string> MessageStates => _messageStates.Keys;

    public static IReadOnlyCollection<string> ProcessedStates => _processedStates.Keys;

    public static IReadOnlyCollection<string> WelcomeStates => _welcomeStates.Keys;

    public static IReadOnlyCollection<string> ProcessedWelcomeStates => _processedWelcomeStates.Keys;

    public static IReadOnlyCollection<string> Labels => _labels.Keys;

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    public static MlsGroupId GroupId(string hex) => new(Bytes(hex));

    public static NostrGroupId NostrId(string hex) => new(Bytes(hex));

    public static EventId EventId(string hex) => new(Bytes(hex));

    public static EventId? MaybeEventId(string? hex) => hex is null ? null : EventId(hex);

    public static PublicKey Key(string hex) => new(Bytes(hex));

    public static ExporterLabel Label(string label) => _labels[label];

    public static IEnumerable<RelayUrl> Urls(IEnumerable<string> urls) => urls.Select(RelayUrl.Parse);

    public static Group Group(ModelGroup group) => new()
    {
        MlsGroupId = GroupId(group.Id),
        NostrGroupId = NostrId(group.NostrId),
        Name = group.Name,
        Description = group.Description,
        ImageHash = group.ImageHash is null ? null : new ImageHash(Bytes(group.ImageHash)),
        ImageKey = Secret(group.ImageKey),
        ImageNonce = Secret(group.ImageNonce),
        AdminPubkeys = [.. MlsModel.PartsOf(group.Admins).Select(Key)],
        LastMessageId = MaybeEventId(group.LastId),
        LastMessageAt = Seconds(group.LastAt),
        LastMessageProcessedAt = Seconds(group.LastProcessedAt),
        Epoch = group.Epoch,
        State = _groupStates[group.State],
        SelfUpdate = SelfUpdateState.FromNumber(group.SelfUpdate),
        DisappearingMessageSeconds = group.Disappearing,
    };

    public static ModelGroup? Of(Group? group)
    {
        using (group)
        {
            return group is null ? null : new ModelGroup(
                group.MlsGroupId.ToHex(),
                group.NostrGroupId.ToHex(),
                group.Name,
                group.Description,
                group.ImageHash?.ToHex(),
                Hex(group.ImageKey),
                Hex(group.ImageNonce),
                string.Join(',', group.AdminPubkeys.Select(key => key.ToHex())),
                group.LastMessageId?.ToHex(),
                group.LastMessageAt?.Value,
                group.LastMessageProcessedAt?.Value,
                group.Epoch,
                Word(_groupStates, group.State),
                group.SelfUpdate.Number,
                group.DisappearingMessageSeconds);
        }
    }

    public static ExporterSecret Secret(ModelSecret secret) =>
        new() { MlsGroupId = GroupId(secret.Group), Epoch = secret.Epoch, Label = Label(secret.Label), Secret = new SecretBytes(Bytes(secret.Secret)) };

    public static ModelSecret? Of(ExporterSecret? secret)
    {
        using (secret)
        {
            return secret is null ? null : new ModelSecret(secret.MlsGroupId.ToHex(), secret.Epoch, Word(_labels, secret.Label), Hex(secret.Secret)!);
        }
    }

    public static UnsignedEvent Event(ModelEvent plain) => new()
    {
        Id = MaybeEventId(plain.Id),
        PubKey = Key(plain.Author),
        CreatedAt = new UnixSeconds(plain.CreatedAt),
        Kind = plain.Kind,
        Tags = new Tags(plain.Tags.Lists),
        Content = plain.Content,
    };

    public static Message Message(ModelMessage message) => new()
    {
        MlsGroupId = GroupId(message.Group),
        Id = EventId(message.Id),
        Pubkey = Key(message.Author),
        Kind = message.Kind,
        CreatedAt = new UnixSeconds(message.CreatedAt),
        ProcessedAt = new UnixSeconds(message.ProcessedAt),
        Content = message.Content,
        Tags = new Tags(message.Tags.Lists),
        Event = Event(message.Event),
        WrapperEventId = EventId(message.Wrapper),
        Epoch = message.Epoch,
        State = _messageStates[message.State],
    };

    public static ModelMessage? Of(Message? message) => message is null ? null : new ModelMessage(
        message.MlsGroupId.ToHex(),
        message.Id.ToHex(),
        message.Pubkey.ToHex(),
        message.Kind,
        message.CreatedAt.Value,
        message.ProcessedAt.Value,
        message.Content,
        Of(message.Tags),
        Of(message.Event),
        message.WrapperEventId.ToHex(),
        message.Epoch,
        Word(_messageStates, message.State));

    public static ProcessedMessage Processed(ModelProcessedMessage processed) => new()
    {
        WrapperEventId = EventId(processed.Wrapper),
        MessageEventId = MaybeEventId(processed.Message),
        ProcessedAt = new UnixSeconds(processed.ProcessedAt),
        Epoch = processed.Epoch,
        MlsGroupId = processed.Group is null ? null : GroupId(processed.Group),
        State = _processedStates[processed.State],
        FailureReason = processed.Reason,
    };

    public static ModelProcessedMessage? Of(ProcessedMessage? processed) => processed is null ? null : new ModelProcessedMessage(
        processed.WrapperEventId.ToHex(),
        processed.MessageEventId?.ToHex(),
        processed.ProcessedAt.Value,
        processed.Epoch,
        processed.MlsGroupId?.ToHex(),
        Word(_processedStates, processed.State),
        processed.FailureReason);

    public static Welcome Welcome(ModelWelcome welcome) => new()
    {
        Id = EventId(welcome.Id),
        Event = Event(welcome.Event),
        MlsGroupId = GroupId(welcome.Group),
        NostrGroupId = NostrId(welcome.NostrId),
        GroupName = welcome.Name,
        GroupDescription = welcome.Description,
        GroupImageHash = welcome.ImageHash is null ? null : new ImageHash(Bytes(welcome.ImageHash)),
        GroupImageKey = Secret(welcome.ImageKey),
        GroupImageNonce = Secret(welcome.ImageNonce),
        GroupAdminPubkeys = [.. MlsModel.PartsOf(welcome.Admins).Select(Key)],
        GroupRelays = [.. Urls(MlsModel.PartsOf(welcome.Relays))],
        Welcomer = Key(welcome.Welcomer),
        MemberCount = welcome.Members,
        State = _welcomeStates[welcome.State],
        WrapperEventId = EventId(welcome.Wrapper),
    };

    public static ModelWelcome? Of(Welcome? welcome)
    {
        using (welcome)
        {
            return welcome is null ? null : new ModelWelcome(
                welcome.Id.ToHex(),
                Of(welcome.Event),
                welcome.MlsGroupId.ToHex(),
                welcome.NostrGroupId.ToHex(),
                welcome.GroupName,
                welcome.GroupDescription,
                welcome.GroupImageHash?.ToHex(),
                Hex(welcome.GroupImageKey),
                Hex(welcome.GroupImageNonce),
                string.Join(',', welcome.GroupAdminPubkeys.Select(key => key.ToHex())),
                string.Join(',', welcome.GroupRelays.Select(url => url.Text)),
                welcome.Welcomer.ToHex(),
                welcome.MemberCount,
                Word(_welcomeStates, welcome.State),
                welcome.WrapperEventId.ToHex());
        }
    }

    public static ProcessedWelcome Processed(ModelProcessedWelcome processed) => new()
    {
        WrapperEventId = EventId(processed.Wrapper),
        WelcomeEventId = MaybeEventId(processed.Welcome),
        ProcessedAt = new UnixSeconds(processed.ProcessedAt),
        State = _processedWelcomeStates[processed.State],
        FailureReason = processed.Reason,
    };

    public static ModelProcessedWelcome? Of(ProcessedWelcome? processed) => processed is null ? null : new ModelProcessedWelcome(
        processed.WrapperEventId.ToHex(),
        processed.WelcomeEventId?.ToHex(),
        processed.ProcessedAt.Value,
        Word(_processedWelcomeStates, processed.State),
        processed.FailureReason);

    public static string Of(QueuedProposal proposal)
    {
        using (proposal)
        {
            return $"{Convert.ToHexStringLower(proposal.Reference)}={Hex(proposal.Body)}";
        }
    }

    /// <summary>The bytes of a secret that was handed out, which is disposed of.</summary>
    public static string? Hex(SecretBytes? secret)
    {
        using (secret)
        {
            return secret is null ? null : Convert.ToHexStringLower(secret.Span);
        }
    }

    private static SecretBytes? Secret(string? hex) => hex is null ? null : new SecretBytes(Bytes(hex));

    private static UnixSeconds? Seconds(ulong? seconds) => seconds is { } known ? new UnixSeconds(known) : null;

    private static ModelTags Of(Tags tags) => new([.. tags.Select(tag => tag.ToArray())]);

    private static ModelEvent Of(UnsignedEvent unsigned) =>
        new(unsigned.Id?.ToHex(), unsigned.PubKey.ToHex(), unsigned.CreatedAt.Value, unsigned.Kind, Of(unsigned.Tags), unsigned.Content);

    private static string Word<T>(Dictionary<string, T> words, T value)
        where T : struct, Enum => words.First(pair => pair.Value.Equals(value)).Key;
}
