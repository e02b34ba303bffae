using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder;

/// <summary>
/// Typed values to bytes and back: byte sequences raw, strings as UTF-8, everything else by the store's serializer. The kind that is
/// stored beside the bytes makes a wrong read an error instead of a wrong value.
/// </summary>
internal static class ValueCodec
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses what can never be stored, whatever the serializer makes of it.</summary>
    /// <exception cref="ArgumentException">The value is null, a task that nobody awaited, or text without a form in UTF-8.</exception>
    internal static void Check<T>(T value)
    {
        switch (value)
        {
            case null:
                throw new ArgumentNullException(nameof(value), "null cannot be stored; remove the key instead");
            case string text:
                CheckText(text);
                break;
            case Task or ValueTask:
            case var _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>):
                throw new ArgumentException($"a {value.GetType()} cannot be stored: await it first, or use the async member.", nameof(value));
        }
    }

    /// <summary>The bytes of a value, never shared with the caller.</summary>
    /// <exception cref="ArgumentException">As <see cref="Check{T}"/> says.</exception>
    internal static byte[] Encode<T>(T value, IValueSerializer serializer, out ValueKind kind)
    {
        Check(value);
        kind = ValueKind.Bytes;
        switch (value)
        {
            case string text:
                kind = ValueKind.Text;
                return Encoding.UTF8.GetBytes(text);
            case byte[] bytes when bytes.GetType() == typeof(byte[]):   // the runtime takes arrays of sbyte and of enums over byte for such
                return [.. bytes];
            case ReadOnlyMemory<byte> memory:
                return memory.ToArray();
            case Memory<byte> memory:
                return memory.ToArray();
            case ArraySegment<byte> segment:
                return [.. segment];
            case ReadOnlySequence<byte> sequence:
                return sequence.ToArray();
            default:
                kind = ValueKind.Serialized;
                var writer = new ArrayBufferWriter<byte>();
                serializer.Serialize(value, writer);
                return writer.WrittenSpan.ToArray();
        }
    }

    /// <summary>The value of an entry.</summary>
    /// <exception cref="ValueKindException">The entry is stored as another kind.</exception>
    internal static T? Decode<T>(in Entry entry, IValueSerializer serializer)
    {
        if (typeof(T) == typeof(string))
        {
            Demand<T>(entry, ValueKind.Text);
            return (T)(object)Encoding.UTF8.GetString(entry.Value.Span);
        }

        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            Demand<T>(entry, ValueKind.Bytes);
            return (T)(object)entry.Value;
        }

        if (typeof(T) == typeof(byte[]) || typeof(T) == typeof(Memory<byte>) || typeof(T) == typeof(ArraySegment<byte>) || typeof(T) == typeof(ReadOnlySequence<byte>))
        {
            Demand<T>(entry, ValueKind.Bytes);
            byte[] copy = entry.Value.ToArray();
            object boxed =
                typeof(T) == typeof(byte[]) ? copy :
                typeof(T) == typeof(Memory<byte>) ? new Memory<byte>(copy) :
                typeof(T) == typeof(ArraySegment<byte>) ? new ArraySegment<byte>(copy) : new ReadOnlySequence<byte>(copy);
            return (T)boxed;
        }

        return entry.Kind == ValueKind.Counter ? Count<T>(entry) : Deserialize<T>(entry, serializer);
    }

    private static T? Deserialize<T>(in Entry entry, IValueSerializer serializer)
    {
        Demand<T>(entry, ValueKind.Serialized);
        try
        {
            return serializer.Deserialize<T>(entry.Value.Span);
        }
        catch (JsonException wrong)
        {
            throw new ValueKindException(entry.Key, entry.Kind, typeof(T), wrong);
        }
    }

    private static T Count<T>(in Entry entry)
    {
        Type number = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        bool whole = Utf8Parser.TryParse(entry.Value.Span, out long count, out int used) && used == entry.Value.Length;
        if (!whole || !number.IsPrimitive || number == typeof(bool) || number == typeof(char))
        {
            throw new ValueKindException(entry.Key, entry.Kind, typeof(T));
        }

        try
        {
            return (T)Convert.ChangeType(count, number, CultureInfo.InvariantCulture);
        }
        catch (Exception wrong) when (wrong is OverflowException or InvalidCastException)
        {
            throw new ValueKindException(entry.Key, entry.Kind, typeof(T), wrong);
        }
    }

    private static void Demand<T>(in Entry entry, ValueKind kind)
    {
        if (entry.Kind != kind)
        {
            throw new ValueKindException(entry.Key, entry.Kind, typeof(T));
        }
    }

    private static void CheckText(string value)
    {
        try
        {
            _strict.GetByteCount(value);
        }
        catch (EncoderFallbackException unpaired)
        {
            throw new ArgumentException("the text holds an unpaired surrogate, which has no UTF-8 form", nameof(value), unpaired);
        }
    }
}
