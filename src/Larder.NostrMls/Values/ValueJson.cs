using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.NostrMls.Values;

/// <summary>Values whose JSON is a string. What cannot be read is said without its words.</summary>
internal abstract class TextJson<T>(Func<string, T> parse, Func<T, string> format) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            try
            {
                return parse(reader.GetString()!);
            }
            catch (Exception error) when (error is ArgumentException or MlsStoreException)
            {
                throw new JsonException($"the text is no {typeof(T).Name}.");
            }
        }

        throw new JsonException($"the text is no {typeof(T).Name}.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(format(value));
}

internal sealed class EventIdJson() : TextJson<EventId>(EventId.Parse, id => id.ToHex());

internal sealed class PublicKeyJson() : TextJson<PublicKey>(PublicKey.Parse, key => key.ToHex());

internal sealed class NostrGroupIdJson() : TextJson<NostrGroupId>(NostrGroupId.Parse, id => id.ToHex());

internal sealed class ImageHashJson() : TextJson<ImageHash>(ImageHash.Parse, hash => hash.ToHex());

internal sealed class MlsGroupIdJson() : TextJson<MlsGroupId>(MlsGroupId.Parse, id => id.ToHex());

internal sealed class RelayUrlJson() : TextJson<RelayUrl>(RelayUrl.Parse, url => url.Text);

internal sealed class UnixSecondsJson : JsonConverter<UnixSeconds>
{
    public override UnixSeconds Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

    public override void Write(Utf8JsonWriter writer, UnixSeconds value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

internal sealed class SelfUpdateStateJson : JsonConverter<SelfUpdateState>
{
    public override SelfUpdateState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SelfUpdateState.FromNumber(reader.GetUInt64());

    public override void Write(Utf8JsonWriter writer, SelfUpdateState value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
}

internal sealed class TagsJson : JsonConverter<Tags>
{
    public override Tags Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var tags = new List<List<string>>();
        Expect(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(reader.TokenType == JsonTokenType.StartArray);
            var tag = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Expect(reader.TokenType == JsonTokenType.String);
                tag.Add(reader.GetString()!);
            }

            tags.Add(tag);
        }

        return new Tags(tags);
    }

    public override void Write(Utf8JsonWriter writer, Tags value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (ImmutableArray<string> tag in value)
        {
            writer.WriteStartArray();
            foreach (string text in tag)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void Expect(bool isRight)
    {
        if (!isRight)
        {
            throw new JsonException("tags are an array of arrays of strings.");
        }
    }
}

internal sealed class SecretBytesJson : JsonConverter<SecretBytes>
{
    public override SecretBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // Straight from the reader's buffer into the secret's own: no string is made of it.
        if (reader.TokenType == JsonTokenType.String && !reader.HasValueSequence && reader.ValueSpan.Length % 2 == 0 && Hex.IsLower(reader.ValueSpan))
        {
            var secret = new SecretBytes(reader.ValueSpan.Length / 2);
            for (int i = 0; i < secret.Length; i++)
            {
                secret.Buffer[i] = (byte)((Nibble(reader.ValueSpan[2 * i]) << 4) | Nibble(reader.ValueSpan[(2 * i) + 1]));
            }

            return secret;
        }

        throw new JsonException("a secret is a string of lower-case hex.");
    }

    public override void Write(Utf8JsonWriter writer, SecretBytes value, JsonSerializerOptions options) =>
        throw new MlsStoreException(MlsStoreErrorKind.Serialization, "a secret is not written to JSON; SecretBytes.ExportPlaintext is for those who mean it");

    private static int Nibble(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

internal sealed class PlaintextSecretJson : JsonConverter<PlaintextSecret>
{
    public override PlaintextSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("a secret is read as SecretBytes.");

    public override void Write(Utf8JsonWriter writer, PlaintextSecret value, JsonSerializerOptions options)
    {
        Span<byte> hex = new byte[2 * value.Secret.Length];
        Convert.TryToHexStringLower(value.Secret.Span, hex, out _);
        writer.WriteStringValue(hex);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(hex);
    }
}

/// <summary>The reader of events, without reflection.</summary>
[JsonSerializable(typeof(UnsignedEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
