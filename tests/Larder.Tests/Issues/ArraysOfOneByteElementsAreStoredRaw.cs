using Xunit;

namespace Larder.Tests.Issues;

/// <summary>`value is byte[]` is true for sbyte[] and for arrays of enums over byte (the runtime's array rules), so they are stored raw and cannot be read back.</summary>
public sealed class ArraysOfOneByteElementsAreStoredRaw
{
    private enum Colour : byte
    {
        Red = 1,
        Green = 2,
    }

    [Fact]
    public void Signed_bytes_come_back()
    {
        using var store = new Store();
        store.Set("k", new sbyte[] { -1, 2 });
        Assert.True(store.TryGet("k", out sbyte[]? back));
        Assert.Equal([-1, 2], back!);
    }

    [Fact]
    public void Enums_over_byte_come_back()
    {
        using var store = new Store();
        store.Set("k", new[] { Colour.Red, Colour.Green });
        Assert.True(store.TryGet("k", out Colour[]? back));
        Assert.Equal([Colour.Red, Colour.Green], back!);
    }
}
