using System.Text.Json.Serialization;
using Larder.Cli.Commands;

namespace Larder.Cli.Files;

/// <summary>A change in JSON: what happened and when in the order of the log, then what an entry looks like everywhere else.</summary>
internal sealed record JsonChange(
    string Change,
    long Sequence,
    string Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kind,
    DateTimeOffset? ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Version)
{
    public static JsonChange Of(in Change change)
    {
        bool isSet = change.Kind == ChangeKind.Set;
        string? text = isSet ? EntryText.TextOf(change.Value) : null;
        return new JsonChange(
            change.IsTouch ? "touch" : NameOf(change.Kind),
            change.Sequence,
            change.Key,
            text,
            isSet && text is null ? Convert.ToBase64String(change.Value.Span) : null,
            isSet ? JsonEntry.NameOf(change.ValueKind) : null,
            change.ExpiresAt,
            isSet ? change.Version : null);
    }

    public static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Set => "set",
        ChangeKind.Remove => "remove",
        ChangeKind.Expire => "expire",
        ChangeKind.Evict => "evict",
        ChangeKind.Clear => "clear",
        _ => "missed",
    };
}
