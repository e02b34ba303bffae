using Larder.Eviction;
using Xunit;

namespace Larder.Tests.Eviction;

/// <summary>The sketch estimates, never too low by itself, forgets in the end, and loses nothing by growing.</summary>
public sealed class FrequencySketchTests
{
    [Fact]
    public void An_estimate_is_at_least_what_was_counted()
    {
        var sketch = new FrequencySketch(1000);
        for (uint key = 0; key < 1000; key++)
        {
            for (uint i = 0; i < key % 10; i++)
            {
                sketch.Increment(key * 77_777);
            }
        }

        Assert.All(Enumerable.Range(0, 1000), key => Assert.InRange(sketch.Estimate((uint)key * 77_777), key % 10, FrequencySketch.Highest));
        Assert.True(Enumerable.Range(0, 1000).Average(key => sketch.Estimate((uint)key * 77_777) - (key % 10)) < 0.5);
    }

    [Fact]
    public void Growing_keeps_every_estimate()
    {
        var sketch = new FrequencySketch(300);
        for (uint key = 0; key < 500; key++)
        {
            sketch.Increment(key);
            sketch.Increment(key % 50);
        }

        int[] before = [.. Enumerable.Range(0, 500).Select(key => sketch.Estimate((uint)key))];
        for (int i = 0; i < 8; i++)
        {
            sketch.Grow();
        }

        Assert.True(sketch.Entries >= 300 << 8);
        Assert.Equal(before, Enumerable.Range(0, 500).Select(key => sketch.Estimate((uint)key)));
    }

    [Fact]
    public void Old_fame_fades()
    {
        var sketch = new FrequencySketch(256);
        for (int i = 0; i < 15; i++)
        {
            sketch.Increment(7);
        }

        for (uint i = 0; i < 256 * 60; i++)
        {
            sketch.Increment(1000 + i);
        }

        Assert.InRange(sketch.Estimate(7), 0, 10);
    }
}
