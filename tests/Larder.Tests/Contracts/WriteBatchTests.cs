using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>A batch keeps copies of what it was given, in order, and refuses what no store could apply.</summary>
public sealed class WriteBatchTests
{
    [Fact]
    public void Items_are_kept_in_order()
    {
        WriteBatch batch = new WriteBatch()
            .Require("a", 7)
            .Set("a", "x"u8, TimeSpan.FromSeconds(1), ValueKind.Text)
            .Set("b", [1])
            .Increment("n", -2, Expiry.None)
            .Remove("c")
            .Clear();

        Assert.Equal(6, batch.Count);
        Assert.Equal(
            [BatchOperation.Require, BatchOperation.Set, BatchOperation.Set, BatchOperation.Increment, BatchOperation.Remove, BatchOperation.Clear],
            batch.Items.Select(item => item.Operation));
        Assert.Equal(7, batch.Items[0].Number);
        Assert.Equal((ValueKind.Text, Expiry.In(TimeSpan.FromSeconds(1))), (batch.Items[1].Kind, batch.Items[1].Expiry));
        Assert.Equal([1], batch.Items[2].Value.ToArray());
        Assert.Equal((-2, Expiry.None), (batch.Items[3].Number, batch.Items[3].Expiry));
        Assert.Equal("c"u8.ToArray(), batch.Items[4].Utf8Key.ToArray());
        Assert.True(batch.Items[5].Utf8Key.IsEmpty);
        Assert.True(batch.Items[4].Value.IsEmpty);
    }

    [Fact]
    public void Values_are_copied()
    {
        byte[] value = [1, 2];
        WriteBatch batch = new WriteBatch().Set("k", value).Set("k", value.AsSpan()).Set("k", value.AsMemory());
        value[0] = 9;
        Assert.All(batch.Items, item => Assert.Equal([1, 2], item.Value.ToArray()));
    }

    [Fact]
    public void Typed_values_go_through_the_serializer()
    {
        WriteBatch batch = new WriteBatch().Set("text", "x").Set("number", 5, JsonValueSerializer.Default).Set("own", 5, new Fixed());
        Assert.Equal([ValueKind.Text, ValueKind.Serialized, ValueKind.Serialized], batch.Items.Select(item => item.Kind));
        Assert.Equal(["x", "5", "fixed"], batch.Items.Select(item => System.Text.Encoding.UTF8.GetString(item.Value.Span)));
    }

    [Fact]
    public void Keys_that_are_none_are_refused_where_they_are_added()
    {
        RefusesKey("", "key cannot be empty");
        RefusesKey("\ud800", "unpaired surrogate");
    }

    private static void RefusesKey(string key, string message)
    {
        var batch = new WriteBatch();
        foreach (Action add in new Action[]
        {
            () => batch.Set(key, "v"u8), () => batch.Set(key, [1]), () => batch.Set(key, "v"), () => batch.Remove(key), () => batch.Increment(key), () => batch.Require(key, 0),
        })
        {
            ArgumentException refusal = Assert.Throws<ArgumentException>(nameof(key), add);
            Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentNullException>(nameof(key), () => batch.Remove(null!));
        Assert.Throws<ArgumentNullException>("value", () => batch.Set("k", (byte[])null!));
        Assert.Throws<ArgumentNullException>("batch", () => ((WriteBatch)null!).Set("k", 5, JsonValueSerializer.Default));
        Assert.Throws<ArgumentNullException>("batch", () => ((WriteBatch)null!).Set("k", "v"));
        Assert.Throws<ArgumentNullException>("serializer", () => batch.Set("k", 5, null!));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void Items_are_for_reading_only()
    {
        WriteBatch batch = new WriteBatch().Remove("k");
        Assert.Throws<NotSupportedException>(() => ((IList<BatchItem>)batch.Items).Clear());
        Assert.Single(batch.Items);
    }

    [Fact]
    public void There_is_a_largest_batch()
    {
        var batch = new WriteBatch();
        for (int i = 0; i < WriteBatch.MaxItems; i++)
        {
            batch.Remove("k");
        }

        StoreLimitException refusal = Assert.Throws<StoreLimitException>(() => batch.Remove("k"));
        Assert.Equal("WriteBatch.MaxItems is 65536 items, but 65537 items were given; nothing was changed.", refusal.Message);
        Assert.Equal(WriteBatch.MaxItems, batch.Count);
    }

    private sealed class Fixed : IValueSerializer
    {
        public void Serialize<T>(T value, System.Buffers.IBufferWriter<byte> destination) => System.Buffers.BuffersExtensions.Write(destination, "fixed"u8);

        public T? Deserialize<T>(ReadOnlySpan<byte> source) => default;
    }
}
