using System.Globalization;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Only reads raise a node's frequency: the busiest counter of a store that evicts goes like a key that nobody ever used, and counts from 0 again.</summary>
public sealed class KeysThatAreOnlyWrittenAreEvictedFirst
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_counter_in_constant_use_stays(bool read)
    {
        using var store = new Store(new StoreOptions { MaxEntries = 100, WhenFull = WhenFull.Evict });
        for (int i = 1; i <= 10_000; i++)
        {
            long sum = store.Increment("hot");
            Assert.True(sum == i, $"increment {i} of the hottest key returned {sum}");
            if (read)
            {
                store.Exists("hot");
            }

            store.Set(i.ToString(CultureInfo.InvariantCulture), "v"u8);
        }
    }
}
