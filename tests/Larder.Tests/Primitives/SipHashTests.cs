using Larder.Primitives;
using Xunit;

namespace Larder.Tests.Primitives;

public sealed class SipHashTests
{
    /// <summary>Key 00 01 … 0f over 00 01 … n−1: the set-up of the vectors in the paper's appendix, here for one and three rounds.</summary>
    [Theory]
    [InlineData(0, 0xabac0158050fc4dcUL)]
    [InlineData(1, 0xc9f49bf37d57ca93UL)]
    [InlineData(7, 0xd3927d989bb11140UL)]
    [InlineData(8, 0x369095118d299a8eUL)]
    [InlineData(15, 0xd320d86d2a519956UL)]
    [InlineData(16, 0xcc4fdd1a7d908b66UL)]
    [InlineData(63, 0x9d199062b7bbb3a8UL)]
    public void The_hash_is_that_of_the_reference(int length, ulong expected)
    {
        var hash = new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];

        Assert.Equal(expected, hash.Of(data));
    }

    [Fact]
    public void Two_stores_hash_differently()
    {
        Assert.NotEqual(SipHash.Random().Of("key"u8), SipHash.Random().Of("key"u8));
    }
}
