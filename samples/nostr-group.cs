#:project ../src/Larder.NostrMls/Larder.NostrMls.csproj

// A messenger for Nostr groups over MLS keeps its records: an invitation arrives and is accepted, messages come in pages, a commit is undone for a better one, messages disappear.
// The MLS engine is played by fixed bytes. Run it with: dotnet run samples/nostr-group.cs; with a directory behind it, the records are kept there.

using System.Security.Cryptography;
using System.Text;
using Larder.NostrMls;

var clock = new Clock(1_790_000_000);
var options = new MlsStoreOptions { TimeProvider = clock, MaxSnapshotsPerGroup = 5 };
using NostrMlsStore store = args.Length == 0 ? new NostrMlsStore(options) : NostrMlsStore.Open(args[0], SHA256.HashData("the user's key"u8), options);
Console.WriteLine($"backend: {store.Backend.ToText()}, persistent: {store.Backend.IsPersistent()}");

PublicKey alice = new(SHA256.HashData("alice"u8));
PublicKey bob = new(SHA256.HashData("bob"u8));
var groupId = new MlsGroupId("the group's id in MLS"u8);
var nostrId = new NostrGroupId(SHA256.HashData("the group's id on relays"u8));

// 1. An invitation arrives: kind 444, inside a gift wrap of kind 1059. Everything about it is saved together or not at all.
UnsignedEvent invitation = Rumor(alice, 444, "a welcome message of MLS", [["relays", "wss://relay.example.com"], ["encoding", "base64"]]);
EventId giftWrap = Outer(1059, 1);
store.RunInTransaction(handle =>
{
    handle.Mls.WriteGroupData(groupId, MlsGroupDataKind.GroupState, "group state of epoch 1"u8);
    handle.SaveGroup(new Group
    {
        MlsGroupId = groupId, NostrGroupId = nostrId, Name = "Chess club", Description = "Mondays", AdminPubkeys = [alice], Epoch = 1, State = GroupState.Pending,
        ImageKey = new SecretBytes(SHA256.HashData("image key"u8)),
    });
    handle.ReplaceRelays(groupId, [RelayUrl.Parse("wss://relay.example.com"), RelayUrl.Parse("wss://RELAY.example.com/")]);
    handle.SaveProcessedWelcome(new ProcessedWelcome { WrapperEventId = giftWrap, WelcomeEventId = invitation.Id, ProcessedAt = Now(), State = ProcessedWelcomeState.Processed });
    handle.SaveWelcome(new Welcome
    {
        Id = invitation.Id!.Value, Event = invitation, MlsGroupId = groupId, NostrGroupId = nostrId, GroupName = "Chess club", GroupAdminPubkeys = [alice],
        GroupRelays = [RelayUrl.Parse("wss://relay.example.com")], Welcomer = alice, MemberCount = 2, WrapperEventId = giftWrap,
    });
});
Welcome pending = store.GetPendingWelcomes()[0];
Console.WriteLine($"invited to '{pending.GroupName}' with {pending.MemberCount} members; relays: {store.GetRelays(groupId).Count}");
Console.WriteLine($"seen before: {store.FindProcessedWelcome(giftWrap) is not null}");

// 2. It is accepted.
store.RunInTransaction(handle =>
{
    handle.SaveGroup(handle.FindGroup(groupId)! with { State = GroupState.Active });
    handle.SaveWelcome(pending with { State = WelcomeState.Accepted });
});
store.SaveExporterSecret(Exporter(1));
Console.WriteLine($"accepted: group {store.FindGroup(nostrId)!.State.ToText()}, pending invitations: {store.GetPendingWelcomes().Count}");

// 3. Messages arrive: kind 9 inside kind 445. The newest is noted in the group.
for (int i = 1; i <= 25; i++)
{
    clock.Pass(10);
    Receive(Rumor(i % 2 == 0 ? alice : bob, 9, $"move {i}", [["h", nostrId.ToHex()]]), Outer(445, i), epoch: 1);
}

for (int page = 0; page < 3; page++)
{
    IReadOnlyList<Message> messages = store.GetMessages(groupId, new MessageQuery { Limit = 10, Offset = 10 * page });
    Console.WriteLine($"page {page + 1}: {messages.Count} messages, '{messages[0].Content}' to '{messages[^1].Content}'");
}

Console.WriteLine($"last message: '{store.GetLastMessage(groupId)!.Content}', noted in the group: {store.FindGroup(groupId)!.LastMessageId == store.GetLastMessage(groupId)!.Id}");
Console.WriteLine(store.GetLastMessage(groupId)!.Event.ToJson()[..80] + "...");

// 4. A commit arrives: a snapshot first, then the next epoch; old secrets go.
EventId commit = Outer(445, 100);
ApplyCommit(commit, epoch: 2, "group state of epoch 2, by the first commit"u8);
clock.Pass(10);
Receive(Rumor(alice, 9, "in the epoch of the first commit", []), Outer(445, 101), epoch: 2);
store.SaveProcessedMessage(new ProcessedMessage { WrapperEventId = Outer(445, 102), ProcessedAt = Now(), MlsGroupId = groupId, State = ProcessedMessageState.Failed, FailureReason = "of another epoch 2" });
Console.WriteLine($"commit applied: epoch {store.FindGroup(groupId)!.Epoch}, snapshots: {store.ListSnapshots(groupId).Count}, messages: {store.GetMessages(groupId).Count}");

// 5. A better commit for the same epoch arrives late: undo, invalidate, retry, apply the better one.
store.RunInTransaction(handle =>
{
    handle.RollbackToSnapshot(groupId, commit.ToHex());
    int messages = handle.InvalidateMessagesAfterEpoch(groupId, 1).Count;
    int records = handle.InvalidateProcessedMessagesAfterEpoch(groupId, 1).Count;
    IReadOnlyList<EventId> failed = handle.FindFailedMessagesForRetry(groupId);
    foreach (EventId id in failed)
    {
        handle.MarkRetryable(id);
    }

    Console.WriteLine($"rolled back to epoch {handle.FindGroup(groupId)!.Epoch}: {messages} message and {records} records invalidated, {failed.Count} to be tried again");
});
ApplyCommit(Outer(445, 103), epoch: 2, "group state of epoch 2, by the better commit"u8);
using (SecretBytes state = store.Mls.ReadGroupData(groupId, MlsGroupDataKind.GroupState)!)
{
    Console.WriteLine($"epoch {store.FindGroup(groupId)!.Epoch}: {Encoding.UTF8.GetString(state.Span)}");
}

// 6. Messages disappear after two minutes.
store.SaveGroup(store.FindGroup(groupId)! with { DisappearingMessageSeconds = 120 });
ulong lifetime = store.FindGroup(groupId)!.DisappearingMessageSeconds!.Value;
int gone = store.DeleteMessagesBefore(groupId, new UnixSeconds(Now().Value - lifetime));
Console.WriteLine($"{gone} messages have disappeared, {store.GetMessages(groupId).Count} are left");

// 7. Nothing shows in texts what is nobody's business, and a deleted group leaves nothing.
Console.WriteLine($"{store.FindGroup(groupId)}, {store.GetLastMessage(groupId)}");
store.DeleteGroup(groupId);
MlsUsage usage = store.Usage;
Console.WriteLine($"deleted: {usage.Groups.Entries + usage.Messages.Entries + usage.ExporterSecrets.Entries + usage.GroupMls.Entries + usage.ProcessedMessages.Entries + usage.Welcomes.Entries + usage.ProcessedWelcomes.Entries} records are left");

UnixSeconds Now() => UnixSeconds.Now(clock);

// The id of an event is the hash of its fields in compact JSON, in this order (NIP-01).
UnsignedEvent Rumor(PublicKey author, ushort kind, string content, string[][] tags)
{
    var rumor = new UnsignedEvent { PubKey = author, CreatedAt = Now(), Kind = kind, Tags = new Tags(tags), Content = content };
    string fields = $"[0,\"{author.ToHex()}\",{rumor.CreatedAt.Value},{kind},{rumor.Tags.ToJson()},\"{content}\"]";
    return UnsignedEvent.Parse((rumor with { Id = new EventId(SHA256.HashData(Encoding.UTF8.GetBytes(fields))) }).ToJson());
}

static EventId Outer(int kind, int number) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"outer event {number} of kind {kind}")));

ExporterSecret Exporter(ulong epoch) => new() { MlsGroupId = groupId, Epoch = epoch, Label = ExporterLabel.GroupEvent, Secret = new SecretBytes(SHA256.HashData(Encoding.UTF8.GetBytes($"exported in {epoch}"))) };

void Receive(UnsignedEvent rumor, EventId outer, ulong epoch) => store.RunInTransaction(handle =>
{
    if (handle.FindProcessedMessage(outer) is not null)
    {
        return;   // a relay sent it twice
    }

    var message = new Message
    {
        Id = rumor.Id!.Value, Pubkey = rumor.PubKey, Kind = rumor.Kind, MlsGroupId = groupId, CreatedAt = rumor.CreatedAt, ProcessedAt = Now(), Content = rumor.Content,
        Tags = rumor.Tags, Event = rumor, WrapperEventId = outer, Epoch = epoch, State = MessageState.Processed,
    };
    handle.SaveMessage(message);
    handle.SaveProcessedMessage(new ProcessedMessage { WrapperEventId = outer, MessageEventId = message.Id, ProcessedAt = Now(), Epoch = epoch, MlsGroupId = groupId, State = ProcessedMessageState.Processed });
    Group group = handle.FindGroup(groupId)!;
    if (group.UpdateLastMessageIfNewer(message))
    {
        handle.SaveGroup(group);
    }
});

void ApplyCommit(EventId id, ulong epoch, ReadOnlySpan<byte> state)
{
    byte[] bytes = state.ToArray();
    store.RunInTransaction(handle =>
    {
        handle.CreateSnapshot(groupId, id.ToHex());
        handle.Mls.WriteGroupData(groupId, MlsGroupDataKind.GroupState, bytes);
        handle.SaveGroup(handle.FindGroup(groupId)! with { Epoch = epoch });
        handle.SaveExporterSecret(Exporter(epoch));
        handle.PruneExporterSecrets(groupId, epoch > 5 ? epoch - 5 : 0);
        handle.SaveProcessedMessage(new ProcessedMessage { WrapperEventId = id, ProcessedAt = Now(), Epoch = epoch, MlsGroupId = groupId, State = ProcessedMessageState.ProcessedCommit });
    });
}

/// <summary>A clock that goes when it is told to, so that the output is the same every time.</summary>
internal sealed class Clock(long seconds) : TimeProvider
{
    private long _now = seconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(_now);

    public void Pass(long seconds) => _now += seconds;
}
