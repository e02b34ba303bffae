using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>The serializer by reflection, by options and by generated metadata.</summary>
public sealed partial class JsonValueSerializerTests
{
    internal sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    internal sealed partial class Points : JsonSerializerContext;

    [Fact]
    public void Generated_metadata_is_enough()
    {
        using var store = new Store(new StoreOptions { Serializer = new JsonValueSerializer(Points.Default) });
        store.Set("p", new Point(1, 2));
        Assert.True(store.TryGet("p", out Entry entry));
        Assert.Equal("""{"x":1,"y":2}""", Encoding.UTF8.GetString(entry.Value.Span));
        Assert.True(store.TryGet("p", out Point? point));
        Assert.Equal(new Point(1, 2), point);
    }

    [Fact]
    public void A_type_that_nobody_named_is_refused_with_advice()
    {
        using var store = new Store(new StoreOptions { Serializer = new JsonValueSerializer(Points.Default) });
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => store.Set("v", new Version(1, 2)));
        Assert.Contains("knows nothing of System.Version", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("JsonSerializerContext", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, store.Count());
    }

    [Fact]
    public void Options_count()
    {
        var serializer = new JsonValueSerializer(new JsonSerializerOptions(JsonSerializerOptions.Web));
        var writer = new ArrayBufferWriter<byte>();
        serializer.Serialize(new Point(3, 4), writer);
        Assert.Equal("""{"x":3,"y":4}""", Encoding.UTF8.GetString(writer.WrittenSpan));
        Assert.Equal(new Point(3, 4), serializer.Deserialize<Point>(writer.WrittenSpan));
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>("context", () => new JsonValueSerializer((JsonSerializerContext)null!));
        Assert.Throws<ArgumentNullException>("options", () => new JsonValueSerializer((JsonSerializerOptions)null!));
        Assert.Throws<ArgumentNullException>("destination", () => JsonValueSerializer.Default.Serialize(1, null!));
        Assert.Throws<JsonException>(() => JsonValueSerializer.Default.Deserialize<int>("x"u8));
    }
}
