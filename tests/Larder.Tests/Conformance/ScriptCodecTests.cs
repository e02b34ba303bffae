using System.Numerics;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>Structured values keep their meaning, and bytes from anybody are read or refused, never more.</summary>
public sealed class ScriptCodecTests
{
    [Fact]
    public void Primitives_keep_their_meaning()
    {
        foreach (ScriptValue value in new ScriptValue[]
        {
            ScriptValue.Undefined, ScriptValue.Null, true, false, 0.0, -0.0, 42.0, 0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
            double.Epsilon, double.MaxValue, "", "text \0 ä 😀", "half \ud83d", "\udc00 other half", BigInteger.Zero, BigInteger.Pow(2, 200), -BigInteger.Pow(3, 77),
        })
        {
            ScriptValue back = ScriptCodec.Decode(ScriptCodec.Encode(value));
            Assert.Equal(value, back);
            Assert.Equal(value.GetHashCode(), back.GetHashCode());
        }

        Assert.NotEqual(0.0, (ScriptValue)(-0.0));
        Assert.NotEqual(ScriptValue.Undefined, ScriptValue.Null);
        Assert.NotEqual((ScriptValue)1.0, BigInteger.One);
        Assert.NotEqual((ScriptValue)"1", 1.0);
        Assert.Equal(
            ["Undefined", "Null", "Hole", "true", "NaN", "7n", "\"text\""],
            new ScriptValue[] { ScriptValue.Undefined, ScriptValue.Null, ScriptValue.Hole, true, double.NaN, new BigInteger(7), "text" }.Select(value => value.ToString()));
        Assert.Equal([null, true, 1.5, "text"], new ScriptValue[] { ScriptValue.Null, true, 1.5, "text" }.Select(value => ((ScriptPrimitive)value).Value));
        Assert.False(ScriptValue.Null.Equals("null"));
        Assert.Equal("-0", Assert.IsType<ScriptPrimitive>(ScriptCodec.Decode(ScriptCodec.Encode(-0.0))).ToString());
    }

    [Fact]
    public void Dates_expressions_maps_sets_and_typed_arrays_keep_their_type()
    {
        var map = new ScriptMap(new KeyValuePair<ScriptValue, ScriptValue>("theme", "dark"), new(new ScriptDate(5), double.NaN));
        var all = new ScriptArray(
            new ScriptDate(1_767_225_600_123), new ScriptDate(double.NaN), new ScriptRegExp(@"^[\w-]+@\w+$", "gi"), map,
            new ScriptSet(1.0, "1", ScriptValue.Undefined), new ScriptBytes(ScriptElement.Uint8Array, [1, 2, 255]),
            new ScriptBytes(ScriptElement.Float64Array, BitConverter.GetBytes(0.5)), new ScriptBytes(ScriptElement.ArrayBuffer, []), ScriptValue.Hole);

        IList<ScriptValue> back = Assert.IsType<ScriptArray>(ScriptCodec.Decode(ScriptCodec.Encode(all))).Items;

        Assert.Equal(9, back.Count);
        Assert.Equal(1_767_225_600_123, Assert.IsType<ScriptDate>(back[0]).Milliseconds);
        Assert.Equal(double.NaN, Assert.IsType<ScriptDate>(back[1]).Milliseconds);
        Assert.Equal((@"^[\w-]+@\w+$", "gi"), (Assert.IsType<ScriptRegExp>(back[2]).Source, Assert.IsType<ScriptRegExp>(back[2]).Flags));
        IList<KeyValuePair<ScriptValue, ScriptValue>> entries = Assert.IsType<ScriptMap>(back[3]).Entries;
        Assert.Equal(("theme", "dark"), (entries[0].Key, entries[0].Value));
        Assert.Equal((5.0, (ScriptValue)double.NaN), (Assert.IsType<ScriptDate>(entries[1].Key).Milliseconds, entries[1].Value));
        Assert.Equal([1.0, "1", ScriptValue.Undefined], Assert.IsType<ScriptSet>(back[4]).Items);
        Assert.Equal((ScriptElement.Uint8Array, "0102FF"), Content(back[5]));
        Assert.Equal((ScriptElement.Float64Array, "000000000000E03F"), Content(back[6]));
        Assert.Equal((ScriptElement.ArrayBuffer, ""), Content(back[7]));
        Assert.Same(ScriptValue.Hole, back[8]);

        static (ScriptElement, string) Content(ScriptValue value) => value is ScriptBytes bytes ? (bytes.Element, Convert.ToHexString(bytes.Bytes.Span)) : default;
    }

    [Fact]
    public void Cycles_and_shared_values_keep_their_identity()
    {
        var self = new ScriptObject();
        var date = new ScriptDate(1);
        var set = new ScriptSet(self, date);
        self.Properties["self"] = self;
        self.Properties["dates"] = new ScriptArray(date, date, set);

        var back = Assert.IsType<ScriptObject>(ScriptCodec.Decode(ScriptCodec.Encode(self)));

        Assert.Same(back, back.Properties["self"]);
        IList<ScriptValue> dates = Assert.IsType<ScriptArray>(back.Properties["dates"]).Items;
        Assert.Same(dates[0], dates[1]);
        Assert.Same(back, Assert.IsType<ScriptSet>(dates[2]).Items[0]);
        Assert.Same(dates[0], Assert.IsType<ScriptSet>(dates[2]).Items[1]);
    }

    [Fact]
    public void Properties_keep_their_order_and_their_case()
    {
        var value = new ScriptObject { Properties = { ["b"] = 1.0, ["a"] = 2.0, ["A"] = 3.0, [""] = 4.0, ["__proto__"] = 5.0 } };

        var back = Assert.IsType<ScriptObject>(ScriptCodec.Decode(ScriptCodec.Encode(value)));

        Assert.Equal(["b", "a", "A", "", "__proto__"], back.Properties.Keys);
    }

    [Fact]
    public void The_bytes_are_those_of_the_documented_format()
    {
        var self = new ScriptObject();
        self.Properties["n"] = 1.0;
        self.Properties["me"] = self;
        self.Properties["list"] = new ScriptArray("ä", BigInteger.MinusOne, new ScriptBytes(ScriptElement.Uint16Array, [1, 0]), "\ud83d");

        string expected = "01"
            + "0B03" + "06016E" + "04000000000000F03F"                       // n: 1
            + "06026D65" + "1000"                                             // me: the object itself, which is value 0
            + "06046C697374" + "0A04" + "0602C3A4" + "0501FF" + "0E05020100" + "07023DD8";
        Assert.Equal(expected, Convert.ToHexString(ScriptCodec.Encode(self)));
    }

    [Fact]
    public void Nesting_is_bounded_in_both_directions()
    {
        ScriptValue deep = new ScriptArray();
        for (int depth = 1; depth < ScriptCodec.MaxDepth; depth++)
        {
            deep = new ScriptArray(deep);
        }

        byte[] deepest = ScriptCodec.Encode(deep);
        Assert.Equal(deepest, ScriptCodec.Encode(ScriptCodec.Decode(deepest)));
        Assert.Contains("deeper than 500", Assert.Throws<ArgumentException>(() => ScriptCodec.Encode(new ScriptArray(deep))).Message, StringComparison.Ordinal);
        byte[] hostile = [1, .. Enumerable.Repeat(new byte[] { 10, 1 }, 1_000_000).SelectMany(pair => pair), 0];
        Assert.Contains("deeper than 500", Assert.Throws<FormatException>(() => ScriptCodec.Decode(hostile)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ends in the middle")]
    [InlineData("00", "format 0")]
    [InlineData("0101 01", "follows")]
    [InlineData("01 0F", "tag 15")]
    [InlineData("01 11", "tag 17")]
    [InlineData("01 04 00", "ends in the middle")]
    [InlineData("01 06 FFFFFFFFFFFFFFFF7F", "ends before")]
    [InlineData("01 0A FFFFFFFF07", "ends before")]
    [InlineData("01 0C 02 00 00", "ends before")]
    [InlineData("01 10 00", "has not come yet")]
    [InlineData("01 06 01 FF", "no UTF-8")]
    [InlineData("01 07 01 00", "half a character")]
    [InlineData("01 0E 04 03 000000", "no elements")]
    [InlineData("01 0E 63 00", "no elements")]
    [InlineData("01 0B 02 0600 00 0600 00", "twice")]
    [InlineData("01 0B 01 04 0000", "no text")]
    [InlineData("01 06 80", "no end")]
    public void Wrong_bytes_are_refused_with_what_is_wrong(string hex, string message)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        FormatException refusal = Assert.Throws<FormatException>(() => ScriptCodec.Decode(bytes));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hole_outside_an_array_a_null_reference_and_half_an_element_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ScriptCodec.Encode(ScriptValue.Hole));
        Assert.Throws<ArgumentException>(() => ScriptCodec.Encode(new ScriptSet(ScriptValue.Hole)));
        Assert.Throws<ArgumentNullException>(() => ScriptCodec.Encode(new ScriptArray((ScriptValue)null!)));
        Assert.Throws<ArgumentNullException>(() => ScriptCodec.Encode(null!));
        Assert.Throws<ArgumentException>(() => new ScriptBytes(ScriptElement.Int32Array, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new ScriptBytes((ScriptElement)99, []));
    }

    [Fact]
    public void Bytes_changed_anywhere_are_read_or_refused_and_what_is_read_can_be_written()
    {
        var random = new Random(4711);
        byte[] seed = ScriptCodec.Encode(Sample());
        int read = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] bytes = [.. seed];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(1, bytes.Length)] = (byte)random.Next(random.Next(2) == 0 ? 20 : 256);
            }

            bytes = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            try
            {
                ScriptValue value = ScriptCodec.Decode(bytes);
                byte[] again = ScriptCodec.Encode(value);
                Assert.Equal(again, ScriptCodec.Encode(ScriptCodec.Decode(again)));
                read++;
            }
            catch (FormatException)
            {
            }
        }

        Assert.InRange(read, 1_000, 49_000);
        Figures.Print($"script values: 50000 with bytes changed (seed 4711), {read} read, the others refused");
    }

    private static ScriptObject Sample()
    {
        var value = new ScriptObject { Properties = { ["text"] = "ä", ["half"] = "\ud83d", ["big"] = BigInteger.Pow(7, 30), ["date"] = new ScriptDate(1) } };
        value.Properties["map"] = new ScriptMap(new KeyValuePair<ScriptValue, ScriptValue>(value, new ScriptSet(1.0, true, ScriptValue.Undefined)));
        value.Properties["list"] = new ScriptArray(ScriptValue.Hole, new ScriptRegExp("a", "g"), new ScriptBytes(ScriptElement.Int16Array, [1, 2, 3, 4]), value);
        return value;
    }
}
