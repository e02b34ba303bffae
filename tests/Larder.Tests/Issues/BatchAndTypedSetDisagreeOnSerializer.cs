using System.Buffers;
using System.Text;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>WriteBatch.Set of a typed value used System.Text.Json unless told otherwise, whatever the store's serializer was: what the store then read was not what was meant.</summary>
public sealed class BatchAndTypedSetDisagreeOnSerializer
{
    [Fact]
    public void What_a_batch_writes_the_store_reads()
    {
        using var store = new Store(new StoreOptions { Serializer = new Shout() });
        store.Set("a", 5);
        store.Write(new WriteBatch().Set("b", 5, store.Serializer));
        Assert.True(store.TryGet("a", out Entry a) && store.TryGet("b", out Entry b) && a.Value.Span.SequenceEqual(b.Value.Span));
    }

    private sealed class Shout : IValueSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> destination) => destination.Write(Encoding.UTF8.GetBytes($"!{value}"));

        public T? Deserialize<T>(ReadOnlySpan<byte> source) => default;
    }
}
