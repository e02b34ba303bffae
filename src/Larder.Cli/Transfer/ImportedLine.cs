using System.Globalization;
using System.Text;
using System.Text.Json;
using Larder.Cli.Commands;

namespace Larder.Cli.Transfer;

/// <summary>One line of a file of entries, checked.</summary>
internal readonly record struct ImportedLine(string Key, byte[] Value, ValueKind Kind, DateTimeOffset? ExpiresAt)
{
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a line; the message of what it throws says what is wrong with it.</summary>
    /// <exception cref="FormatException">The line holds no entry.</exception>
    public static ImportedLine Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, _options);
            return Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"it is no JSON: {broken.Message}", broken);
        }
        catch (InvalidOperationException noText)
        {
            throw new FormatException("a text in it has no UTF-8 form.", noText);
        }
    }

    private static ImportedLine Read(JsonElement line)
    {
        Demand(line.ValueKind == JsonValueKind.Object, "it is no JSON object.");
        string? key = null, value = null, base64 = null, kind = null;
        DateTimeOffset? expiresAt = null;
        foreach (JsonProperty property in line.EnumerateObject())
        {
            switch (property.Name)
            {
                case "key":
                    key = Text(property);
                    break;
                case "value":
                    value = Text(property);
                    break;
                case "base64":
                    base64 = Text(property);
                    break;
                case "kind":
                    kind = Text(property);
                    break;
                case "expiresAt":
                    expiresAt = property.Value.ValueKind == JsonValueKind.Null ? null : Moment(Text(property));
                    break;
                case "version":
                    break; // what scan --json prints can be imported; the store gives its own versions
                default:
                    throw new FormatException($"it has an unknown property '{EntryText.Escape(property.Name)}'.");
            }
        }

        Demand(!string.IsNullOrEmpty(key), "it has no key.");
        Demand(value is null != base64 is null, "it needs either a value or a base64.");
        ValueKind? known = kind is null ? (value is null ? ValueKind.Bytes : ValueKind.Text) : JsonEntry.KindOf(kind);
        Demand(known is not null, $"there is no kind '{kind}'; there are text, bytes, serialized and counter.");
        byte[] bytes = value is not null ? Encoding.UTF8.GetBytes(value) : Base64(base64!);
        Demand(known != ValueKind.Counter || IsCounter(bytes), "its value is no counter.");
        return new ImportedLine(key!, bytes, known.GetValueOrDefault(), expiresAt);
    }

    private static string Text(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.String
            ? property.Value.GetString()!
            : throw new FormatException($"its {property.Name} is no text.");

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? moment
            : throw new FormatException($"its expiresAt is no moment: '{EntryText.Escape(text)}'.");

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException wrong)
        {
            throw new FormatException("its base64 is none.", wrong);
        }
    }

    private static bool IsCounter(byte[] value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
        && value.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }
}
