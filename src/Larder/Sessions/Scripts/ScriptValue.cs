using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Larder.Sessions;

namespace Larder;

/// <summary>
/// A structured value of a script, outside any script engine: primitives, dates, regular expressions, arrays, objects, maps, sets, buffers and typed
/// arrays, in any nesting, cycles included. <see cref="ScriptCodec"/> makes bytes of it and back. Numbers, booleans, text and big integers convert
/// implicitly.
/// </summary>
/// <remarks>
/// Primitives compare by what they are, as <c>Object.is</c> does: NaN equals NaN, and 0 is not -0. Everything else has an identity, which a cycle or
/// a value that stands in two places keeps. Not safe for use by several threads while one of them changes it.
/// </remarks>
public abstract class ScriptValue
{
    private protected ScriptValue()
    {
    }

    /// <summary>What was never given a value. Unlike an absent key it is something that can be stored.</summary>
    public static ScriptValue Undefined { get; } = new ScriptPrimitive(ScriptMark.Undefined);

    /// <summary>Null as a value.</summary>
    public static ScriptValue Null { get; } = new ScriptPrimitive(ScriptMark.Null);

    /// <summary>A hole in an array: a position that was never set.</summary>
    public static ScriptValue Hole { get; } = new ScriptPrimitive(ScriptMark.Hole);

    /// <summary>A boolean.</summary>
    public static implicit operator ScriptValue(bool value) => FromBoolean(value);

    /// <summary>A number.</summary>
    public static implicit operator ScriptValue(double value) => FromDouble(value);

    /// <summary>Text, which may hold unpaired surrogates.</summary>
    public static implicit operator ScriptValue(string value) => FromString(value);

    /// <summary>A big integer.</summary>
    public static implicit operator ScriptValue(BigInteger value) => FromBigInteger(value);

    /// <summary>A boolean.</summary>
    public static ScriptValue FromBoolean(bool value) => new ScriptPrimitive(value);

    /// <summary>A number.</summary>
    public static ScriptValue FromDouble(double value) => new ScriptPrimitive(value);

    /// <summary>Text, which may hold unpaired surrogates.</summary>
    public static ScriptValue FromString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ScriptPrimitive(value);
    }

    /// <summary>A big integer.</summary>
    public static ScriptValue FromBigInteger(BigInteger value) => new ScriptPrimitive(value);
}

/// <summary>Undefined, null, a hole, a boolean, a number, a big integer or text.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ScriptPrimitive : ScriptValue, IEquatable<ScriptPrimitive>
{
    internal ScriptPrimitive(object value) => Content = value;

    /// <summary>
    /// The value as <see cref="bool"/>, <see cref="double"/>, <see cref="BigInteger"/> or <see cref="string"/>; null for
    /// <see cref="ScriptValue.Undefined"/>, <see cref="ScriptValue.Null"/> and <see cref="ScriptValue.Hole"/>.
    /// </summary>
    public object? Value => Content is ScriptMark ? null : Content;

    /// <summary>The value, or the mark of what has none.</summary>
    internal object Content { get; }

    /// <inheritdoc/>
    public bool Equals(ScriptPrimitive? other) =>
        other is not null && Content.Equals(other.Content) && (Content is not 0.0 || double.IsNegative((double)Content) == double.IsNegative((double)other.Content));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScriptPrimitive);

    /// <inheritdoc/>
    public override int GetHashCode() => Content.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Content switch
    {
        ScriptMark mark => mark.ToString(),
        bool value => value ? "true" : "false",
        string text => $"\"{text}\"",
        BigInteger big => string.Create(CultureInfo.InvariantCulture, $"{big}n"),
        var number => string.Create(CultureInfo.InvariantCulture, $"{number}"),
    };
}

/// <summary>A date: milliseconds since 1970 in UTC, NaN for an invalid one.</summary>
public sealed class ScriptDate(double milliseconds) : ScriptValue
{
    /// <summary>Milliseconds since 1970 in UTC; NaN for an invalid date.</summary>
    public double Milliseconds { get; } = milliseconds;
}

/// <summary>A regular expression by its source and flags; it is not compiled here.</summary>
public sealed class ScriptRegExp(string source, string flags) : ScriptValue
{
    /// <summary>The source between the slashes.</summary>
    public string Source { get; } = source ?? throw new ArgumentNullException(nameof(source));

    /// <summary>The flags, such as <c>gi</c>.</summary>
    public string Flags { get; } = flags ?? throw new ArgumentNullException(nameof(flags));
}

/// <summary>An array; <see cref="ScriptValue.Hole"/> where a position was never set.</summary>
public sealed class ScriptArray(params IEnumerable<ScriptValue> items) : ScriptValue
{
    /// <summary>The elements in order.</summary>
    public IList<ScriptValue> Items { get; } = [.. items];
}

/// <summary>An object with its own properties in order, whatever its class was.</summary>
public sealed class ScriptObject : ScriptValue
{
    /// <summary>The properties in the order in which they were set.</summary>
    public OrderedDictionary<string, ScriptValue> Properties { get; } = new(StringComparer.Ordinal);
}

/// <summary>A map: keys of any kind with their values, in order.</summary>
public sealed class ScriptMap(params IEnumerable<KeyValuePair<ScriptValue, ScriptValue>> entries) : ScriptValue
{
    /// <summary>The entries in order. That no key comes twice is up to whoever fills it.</summary>
    public IList<KeyValuePair<ScriptValue, ScriptValue>> Entries { get; } = [.. entries];
}

/// <summary>A set: values of any kind, in order.</summary>
public sealed class ScriptSet(params IEnumerable<ScriptValue> items) : ScriptValue
{
    /// <summary>The values in order. That none comes twice is up to whoever fills it.</summary>
    public IList<ScriptValue> Items { get; } = [.. items];
}

/// <summary>An array buffer or a typed array with bytes of its own. Views that share a buffer do not share it any more when they come back.</summary>
public sealed class ScriptBytes : ScriptValue
{
    /// <summary>A copy of bytes, little-endian.</summary>
    /// <exception cref="ArgumentException">The bytes are no whole number of elements, or there is no such kind.</exception>
    public ScriptBytes(ScriptElement element, ReadOnlySpan<byte> bytes)
    {
        int size = SizeOf(element);
        if (size == 0 || bytes.Length % size != 0)
        {
            throw new ArgumentException(
                size == 0 ? $"there is no element kind {(int)element}" : $"{bytes.Length} bytes are no whole number of elements of {size}", nameof(bytes));
        }

        Element = element;
        Bytes = bytes.ToArray();
    }

    /// <summary>What the bytes are elements of.</summary>
    public ScriptElement Element { get; }

    /// <summary>The bytes, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The bytes of one element; 0 when there is no such kind.</summary>
    internal static int SizeOf(ScriptElement element) => element switch
    {
        ScriptElement.ArrayBuffer or ScriptElement.Int8Array or ScriptElement.Uint8Array or ScriptElement.Uint8ClampedArray or ScriptElement.DataView => 1,
        ScriptElement.Int16Array or ScriptElement.Uint16Array or ScriptElement.Float16Array => 2,
        ScriptElement.Int32Array or ScriptElement.Uint32Array or ScriptElement.Float32Array => 4,
        ScriptElement.Float64Array or ScriptElement.BigInt64Array or ScriptElement.BigUint64Array => 8,
        _ => 0,
    };
}

/// <summary>What bytes are elements of. The numbers are part of the format.</summary>
public enum ScriptElement : byte
{
    /// <summary>An ArrayBuffer.</summary>
    ArrayBuffer = 0,

    /// <summary>An Int8Array.</summary>
    Int8Array = 1,

    /// <summary>A Uint8Array.</summary>
    Uint8Array = 2,

    /// <summary>A Uint8ClampedArray.</summary>
    Uint8ClampedArray = 3,

    /// <summary>An Int16Array.</summary>
    Int16Array = 4,

    /// <summary>A Uint16Array.</summary>
    Uint16Array = 5,

    /// <summary>An Int32Array.</summary>
    Int32Array = 6,

    /// <summary>A Uint32Array.</summary>
    Uint32Array = 7,

    /// <summary>A Float32Array.</summary>
    Float32Array = 8,

    /// <summary>A Float64Array.</summary>
    Float64Array = 9,

    /// <summary>A BigInt64Array.</summary>
    BigInt64Array = 10,

    /// <summary>A BigUint64Array.</summary>
    BigUint64Array = 11,

    /// <summary>A DataView.</summary>
    DataView = 12,

    /// <summary>A Float16Array.</summary>
    Float16Array = 13,
}
