using System.Text.Json;
using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>Typed values there and back, and the errors of those that are something else.</summary>
public sealed class ValueCodecTests
{
    private static readonly JsonValueSerializer _json = JsonValueSerializer.Default;

    [Fact]
    public void What_goes_in_comes_out()
    {
        Assert.Equal("text", Back("text"));
        Assert.Equal([1, 2], Back(new byte[] { 1, 2 })!);
        Assert.Equal(5.5, Back(5.5));
        Assert.Equal(DayOfWeek.Friday, Back(DayOfWeek.Friday));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Back(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(5, Back<int?>(5));
        Assert.True(Back(true));
        Assert.Equal(["a", "b"], Back(new List<string> { "a", "b" })!);
    }

    [Fact]
    public void Bytes_that_are_no_such_object_are_an_error_with_its_cause()
    {
        Entry entry = Stored("{\"not\": \"a number\"}", ValueKind.Serialized);
        ValueKindException refusal = Assert.Throws<ValueKindException>(() => ValueCodec.Decode<int>(entry, _json));
        Assert.IsType<JsonException>(refusal.InnerException);
        Assert.Equal("the value of 'k' is stored as a serialized object and cannot be read as System.Int32.", refusal.Message);
        Assert.Equal(("k", ValueKind.Serialized), (refusal.Key, refusal.Stored));
    }

    [Theory]
    [InlineData("42", 42)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void A_counter_is_read_as_a_whole_number(string text, long number)
    {
        Entry entry = Stored(text, ValueKind.Counter);
        Assert.Equal(number, ValueCodec.Decode<long>(entry, _json));
        Assert.Equal(number, ValueCodec.Decode<long?>(entry, _json));
        Assert.Equal(number, ValueCodec.Decode<double>(entry, _json));
    }

    [Fact]
    public void A_counter_is_read_as_nothing_else()
    {
        Entry entry = Stored("300", ValueKind.Counter);
        Assert.Throws<ValueKindException>(() => ValueCodec.Decode<bool>(entry, _json));
        Assert.Throws<ValueKindException>(() => ValueCodec.Decode<char>(entry, _json));
        Assert.Throws<ValueKindException>(() => ValueCodec.Decode<string>(entry, _json));
        Assert.Throws<ValueKindException>(() => ValueCodec.Decode<byte[]>(entry, _json));
        Assert.Throws<ValueKindException>(() => ValueCodec.Decode<Uri>(entry, _json));
        Assert.IsType<OverflowException>(Assert.Throws<ValueKindException>(() => ValueCodec.Decode<byte>(entry, _json)).InnerException);
    }

    [Fact]
    public void Kinds_say_what_they_are()
    {
        Assert.Contains("stored as bytes", new ValueKindException("k", ValueKind.Bytes, typeof(int)).Message, StringComparison.Ordinal);
        Assert.Contains("stored as text", new ValueKindException("k", ValueKind.Text, typeof(int)).Message, StringComparison.Ordinal);
        Assert.Contains("stored as a counter", new ValueKindException("k", ValueKind.Counter, typeof(Uri)).Message, StringComparison.Ordinal);
    }

    private static T? Back<T>(T value)
    {
        byte[] bytes = ValueCodec.Encode(value, _json, out ValueKind kind);
        return ValueCodec.Decode<T>(new Entry("k"u8.ToArray(), bytes, 1, expiresAt: null, kind), _json);
    }

    private static Entry Stored(string text, ValueKind kind) => new("k"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(text), 1, expiresAt: null, kind);
}
