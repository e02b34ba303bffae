using System.Globalization;
using System.Text;
using Xunit;

namespace Larder.Tests.Concurrency;

[Collection(nameof(Concurrency))]
public sealed class IncrementTests
{
    private const int Threads = 16;
    private const int IncrementsEach = 1_000_000;
    private const int SpreadKeys = 64;

    [Fact]
    public void No_increment_is_lost_on_one_key_nor_on_many()
    {
        using var store = new Store();
        byte[][] keys = [.. Enumerable.Range(0, SpreadKeys).Select(key => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"spread:{key:D2}")))];

        Together.Run(Threads, thread =>
        {
            for (int i = 0; i < IncrementsEach; i += 2)
            {
                store.Increment("one"u8);
                store.Increment(keys[(thread + i) % SpreadKeys]);
            }
        });

        const long Half = (long)Threads * IncrementsEach / 2;
        Assert.Equal(Half, store.Increment("one", 0));
        Assert.Equal(Half, store.Scan("spread:").Sum(entry => long.Parse(entry.Value.Span, CultureInfo.InvariantCulture)));
        store.VerifyIntegrity();
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"increments: {Threads} threads, {2 * Half} increments, 0 lost"));
    }
}
