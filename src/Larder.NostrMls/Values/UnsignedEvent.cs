using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>
/// A Nostr event without a signature, as it travels inside a group message or a gift wrap (a rumor). Immutable.
/// <see cref="ToString"/> shows nothing of it.
/// </summary>
[DebuggerDisplay("UnsignedEvent(redacted)")]
public sealed record UnsignedEvent
{
    /// <summary>The id; null when it has not been computed, and left out of JSON then.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventId? Id { get; init; }

    /// <summary>The author.</summary>
    [JsonPropertyName("pubkey")]
    public required PublicKey PubKey { get; init; }

    /// <summary>The author's clock.</summary>
    [JsonPropertyName("created_at")]
    public required UnixSeconds CreatedAt { get; init; }

    /// <summary>The kind.</summary>
    [JsonPropertyName("kind")]
    public required ushort Kind { get; init; }

    /// <summary>The tags.</summary>
    [JsonPropertyName("tags")]
    public required Tags Tags { get; init; }

    /// <summary>The content.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }

    /// <summary>Reads an event from JSON; members that it does not know, such as a signature, are left out.</summary>
    /// <exception cref="MlsStoreException">Deserialization: the text is no such event.</exception>
    public static UnsignedEvent Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize(json, EventJson.Default.UnsignedEvent) is { Tags: not null, Content: not null } read
                ? read
                : throw new MlsStoreException(MlsStoreErrorKind.Deserialization, "the text is no event");
        }
        catch (JsonException)
        {
            throw new MlsStoreException(MlsStoreErrorKind.Deserialization, "the text is no event");   // without its words: they may quote the text
        }
    }

    /// <summary>The event as compact JSON, in which only quotes, backslashes and control characters are escaped.</summary>
    public string ToJson() => CompactJson.TextOf(this);

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "UnsignedEvent(redacted)";
}
