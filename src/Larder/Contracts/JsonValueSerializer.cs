using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Larder;

/// <summary>
/// The serializer that stores use unless told otherwise: System.Text.Json. Over a <see cref="JsonSerializerContext"/> it
/// needs no reflection and serves trimmed and ahead-of-time compiled programs.
/// </summary>
public sealed class JsonValueSerializer : IValueSerializer
{
    private readonly JsonSerializerOptions _options;
    private readonly JsonWriterOptions _writing;

    /// <summary>A serializer over source-generated metadata.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public JsonValueSerializer(JsonSerializerContext context)
        : this(OptionsOf(context))
    {
    }

    /// <summary>
    /// A serializer with these options, which cannot be changed from here on. Their resolver must know every type that is stored; without one
    /// the types are reflected over, as <see cref="Default"/> does.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public JsonValueSerializer(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.TypeInfoResolver is null ? new(options) { TypeInfoResolver = PlatformResolver() } : options;
        _options.MakeReadOnly();   // what may still change is looked up anew for every value
        _writing = new JsonWriterOptions
        {
            Encoder = options.Encoder,
            Indented = options.WriteIndented,
            IndentCharacter = options.IndentCharacter,
            IndentSize = options.IndentSize,
            MaxDepth = options.MaxDepth,
            NewLine = options.NewLine,
            SkipValidation = true,
        };
    }

    /// <summary>
    /// The serializer with the platform's default options. It reflects over the types it meets; in a program that was trimmed
    /// or compiled ahead of time the platform turns that off, and it then says which constructor to use instead.
    /// </summary>
    public static JsonValueSerializer Default { get; } = new(new JsonSerializerOptions());

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options know nothing of <typeparamref name="T"/>.</exception>
    public void Serialize<T>(T value, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var writer = new Utf8JsonWriter(destination, _writing);
        JsonSerializer.Serialize(writer, value, Metadata<T>());
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">The bytes are no <typeparamref name="T"/>.</exception>
    /// <exception cref="NotSupportedException">The options know nothing of <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(ReadOnlySpan<byte> source) => JsonSerializer.Deserialize(source, Metadata<T>());

    private JsonTypeInfo<T> Metadata<T>()
    {
        if (_options.TryGetTypeInfo(typeof(T), out JsonTypeInfo? info))
        {
            return (JsonTypeInfo<T>)info;
        }

        throw new NotSupportedException(
            $"The store's JSON serializer knows nothing of {typeof(T)}. Name the type in a JsonSerializerContext and set StoreOptions.Serializer = new JsonValueSerializer(context).");
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only when the platform's own switch says that reflection is kept; trimmed programs turn the switch off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static IJsonTypeInfoResolver PlatformResolver() =>
        JsonSerializer.IsReflectionEnabledByDefault ? JsonSerializerOptions.Default.TypeInfoResolver! : JsonTypeInfoResolver.Combine();

    private static JsonSerializerOptions OptionsOf(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Options;
    }
}
