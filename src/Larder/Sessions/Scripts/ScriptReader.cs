using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Larder.Primitives;

namespace Larder.Sessions;

/// <summary>
/// Reads one value from bytes that may be anybody's. A count is believed only as far as there are bytes for it, and collections grow as their items
/// come, so memory stays within a small multiple of the bytes; depth is bounded, so the stack is.
/// </summary>
internal ref struct ScriptReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly List<ScriptValue> _met = [];
    private int _at;
    private int _depth;

    internal ScriptValue Read()
    {
        if (Byte() is var format && format != ScriptWriter.Format)
        {
            throw Wrong($"format {format} is unknown");
        }

        ScriptValue value = Value(isElement: false);
        return _at == _bytes.Length ? value : throw Wrong("something follows the value");
    }

    private ScriptValue Value(bool isElement)
    {
        ScriptTag tag = (ScriptTag)Byte();
        switch (tag)
        {
            case ScriptTag.Undefined:
                return ScriptValue.Undefined;
            case ScriptTag.Null:
                return ScriptValue.Null;
            case ScriptTag.False or ScriptTag.True:
                return tag == ScriptTag.True;
            case ScriptTag.Number:
                return Double();
            case ScriptTag.BigInt:
                return new BigInteger(Bytes());
            case ScriptTag.Utf8 or ScriptTag.Utf16:
                return TextOf(tag);
            case ScriptTag.Hole when isElement:
                return ScriptValue.Hole;
            case ScriptTag.Reference:
                long number = Number();
                return number < _met.Count ? _met[(int)number] : throw Wrong($"it refers to value {number}, which has not come yet");
        }

        if (++_depth > ScriptCodec.MaxDepth)
        {
            throw Wrong($"it is nested deeper than {ScriptCodec.MaxDepth}");
        }

        ScriptValue value = WithIdentity(tag);
        _depth--;
        return value;
    }

    private ScriptValue WithIdentity(ScriptTag tag)
    {
        switch (tag)
        {
            case ScriptTag.Date:
                return Met(new ScriptDate(Double()));
            case ScriptTag.RegExp:
                return Met(new ScriptRegExp(Text(), Text()));
            case ScriptTag.Bytes:
                var element = (ScriptElement)Byte();
                ReadOnlySpan<byte> content = Bytes();
                int size = ScriptBytes.SizeOf(element);
                return size > 0 && content.Length % size == 0 ? Met(new ScriptBytes(element, content)) : throw Wrong($"{content.Length} bytes are no elements of kind {(int)element}");
            case ScriptTag.Array:
                ScriptArray array = Met(new ScriptArray());
                Fill(array.Items, areElements: true);
                return array;
            case ScriptTag.Set:
                ScriptSet set = Met(new ScriptSet());
                Fill(set.Items, areElements: false);
                return set;
            case ScriptTag.Object:
                ScriptObject properties = Met(new ScriptObject());
                for (long left = Count(bytesEach: 3); left > 0; left--)
                {
                    string name = Text();
                    if (!properties.Properties.TryAdd(name, Value(isElement: false)))
                    {
                        throw Wrong("a property comes twice");
                    }
                }

                return properties;
            case ScriptTag.Map:
                ScriptMap map = Met(new ScriptMap());
                for (long left = Count(bytesEach: 2); left > 0; left--)
                {
                    map.Entries.Add(new(Value(isElement: false), Value(isElement: false)));
                }

                return map;
            default:
                throw Wrong($"tag {(int)tag} means nothing here");
        }
    }

    private void Fill(IList<ScriptValue> items, bool areElements)
    {
        for (long left = Count(bytesEach: 1); left > 0; left--)
        {
            items.Add(Value(areElements));
        }
    }

    private readonly T Met<T>(T value)
        where T : ScriptValue
    {
        _met.Add(value);
        return value;
    }

    private string Text() => (ScriptTag)Byte() is var tag && tag is ScriptTag.Utf8 or ScriptTag.Utf16 ? TextOf(tag) : throw Wrong("there is no text where one belongs");

    private string TextOf(ScriptTag tag)
    {
        ReadOnlySpan<byte> text = Bytes();
        if (tag == ScriptTag.Utf16)
        {
            return text.Length % sizeof(char) == 0 ? Utf16(text) : throw Wrong("half a character is missing");
        }

        try
        {
            return _strict.GetString(text);
        }
        catch (DecoderFallbackException wrong)
        {
            throw Wrong("the text is no UTF-8", wrong);
        }
    }

    private static string Utf16(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length / sizeof(char)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * sizeof(char))..]);
        }

        return new string(text);
    }

    private double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Next(sizeof(double)));

    private byte Byte() => Next(1)[0];

    private ReadOnlySpan<byte> Bytes() => Next(Count(bytesEach: 1));

    /// <summary>A number of things, of which each takes at least so many bytes.</summary>
    private long Count(int bytesEach)
    {
        long count = Number();
        return count <= (_bytes.Length - _at) / bytesEach ? count : throw Wrong($"it tells of {count} and ends before");
    }

    private long Number() => VarInt.TryRead(_bytes, ref _at, out long number) ? number : throw Wrong("a number has no end");

    private ReadOnlySpan<byte> Next(long count)
    {
        if (count > _bytes.Length - _at)
        {
            throw Wrong("it ends in the middle");
        }

        ReadOnlySpan<byte> next = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return next;
    }

    private readonly FormatException Wrong(string what, Exception? inner = null) => new($"no structured value, at byte {_at}: {what}.", inner);
}
