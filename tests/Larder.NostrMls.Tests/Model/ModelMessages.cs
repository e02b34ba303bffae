using System.Text;

namespace Larder.NostrMls.Tests.Model;

/// <summary>Messages and what was processed: section 6. Every list is sorted anew.</summary>
internal sealed class ModelMessages(MlsModel model)
{
    public const int MaxContent = 1_048_576;
    public const int MaxTags = 102_400;
    public const int MaxEvent = 102_400;
    private const int MaxReason = 256;

    private ModelState State => model.State;

    /// <summary>No use of the group: its id is inside the record.</summary>
    public void Save(ModelMessage message)
    {
        MlsModel.Check(State.Has(message.Group), "Group not found");
        MlsModel.Limits(
            new ModelLimit(ModelText.Bytes(message.Content), MaxContent, "Message content exceeds maximum length"),
            new ModelLimit(ModelText.Bytes(message.Tags.ToString()), MaxTags, "Tags JSON exceeds maximum length"),
            new ModelLimit(ModelText.Bytes(message.Event.Json()), MaxEvent, "Event JSON exceeds maximum length"));
        bool isNew = State.Messages.RemoveAll(row => row.Group == message.Group && row.Id == message.Id) == 0;
        State.Messages.Add(message);
        if (isNew)
        {
            foreach (ModelMessage old in Sorted(message.Group, byCreation: true).Skip(model.Settings.MaxMessages).ToList())
            {
                model.Evictions.Add($"Message MaxMessagesPerGroup {old.Group}/{old.Id}");
                State.Messages.Remove(old);
            }
        }
    }

    public ModelMessage? Find(string group, string id)
    {
        State.Use(group);
        return State.Messages.Find(row => row.Group == group && row.Id == id);
    }

    public IEnumerable<ModelMessage> Page(string group, int limit, int offset, bool byCreation)
    {
        MlsModel.CheckPage(limit, offset);
        model.Groups.Known(group);
        return Sorted(group, byCreation).Skip(offset).Take(limit);
    }

    public ModelMessage? Last(string group, bool byCreation)
    {
        model.Groups.Known(group);
        return Sorted(group, byCreation).FirstOrDefault();
    }

    public void SaveProcessed(ModelProcessedMessage processed)
    {
        State.ProcessedMessages.RemoveAll(row => row.Wrapper == processed.Wrapper);
        State.ProcessedMessages.Add(processed with { Reason = Cut(processed.Reason) });
    }

    public ModelProcessedMessage? FindProcessed(string wrapper) => State.ProcessedMessages.Find(row => row.Wrapper == wrapper);

    public ModelProcessedMessage? FindProcessedByMessage(string group, string id) => Processed(group).FirstOrDefault(row => row.Message == id);

    public IEnumerable<string> InvalidateAfter(string group, ulong epoch)
    {
        State.Use(group);
        List<ModelMessage> later = [.. State.Messages.Where(row => row.Group == group && row.Epoch > epoch)];
        foreach (ModelMessage message in later)
        {
            State.Messages[State.Messages.IndexOf(message)] = message with { State = "epoch_invalidated" };
        }

        return later.Select(row => row.Id).Order(StringComparer.Ordinal);
    }

    public IEnumerable<string> InvalidateProcessedAfter(string group, ulong epoch)
    {
        List<ModelProcessedMessage> later = [.. Processed(group).Where(row => row.Epoch > epoch)];
        foreach (ModelProcessedMessage processed in later)
        {
            State.ProcessedMessages[State.ProcessedMessages.IndexOf(processed)] = processed with { State = "epoch_invalidated" };
        }

        return later.Select(row => row.Wrapper);
    }

    public IEnumerable<ModelMessage> Invalidated(string group)
    {
        State.Use(group);
        return Sorted(group, byCreation: true).Where(row => row.State == "epoch_invalidated");
    }

    public IEnumerable<ModelProcessedMessage> InvalidatedProcessed(string group) => Processed(group).Where(row => row.State == "epoch_invalidated");

    public IEnumerable<string> FailedForRetry(string group) => Processed(group).Where(row => row.State == "failed" && row.Epoch is null).Select(row => row.Wrapper);

    public void MarkRetryable(string wrapper)
    {
        ModelProcessedMessage failed = State.ProcessedMessages.Find(row => row.Wrapper == wrapper && row.State == "failed") ?? throw new ModelRefusal("NotFound");
        State.ProcessedMessages[State.ProcessedMessages.IndexOf(failed)] = failed with { State = "retryable" };
    }

    public ulong? EpochByTag(string group, string text)
    {
        State.Use(group);
        return Sorted(group, byCreation: true).FirstOrDefault(row => row.Epoch is not null && row.Tags.ToString().Contains(text, StringComparison.Ordinal))?.Epoch;
    }

    public bool Delete(string group, string id)
    {
        State.Use(group);
        return State.Messages.RemoveAll(row => row.Group == group && row.Id == id) > 0;
    }

    public int DeleteAll(string group)
    {
        State.Use(group);
        return State.Messages.RemoveAll(row => row.Group == group);
    }

    public int DeleteBefore(string group, ulong time)
    {
        State.Use(group);
        return State.Messages.RemoveAll(row => row.Group == group && row.CreatedAt < time);
    }

    public int DeleteProcessed(string group)
    {
        State.Use(group);
        return State.ProcessedMessages.RemoveAll(row => row.Group == group);
    }

    /// <summary>As many whole characters as 256 bytes hold.</summary>
    public static string? Cut(string? reason)
    {
        var cut = new StringBuilder();
        foreach (Rune rune in (reason ?? "").EnumerateRunes())
        {
            if (ModelText.Bytes(cut.ToString()) + rune.Utf8SequenceLength > MaxReason)
            {
                break;
            }

            cut.Append(rune);
        }

        return reason is null ? null : cut.ToString();
    }

    private IEnumerable<ModelMessage> Sorted(string group, bool byCreation) => State.Messages
        .Where(row => row.Group == group)
        .OrderByDescending(row => byCreation ? row.CreatedAt : row.ProcessedAt)
        .ThenByDescending(row => byCreation ? row.ProcessedAt : row.CreatedAt)
        .ThenByDescending(row => row.Id, StringComparer.Ordinal);

    /// <summary>A use of the group, by whichever call.</summary>
    private IEnumerable<ModelProcessedMessage> Processed(string group)
    {
        State.Use(group);
        return State.ProcessedMessages.Where(row => row.Group == group).OrderBy(row => row.Wrapper, StringComparer.Ordinal);
    }
}
