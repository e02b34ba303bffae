using Larder.Primitives;
using Larder.Tests.Concurrency;
using Xunit;

namespace Larder.Tests.Primitives;

public sealed class StripedCounterTests
{
    [Fact]
    public void No_increment_of_any_thread_is_lost()
    {
        var counter = new StripedCounter();

        Together.Run(8, _ =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                counter.Increment();
            }
        });

        Assert.Equal(800_000, counter.Value);
    }
}
