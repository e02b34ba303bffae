using System.Globalization;
using System.Text;
using Larder.Primitives;
using Xunit;

namespace Larder.Tests.Primitives;

public sealed class KeyedHashTests
{
    private readonly KeyedHash _hash = new(0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9);

    [Fact]
    public void Every_bit_and_the_length_count()
    {
        var seen = new HashSet<ulong>();
        int hashes = 0;
        for (int length = 0; length <= 70; length++)
        {
            var data = new byte[length];
            Add(data);
            for (int bit = 0; bit < length * 8; bit++)
            {
                data[bit / 8] ^= (byte)(1 << (bit % 8));
                Add(data);
                data[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.Equal(hashes, seen.Count);

        void Add(byte[] data)
        {
            hashes++;
            seen.Add(_hash.Of(data));
        }
    }

    /// <summary>The table takes the place in a segment from the low bits and the segment from the high ones: both must be even for keys that differ little.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(56)]
    public void Keys_that_count_upwards_are_spread_evenly(int shift)
    {
        const int Keys = 100_000;
        int[] buckets = new int[256];
        for (int i = 0; i < Keys; i++)
        {
            buckets[(byte)(_hash.Of(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"user:{i}"))) >> shift)]++;
        }

        double mean = Keys / 256.0;
        Assert.All(buckets, count => Assert.InRange(count, mean - (6 * Math.Sqrt(mean)), mean + (6 * Math.Sqrt(mean))));
    }

    [Fact]
    public void Two_stores_hash_differently()
    {
        Assert.NotEqual(KeyedHash.Random().Of("key"u8), KeyedHash.Random().Of("key"u8));
    }
}
