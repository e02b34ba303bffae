using System.Globalization;

namespace Larder.NostrMls.Tests.Model;

/// <summary>Calls on groups, messages and welcomes.</summary>
internal static class RecordSteps
{
    public static Step OnGroups(Dice dice, ModelSettings settings)
    {
        string group = dice.Group();
        switch (dice.Next(22))
        {
            case < 8:
                ModelGroup record = Group(dice, settings, group);
                return Call.Of($"save {record}", store => store.SaveGroup(Translation.Group(record)), model => model.Groups.Save(record));
            case 8:
                return new Call("all groups", store => store.GetAllGroups().Select(Translation.Of), model => model.Groups.All());
            case < 11:
                return new Call($"find group {group}", store => Translation.Of(store.FindGroup(Translation.GroupId(group))), model => model.Groups.Find(group));
            case < 13:
                string nostr = dice.Of(Dice.NostrIds);
                return new Call($"find by nostr id {nostr}", store => Translation.Of(store.FindGroup(Translation.NostrId(nostr))), model => model.Groups.FindByNostrId(nostr));
            case 13:
                return new Call($"admins of {group}", store => string.Join(',', store.GetAdmins(Translation.GroupId(group)).Select(key => key.ToHex())), model => model.Groups.Admins(group));
            case 14:
                return new Call($"relays of {group}", store => store.GetRelays(Translation.GroupId(group)).Select(relay => relay.RelayUrl.Text), model => model.Groups.Relays(group));
            case 15 or 16:
                string urls = dice.Urls(settings);
                return Call.Of(
                    $"replace relays of {group}: {urls}",
                    store => store.ReplaceRelays(Translation.GroupId(group), Translation.Urls(MlsModel.PartsOf(urls))),
                    model => model.Groups.ReplaceRelays(group, MlsModel.PartsOf(urls)));
            case 17 or 18:
                var secret = new ModelSecret(group, dice.Epoch(), dice.Of(Translation.Labels), dice.Value(32));
                return Call.Of($"save {secret}", store => store.SaveExporterSecret(Translation.Secret(secret)), model => model.Groups.SaveSecret(secret));
            case 19:
                (ulong epoch, string label) = (dice.Epoch(), dice.Of(Translation.Labels));
                return new Call(
                    $"secret of {group}, {epoch}, {label}",
                    store => Translation.Of(store.GetExporterSecret(Translation.GroupId(group), epoch, Translation.Label(label))),
                    model => model.Groups.FindSecret(group, epoch, label));
            case 20:
                ulong least = dice.Epoch();
                return new Call($"prune secrets of {group} to {least}", store => store.PruneExporterSecrets(Translation.GroupId(group), least), model => model.Groups.PruneSecrets(group, least));
            default:
                ulong threshold = dice.Of<ulong>([0, 1, 5, 60, ulong.MaxValue]);
                return new Call(
                    $"needing self-update by {threshold}",
                    store => store.GetGroupsNeedingSelfUpdate(threshold).Select(id => id.ToHex()),
                    model => model.Groups.NeedingSelfUpdate(threshold));
        }
    }

    public static Step OnMessages(Dice dice)
    {
        string group = dice.Group();
        (string id, string wrapper, ulong epoch) = (dice.Event(), dice.Wrapper(), dice.Epoch());
        MlsGroupId groupId = Translation.GroupId(group);
        switch (dice.Next(36))
        {
            case < 9 or >= 31:
                ModelMessage message = Message(dice, group);
                return Call.Of($"save {message}", store => store.SaveMessage(Translation.Message(message)), model => model.Messages.Save(message));
            case 9:
                return new Call($"find message {group}/{id}", store => Translation.Of(store.FindMessage(groupId, Translation.EventId(id))), model => model.Messages.Find(group, id));
            case < 13:
                bool byCreation = dice.Once(2);
                int limit = dice.Of<int>([1, 2, 3, 1000, 10_000, 0, 10_001, -1]);
                int offset = limit is > 0 and <= 10_000 ? dice.Of<int>([0, 0, 1, 2, 4, int.MaxValue, -1]) : 0;   // which of two wrongs is told is nobody's promise
                var query = new MessageQuery { Limit = limit, Offset = offset, Order = Order(byCreation) };
                return new Call(
                    string.Create(CultureInfo.InvariantCulture, $"page of {group}: {limit} from {offset} by {query.Order}"),
                    store => store.GetMessages(groupId, query).Select(Translation.Of),
                    model => model.Messages.Page(group, limit, offset, byCreation));
            case 13:
                return new Call($"messages of {group}", store => store.GetMessages(groupId).Select(Translation.Of), model => model.Messages.Page(group, 1000, 0, true));
            case 14:
                bool first = dice.Once(2);
                return new Call($"last of {group}, {first}", store => Translation.Of(store.GetLastMessage(groupId, Order(first))), model => model.Messages.Last(group, first));
            case < 19:
                var processed = new ModelProcessedMessage(
                    wrapper, dice.Once(3) ? null : id, dice.Time(), dice.Maybe(epoch), dice.Once(4) ? null : group, dice.Of(Translation.ProcessedStates), Reason(dice));
                return Call.Of($"save {processed}", store => store.SaveProcessedMessage(Translation.Processed(processed)), model => model.Messages.SaveProcessed(processed));
            case 19:
                return new Call($"find processed {wrapper}", store => Translation.Of(store.FindProcessedMessage(Translation.EventId(wrapper))), model => model.Messages.FindProcessed(wrapper));
            case 20:
                return new Call(
                    $"find processed of {group} by message {id}",
                    store => Translation.Of(store.FindProcessedMessageByMessageId(groupId, Translation.EventId(id))),
                    model => model.Messages.FindProcessedByMessage(group, id));
            case 21:
                return new Call($"invalidate {group} after {epoch}", store => Hex(store.InvalidateMessagesAfterEpoch(groupId, epoch)), model => model.Messages.InvalidateAfter(group, epoch));
            case 22:
                return new Call(
                    $"invalidate processed of {group} after {epoch}",
                    store => Hex(store.InvalidateProcessedMessagesAfterEpoch(groupId, epoch)),
                    model => model.Messages.InvalidateProcessedAfter(group, epoch).ToList());
            case 23:
                return new Call($"invalidated of {group}", store => store.FindInvalidatedMessages(groupId).Select(Translation.Of), model => model.Messages.Invalidated(group));
            case 24:
                return dice.Once(2)
                    ? new Call($"invalidated processed of {group}", store => store.FindInvalidatedProcessedMessages(groupId).Select(Translation.Of), model => model.Messages.InvalidatedProcessed(group))
                    : new Call($"failed of {group}", store => Hex(store.FindFailedMessagesForRetry(groupId)), model => model.Messages.FailedForRetry(group));
            case 25:
                return Call.Of($"mark retryable {wrapper}", store => store.MarkRetryable(Translation.EventId(wrapper)), model => model.Messages.MarkRetryable(wrapper));
            case 26:
                string needle = dice.Needle();
                return new Call($"epoch of {group} by '{needle}'", store => store.FindMessageEpochByTagContent(groupId, needle), model => model.Messages.EpochByTag(group, needle));
            case 27:
                return new Call($"delete message {group}/{id}", store => store.DeleteMessage(groupId, Translation.EventId(id)), model => model.Messages.Delete(group, id));
            case 28:
                return dice.Once(3)
                    ? new Call($"delete messages of {group}", store => store.DeleteMessages(groupId), model => model.Messages.DeleteAll(group))
                    : new Call($"find message {group}/{id}", store => Translation.Of(store.FindMessage(groupId, Translation.EventId(id))), model => model.Messages.Find(group, id));
            case 29:
                ulong before = dice.Time();
                return new Call($"delete messages of {group} before {before}", store => store.DeleteMessagesBefore(groupId, new UnixSeconds(before)), model => model.Messages.DeleteBefore(group, before));
            default:
                return new Call($"delete processed of {group}", store => store.DeleteProcessedMessages(groupId), model => model.Messages.DeleteProcessed(group));
        }
    }

    /// <summary>A welcome has one group and one outer event for ever, as its id is computed from them.</summary>
    public static Step OnWelcomes(Dice dice, ModelSettings settings)
    {
        int which = dice.Next(Dice.Events.Count);
        (string id, string wrapper) = (Dice.Events[which], Dice.Wrappers[which % Dice.Wrappers.Count]);
        switch (dice.Next(12))
        {
            case < 5:
                bool hasImage = dice.Once(2);
                var welcome = new ModelWelcome(
                    id,
                    dice.Once(150) ? dice.AtLimit(dice.Inner()) : dice.Inner(),
                    Dice.Groups[which % Dice.Groups.Count],
                    dice.Of(Dice.NostrIds),
                    dice.Text(settings.MaxName),
                    "",
                    hasImage ? dice.Event() : null,
                    hasImage ? dice.Value(32) : null,
                    hasImage ? dice.Value(12) : null,
                    dice.Set(Dice.Keys, settings.MaxAdmins),
                    dice.Urls(settings),
                    dice.Of(Dice.Keys),
                    dice.Of<uint>([0, 2, uint.MaxValue]),
                    dice.Once(2) ? "pending" : dice.Of(Translation.WelcomeStates),
                    wrapper);
                return Call.Of($"save {welcome}", store => store.SaveWelcome(Translation.Welcome(welcome)), model => model.Welcomes.Save(welcome));
            case < 7:
                return new Call($"find welcome {id}", store => Translation.Of(store.FindWelcome(Translation.EventId(id))), model => model.Welcomes.Find(id));
            case 7:
                int limit = dice.Of<int>([1, 2, 1000, 0]);
                int offset = limit > 0 ? dice.Of<int>([0, 1, -1]) : 0;
                return new Call(
                    string.Create(CultureInfo.InvariantCulture, $"pending welcomes: {limit} from {offset}"),
                    store => store.GetPendingWelcomes(new PageQuery { Limit = limit, Offset = offset }).Select(Translation.Of),
                    model => model.Welcomes.Pending(limit, offset));
            case < 11:
                bool byId = dice.Once(2);
                var processed = new ModelProcessedWelcome(wrapper, byId ? id : null, dice.Time(), dice.Of(Translation.ProcessedWelcomeStates), Reason(dice));
                return Call.Of($"save {processed}", store => store.SaveProcessedWelcome(Translation.Processed(processed)), model => model.Welcomes.SaveProcessed(processed));
            default:
                return new Call($"find processed welcome {wrapper}", store => Translation.Of(store.FindProcessedWelcome(Translation.EventId(wrapper))), model => model.Welcomes.FindProcessed(wrapper));
        }
    }

    public static MessageSortOrder Order(bool byCreation) => byCreation ? MessageSortOrder.CreatedAtFirst : MessageSortOrder.ProcessedAtFirst;

    private static ModelGroup Group(Dice dice, ModelSettings settings, string id)
    {
        bool hasImage = dice.Once(3);
        return new ModelGroup(
            id,
            dice.Of(Dice.NostrIds),
            dice.Text(settings.MaxName),
            dice.Text(settings.MaxDescription),
            hasImage ? dice.Event() : null,
            hasImage ? dice.Value(32) : null,
            hasImage ? dice.Value(12) : null,
            dice.Once(2) ? "" : dice.Set(Dice.Keys, settings.MaxAdmins),
            dice.Once(3) ? null : dice.Event(),
            dice.Maybe(dice.Time()),
            dice.Maybe(dice.Time()),
            dice.Epoch(),
            dice.Of(Translation.GroupStates),
            dice.Of<ulong>([0, 5, Dice.Start - 60, Dice.Start - 5, Dice.Start + 50, ulong.MaxValue]),
            dice.Maybe(dice.Time()));
    }

    private static ModelMessage Message(Dice dice, string group)
    {
        ModelEvent inner = dice.Inner();
        ModelTags tags = dice.Once(400) ? new ModelTags(["t", new string('t', ModelMessages.MaxTags - 10 + dice.Next(2))]) : dice.Tags();
        return new ModelMessage(
            group,
            dice.Event(),
            dice.Of(Dice.Keys),
            dice.Of<ushort>([0, 9, ushort.MaxValue]),
            dice.Time(),
            dice.Time(),
            dice.Once(500) ? new string('c', ModelMessages.MaxContent + dice.Next(2)) : dice.Of<string>(["", "hello", "\0\"", "😀"]),
            tags,
            tags.Lists.Length == 1 && dice.Once(150) ? dice.AtLimit(inner) : inner,
            dice.Wrapper(),
            dice.Maybe(dice.Epoch()),
            dice.Of(Translation.MessageStates));
    }

    private static string? Reason(Dice dice) =>
        dice.Of<string?>([null, "", "why", new string('r', 256), new string('r', 257), new string('r', 255) + "é", new string('r', 254) + "é", new string('r', 253) + "😀", string.Concat(Enumerable.Repeat("😀", 70))]);

    private static IEnumerable<string> Hex(IReadOnlyList<EventId> ids) => ids.Select(id => id.ToHex());
}
