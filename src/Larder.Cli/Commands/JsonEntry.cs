using System.Text.Json.Serialization;

namespace Larder.Cli.Commands;

/// <summary>An entry in JSON, the same in every answer and in exported files. Exactly one of value and base64 is there.</summary>
internal sealed record JsonEntry(
    string Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64,
    string Kind,
    DateTimeOffset? ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Version = null)
{
    /// <summary>The entry as a command answers it.</summary>
    public static JsonEntry Of(in Entry entry) => Of(entry, entry.Version);

    /// <summary>The entry as a file holds it: a version belongs to one store and means nothing in another.</summary>
    public static JsonEntry ForFile(in Entry entry) => Of(entry, null);

    public static string NameOf(ValueKind kind) => kind switch
    {
        ValueKind.Text => "text",
        ValueKind.Serialized => "serialized",
        ValueKind.Counter => "counter",
        _ => "bytes",
    };

    public static ValueKind? KindOf(string name) => name switch
    {
        "bytes" => ValueKind.Bytes,
        "text" => ValueKind.Text,
        "serialized" => ValueKind.Serialized,
        "counter" => ValueKind.Counter,
        _ => null,
    };

    private static JsonEntry Of(in Entry entry, long? version)
    {
        string? text = EntryText.TextOf(entry.Value);
        return new JsonEntry(
            entry.Key,
            text,
            text is null ? Convert.ToBase64String(entry.Value.Span) : null,
            NameOf(entry.Kind),
            entry.ExpiresAt,
            version);
    }
}
