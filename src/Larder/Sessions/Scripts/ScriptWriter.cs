using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Larder.Primitives;

namespace Larder.Sessions;

/// <summary>
/// Writes one value. Everything that has an identity is numbered as it is first met, before what is in it; met again, it is its number.
/// </summary>
internal sealed class ScriptWriter
{
    internal const byte Format = 1;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Dictionary<ScriptValue, int> _met = new(ReferenceEqualityComparer.Instance);
    private int _depth;

    internal byte[] Write(ScriptValue value)
    {
        Byte(Format);
        Value(value, isElement: false);
        return _bytes.WrittenSpan.ToArray();
    }

    private void Value(ScriptValue value, bool isElement)
    {
        if (value is ScriptPrimitive primitive)
        {
            Primitive(primitive, isElement);
        }
        else if (value is null)
        {
            throw new ArgumentNullException(nameof(value), "a structured value holds a null reference; ScriptValue.Null is null as a value");
        }
        else if (_met.TryGetValue(value, out int number))
        {
            Tag(ScriptTag.Reference);
            Length(number);
        }
        else
        {
            _met.Add(value, _met.Count);
            if (++_depth > ScriptCodec.MaxDepth)
            {
                throw new ArgumentException($"the value is nested deeper than {ScriptCodec.MaxDepth}", nameof(value));
            }

            WithIdentity(value);
            _depth--;
        }
    }

    private void Primitive(ScriptPrimitive primitive, bool isElement)
    {
        switch (primitive.Content)
        {
            case ScriptMark.Undefined:
                Tag(ScriptTag.Undefined);
                break;
            case ScriptMark.Null:
                Tag(ScriptTag.Null);
                break;
            case bool value:
                Tag(value ? ScriptTag.True : ScriptTag.False);
                break;
            case double number:
                Tag(ScriptTag.Number);
                Double(number);
                break;
            case BigInteger big:
                Tag(ScriptTag.BigInt);
                Bytes(big.ToByteArray());
                break;
            case string text:
                Text(text);
                break;
            default:
                if (!isElement)
                {
                    throw new ArgumentException("a hole stands outside an array", nameof(primitive));
                }

                Tag(ScriptTag.Hole);
                break;
        }
    }

    private void WithIdentity(ScriptValue value)
    {
        switch (value)
        {
            case ScriptDate date:
                Tag(ScriptTag.Date);
                Double(date.Milliseconds);
                break;
            case ScriptRegExp expression:
                Tag(ScriptTag.RegExp);
                Text(expression.Source);
                Text(expression.Flags);
                break;
            case ScriptArray array:
                Values(ScriptTag.Array, array.Items, areElements: true);
                break;
            case ScriptSet set:
                Values(ScriptTag.Set, set.Items, areElements: false);
                break;
            case ScriptObject properties:
                Tag(ScriptTag.Object);
                Length(properties.Properties.Count);
                foreach ((string name, ScriptValue property) in properties.Properties)
                {
                    Text(name);
                    Value(property, isElement: false);
                }

                break;
            case ScriptMap map:
                Tag(ScriptTag.Map);
                Length(map.Entries.Count);
                foreach ((ScriptValue key, ScriptValue mapped) in map.Entries)
                {
                    Value(key, isElement: false);
                    Value(mapped, isElement: false);
                }

                break;
            case ScriptBytes bytes:
                Tag(ScriptTag.Bytes);
                Byte((byte)bytes.Element);
                Bytes(bytes.Bytes.Span);
                break;
        }
    }

    private void Values(ScriptTag tag, IList<ScriptValue> items, bool areElements)
    {
        Tag(tag);
        Length(items.Count);
        foreach (ScriptValue item in items)
        {
            Value(item, areElements);
        }
    }

    /// <summary>UTF-8 where there is one; a half of a surrogate pair has none, and scripts may cut a pair in half.</summary>
    private void Text(string text)
    {
        bool isWhole = IsWhole(text);
        Tag(isWhole ? ScriptTag.Utf8 : ScriptTag.Utf16);
        Bytes(isWhole ? Encoding.UTF8.GetBytes(text) : Utf16(text));
    }

    private static byte[] Utf16(string text)
    {
        var bytes = new byte[text.Length * sizeof(char)];
        for (int i = 0; i < text.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(char)), text[i]);
        }

        return bytes;
    }

    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        int at = text.IndexOfAnyInRange('\ud800', '\udfff');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && (Rune.DecodeFromUtf16(text[at++..], out _, out _) != OperationStatus.Done))
            {
                return false;
            }
        }

        return true;
    }

    private void Double(double number)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), number);
        _bytes.Advance(sizeof(double));
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        Length(bytes.Length);
        _bytes.Write(bytes);
    }

    private void Length(int length) => _bytes.Advance(VarInt.Write(_bytes.GetSpan(VarInt.SizeOf(length)), length));

    private void Tag(ScriptTag tag) => Byte((byte)tag);

    private void Byte(byte value) => _bytes.Write([value]);
}
