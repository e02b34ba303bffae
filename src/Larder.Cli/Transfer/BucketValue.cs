using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder.Cli.Transfer;

/// <summary>
/// What the values of cache_ro are read as. Its files do not say: they hold the encoding of a type that only the program knew which wrote them. Numbers and truth
/// values become what a store's own serializer makes of them, so that they can be read back as such, and counted on.
/// </summary>
internal static class BucketValue
{
    /// <summary>The name of the guess: text what reads as a text that is not empty, and the bytes as they are otherwise.</summary>
    public const string Guess = "guess";

    private static readonly Dictionary<string, Decoder> _decoders = new()
    {
        [Guess] = Guessed,
        ["text"] = static (ref reader) => (Encoding.UTF8.GetBytes(reader.Text("the text")), ValueKind.Text),
        ["bytes"] = static (ref reader) => (reader.Raw(reader.Left, "the value").ToArray(), ValueKind.Bytes),
        ["array"] = static (ref reader) => (reader.Raw(reader.Length("the length of the array"), "the array").ToArray(), ValueKind.Bytes),
        ["bool"] = Truth,
        ["f32"] = static (ref reader) => Real(ref reader, BinaryPrimitives.ReadSingleBigEndian(reader.Raw(4, "the number"))),
        ["f64"] = static (ref reader) => Real(ref reader, BinaryPrimitives.ReadDoubleBigEndian(reader.Raw(8, "the number"))),
        ["i8"] = static (ref reader) => Number((sbyte)reader.Raw(1, "the number")[0]),
        ["u8"] = static (ref reader) => Number(reader.Raw(1, "the number")[0]),
        ["i16"] = Signed(short.MinValue, short.MaxValue),
        ["i32"] = Signed(int.MinValue, int.MaxValue),
        ["i64"] = Signed(long.MinValue, long.MaxValue),
        ["i128"] = Signed(Int128.MinValue, Int128.MaxValue),
        ["u16"] = Unsigned(ushort.MaxValue),
        ["u32"] = Unsigned(uint.MaxValue),
        ["u64"] = Unsigned(ulong.MaxValue),
        ["u128"] = Unsigned(UInt128.MaxValue),
    };

    private delegate (byte[] Bytes, ValueKind Kind) Decoder(ref BucketReader reader);

    /// <summary>Everything that a value can be read as.</summary>
    public static IEnumerable<string> Types => _decoders.Keys;

    /// <summary>Reads the value of an entry.</summary>
    /// <exception cref="FormatException">It is no such value; the message says where and why.</exception>
    public static (byte[] Bytes, ValueKind Kind) Read(BucketEntry entry, string type)
    {
        try
        {
            var reader = new BucketReader(entry.Value.Span, entry.ValueAt);
            (byte[] Bytes, ValueKind Kind) value = _decoders[type](ref reader);
            reader.End($"the {type}");
            return value;
        }
        catch (FormatException bad)
        {
            throw new FormatException($"{entry.File} {bad.Message} The value of '{Commands.EntryText.Escape(entry.Key)}' cannot be read as {type}.", bad);
        }
    }

    /// <summary>A single zero is not guessed at: it may be an empty text, a number, false, or nothing at all.</summary>
    private static (byte[] Bytes, ValueKind Kind) Guessed(ref BucketReader reader)
    {
        BucketReader text = reader;
        bool isText = text.Left > 1 && IsLengthOfRest(ref text) && System.Text.Unicode.Utf8.IsValid(text.Raw(text.Left, "the text"));
        return _decoders[isText ? "text" : "bytes"](ref reader);

        static bool IsLengthOfRest(ref BucketReader reader)
        {
            try
            {
                return reader.Unsigned("the length") == (UInt128)reader.Left;
            }
            catch (FormatException)
            {
                return false;
            }
        }
    }

    private static (byte[] Bytes, ValueKind Kind) Truth(ref BucketReader reader)
    {
        int at = reader.Offset;
        return reader.Raw(1, "the truth value")[0] switch
        {
            0 => Json("false"),
            1 => Json("true"),
            byte other => throw BucketReader.Bad(at, $"{other} is neither true nor false"),
        };
    }

    private static (byte[] Bytes, ValueKind Kind) Real(ref BucketReader reader, double number) => double.IsFinite(number)
        ? Json(JsonSerializer.Serialize(number))
        : throw BucketReader.Bad(reader.Offset, $"{number.ToString(CultureInfo.InvariantCulture)} has no form in JSON");

    private static (byte[] Bytes, ValueKind Kind) Real(ref BucketReader reader, float number) => float.IsFinite(number)
        ? Json(JsonSerializer.Serialize(number))
        : throw BucketReader.Bad(reader.Offset, $"{number.ToString(CultureInfo.InvariantCulture)} has no form in JSON");

    private static Decoder Signed(Int128 least, Int128 most) => (ref reader) =>
    {
        int at = reader.Offset;
        Int128 number = reader.Signed("the number");
        return number >= least && number <= most ? Json(number.ToString(CultureInfo.InvariantCulture)) : throw BucketReader.Bad(at, $"{number} is out of range");
    };

    private static Decoder Unsigned(UInt128 most) => (ref reader) =>
    {
        int at = reader.Offset;
        UInt128 number = reader.Unsigned("the number");
        return number <= most ? Json(number.ToString(CultureInfo.InvariantCulture)) : throw BucketReader.Bad(at, $"{number} is out of range");
    };

    private static (byte[] Bytes, ValueKind Kind) Number(int number) => Json(number.ToString(CultureInfo.InvariantCulture));

    private static (byte[] Bytes, ValueKind Kind) Json(string json) => (Encoding.ASCII.GetBytes(json), ValueKind.Serialized);
}
