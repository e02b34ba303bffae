using Larder.NostrMls.State;
using Larder.NostrMls.Values;

namespace Larder.NostrMls.Operations;

/// <summary>Records of processed events: what each call means for the state. They belong to a group by its id, listed or not.</summary>
internal static class ProcessedOperations
{
    internal static void Save(Draft draft, ProcessedMessage record)
    {
        Texts.ProcessedMessageState.Check(record.State);
        draft.PutProcessed(record with { FailureReason = Limits.Cut(record.FailureReason) });
    }

    internal static ProcessedMessage? FindByMessage(StoreState state, IUses uses, (MlsGroupId Group, EventId Message) call)
    {
        Use(state, uses, call.Group);
        return state.ProcessedByMessage.From((call.Group, call.Message, default)).FirstOrDefault()?.Record is { } record
            && record.MlsGroupId == call.Group && record.MessageEventId == call.Message
            ? record
            : null;
    }

    internal static List<EventId> Invalidate(Draft draft, (MlsGroupId Group, ulong Epoch) call)
    {
        Use(draft.State, draft, call.Group);
        List<EventId> ids = [];
        foreach (ProcessedMessage record in draft.State.ProcessedOf(call.Group).Select(stored => stored.Record).Where(record => record.Epoch > call.Epoch))
        {
            ids.Add(record.WrapperEventId);
            if (record.State != ProcessedMessageState.EpochInvalidated)
            {
                draft.PutProcessed(record with { State = ProcessedMessageState.EpochInvalidated });
            }
        }

        return ids;
    }

    internal static List<ProcessedMessage> Invalidated(StoreState state, IUses uses, MlsGroupId group)
    {
        Use(state, uses, group);
        return [.. state.ProcessedOf(group).Select(stored => stored.Record).Where(record => record.State == ProcessedMessageState.EpochInvalidated)];
    }

    internal static List<EventId> FailedForRetry(StoreState state, IUses uses, MlsGroupId group)
    {
        Use(state, uses, group);
        return
        [
            .. state.ProcessedOf(group).Select(stored => stored.Record)
                .Where(record => record is { State: ProcessedMessageState.Failed, Epoch: null })
                .Select(record => record.WrapperEventId),
        ];
    }

    internal static void MarkRetryable(Draft draft, EventId wrapperId)
    {
        if (draft.State.Processed.Find(wrapperId)?.Record is not { State: ProcessedMessageState.Failed } record)
        {
            throw new MlsStoreException(MlsStoreErrorKind.NotFound, "there is no failed record of that event");
        }

        draft.PutProcessed(record with { State = ProcessedMessageState.Retryable });
    }

    internal static int DeleteOf(Draft draft, MlsGroupId group)
    {
        Use(draft.State, draft, group);
        return RemoveAll(draft, group);
    }

    internal static int RemoveAll(Draft draft, MlsGroupId group)
    {
        int removed = 0;
        foreach (StoredProcessed stored in draft.State.ProcessedOf(group))
        {
            draft.RemoveProcessed(stored.Record.WrapperEventId);
            removed++;
        }

        return removed;
    }

    /// <summary>Of messages and of invitations.</summary>
    internal static int PruneBefore(Draft draft, UnixSeconds before)
    {
        int removed = 0;
        foreach (StoredProcessed stored in draft.State.Processed.Ascending().Where(stored => stored.Record.ProcessedAt < before))
        {
            draft.RemoveProcessed(stored.Record.WrapperEventId);
            removed++;
        }

        foreach (StoredProcessedWelcome stored in draft.State.ProcessedWelcomes.Ascending().Where(stored => stored.Record.ProcessedAt < before))
        {
            draft.RemoveProcessedWelcome(stored.Record.WrapperEventId);
            removed++;
        }

        return removed;
    }

    private static void Use(StoreState state, IUses uses, MlsGroupId group)
    {
        if (state.Listed(group) is { } node)
        {
            uses.Note(node.Recency);
        }
    }
}
