using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Tests.Contract;

/// <summary>Everything a state holds as text, secrets and snapshots included; numbers and recency, which say nothing to callers, left out. Two states that a caller cannot tell apart have one text.</summary>
internal static class Dump
{
    internal static string Of(StoreState state)
    {
        var text = new StringBuilder();
        foreach (GroupNode node in state.Groups.Ascending())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"group {node.Id.ToHex()} listed {node.IsListed}");
            Append(text, "  ", node.Items);
            foreach (Message message in node.Messages.InDisplayOrder())
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  message {Of(message)}");
            }

            foreach (Snapshot snapshot in node.OldestSnapshots())
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  snapshot '{snapshot.Name}' {snapshot.CreatedAt.Value}");
                Append(text, "    ", snapshot.Items);
            }
        }

        foreach (NostrName name in state.NostrIds.Ascending())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"nostr {name.NostrId.ToHex()} {name.GroupId.ToHex()}");
        }

        foreach (StoredProcessed stored in state.Processed.Ascending())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"processed {Of(stored.Record)}");
        }

        foreach (WelcomeNode node in state.Welcomes.Ascending())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"welcome {Of(node.Welcome)}");
        }

        foreach (StoredProcessedWelcome stored in state.ProcessedWelcomes.Ascending())
        {
            ProcessedWelcome record = stored.Record;
            text.AppendLine(CultureInfo.InvariantCulture, $"processed welcome {record.WrapperEventId.ToHex()} {record.WelcomeEventId?.ToHex()} {record.ProcessedAt.Value} {record.State} {record.FailureReason} of {string.Join(',', stored.Groups.Select(group => group.ToHex()))}");
        }

        Append(text, "", state.Identity);
        text.AppendLine(state.Usage.ToUsage().ToString());
        return text.ToString();
    }

    internal static string Of(Group group) =>
        $"{group.MlsGroupId.ToHex()} {group.NostrGroupId.ToHex()} '{group.Name}' '{group.Description}' {group.ImageHash?.ToHex()} {Of(group.ImageKey)} {Of(group.ImageNonce)} "
        + $"{string.Join(',', group.AdminPubkeys.Select(key => key.ToHex()))} {group.LastMessageId?.ToHex()} {group.LastMessageAt?.Value} {group.LastMessageProcessedAt?.Value} {group.Epoch} {group.State} {group.SelfUpdate.Number} {group.DisappearingMessageSeconds}";

    internal static string Of(Message message) =>
        $"{message.Id.ToHex()} {message.Pubkey.ToHex()} {message.Kind} {message.MlsGroupId.ToHex()} {message.CreatedAt.Value} {message.ProcessedAt.Value} '{message.Content}' {message.Tags.ToJson()} {message.Event.ToJson()} {message.WrapperEventId.ToHex()} {message.Epoch} {message.State}";

    internal static string Of(ProcessedMessage record) =>
        $"{record.WrapperEventId.ToHex()} {record.MessageEventId?.ToHex()} {record.ProcessedAt.Value} {record.Epoch} {record.MlsGroupId?.ToHex()} {record.State} {record.FailureReason}";

    internal static string Of(Welcome welcome) =>
        $"{welcome.Id.ToHex()} {welcome.Event.ToJson()} {welcome.MlsGroupId.ToHex()} {welcome.NostrGroupId.ToHex()} '{welcome.GroupName}' '{welcome.GroupDescription}' {welcome.GroupImageHash?.ToHex()} {Of(welcome.GroupImageKey)} {Of(welcome.GroupImageNonce)} "
        + $"{string.Join(',', welcome.GroupAdminPubkeys.Select(key => key.ToHex()))} {string.Join(',', welcome.GroupRelays)} {welcome.Welcomer.ToHex()} {welcome.MemberCount} {welcome.State} {welcome.WrapperEventId.ToHex()}";

    internal static string Of(SecretBytes? secret) => secret is null ? "-" : Convert.ToHexStringLower(secret.Span);

    private static void Append(StringBuilder text, string indent, OrderedTree<Item, ItemKey, ItemOrder> items)
    {
        // The number in the key of a leaf node, and a proposal's place, are only their order.
        foreach (Item item in items.Ascending().OrderBy(item => item.Key.Family).ThenBy(item => item.Place))
        {
            string content = item.Content switch
            {
                Group group => Of(group),
                ImmutableSortedSet<RelayUrl> relays => string.Join(',', relays),
                SecretBytes secret => Of(secret),
                _ => throw new InvalidOperationException(),
            };
            string key = item.Key.Family == ItemFamily.OwnLeafNode ? "" : $"{item.Key.First} {item.Key.Second} {Convert.ToHexStringLower(item.Key.Bytes)}";
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{item.Key.Family} {key}: {content}");
        }
    }
}
