using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>Messages of groups: what each call means for the state.</summary>
internal static class MessageOperations
{
    internal static void Save(Draft draft, Message message)
    {
        Limits.CheckWhole(message);
        GroupNode before = draft.State.Known(message.MlsGroupId);
        Limits.CheckPayload(message);
        GroupNode node = draft.PutMessage(before, message);
        if (node.Messages.Count > Math.Max(before.Messages.Count, draft.Options.MaxMessagesPerGroup))
        {
            Message oldest = node.Messages.Oldest!;
            node = draft.RemoveMessage(node, oldest);
            draft.Tell(new MlsEviction(MlsEvicted.Message, MlsEvictionReason.MaxMessagesPerGroup, node.Id, oldest.Id));
        }

        draft.Set(node);
    }

    internal static Message? Find(StoreState state, IUses uses, (MlsGroupId Group, EventId Id) call) => Used(state, uses, call.Group)?.Messages.Find(call.Id);

    internal static List<Message> Page(StoreState state, IUses uses, (MlsGroupId Group, MessageQuery Query) call)
    {
        Limits.Check(call.Query);
        return GroupOperations.Used(state, uses, call.Group).Messages.Page(call.Query.Order, call.Query.Offset, call.Query.Limit);
    }

    internal static Message? Last(StoreState state, IUses uses, (MlsGroupId Group, MessageSortOrder Order) call) =>
        GroupOperations.Used(state, uses, call.Group).Messages.Newest(call.Order);

    internal static List<EventId> Invalidate(Draft draft, (MlsGroupId Group, ulong Epoch) call)
    {
        if (Used(draft.State, draft, call.Group) is not { } node)
        {
            return [];
        }

        List<EventId> ids = [];
        foreach (Message message in node.Messages.AscendingById().Where(message => message.Epoch > call.Epoch))
        {
            ids.Add(message.Id);
            node = message.State == MessageState.EpochInvalidated ? node : draft.PutMessage(node, message with { State = MessageState.EpochInvalidated });
        }

        draft.Set(node);
        return ids;
    }

    internal static List<Message> Invalidated(StoreState state, IUses uses, MlsGroupId group) =>
        Used(state, uses, group) is { } node
            ? [.. node.Messages.InDisplayOrder().Where(message => message.State == MessageState.EpochInvalidated)]
            : [];

    internal static ulong? EpochByTagContent(StoreState state, IUses uses, (MlsGroupId Group, string Text) call) =>
        Used(state, uses, call.Group)?.Messages.InDisplayOrder()
            .FirstOrDefault(message => message.Epoch is not null && message.Tags.ToJson().Contains(call.Text, StringComparison.Ordinal))?.Epoch;

    internal static bool Delete(Draft draft, (MlsGroupId Group, EventId Id) call)
    {
        if (Used(draft.State, draft, call.Group) is not { } node || node.Messages.Find(call.Id) is not { } message)
        {
            return false;
        }

        draft.Set(draft.RemoveMessage(node, message));
        return true;
    }

    internal static int DeleteAll(Draft draft, MlsGroupId group)
    {
        if (Used(draft.State, draft, group) is not { } node)
        {
            return 0;
        }

        draft.Set(draft.RemoveMessages(node));
        return node.Messages.Count;
    }

    internal static int DeleteBefore(Draft draft, (MlsGroupId Group, UnixSeconds Before) call)
    {
        if (Used(draft.State, draft, call.Group) is not { } node)
        {
            return 0;
        }

        int deleted = 0;
        foreach (Message message in node.Messages.OldestFirst().TakeWhile(message => message.CreatedAt < call.Before))
        {
            node = draft.RemoveMessage(node, message);
            deleted++;
        }

        draft.Set(node);
        return deleted;
    }

    /// <summary>The group, if it is listed, and then used by being asked for.</summary>
    private static GroupNode? Used(StoreState state, IUses uses, MlsGroupId id)
    {
        GroupNode? node = state.Listed(id);
        if (node is not null)
        {
            uses.Note(node.Recency);
        }

        return node;
    }
}
