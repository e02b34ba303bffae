using Larder.Eviction;
using Xunit;

namespace Larder.Tests.Eviction;

/// <summary>The ghost remembers about as many keys as it is long, and each only once.</summary>
public sealed class GhostQueueTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void The_last_are_remembered_and_the_oldest_are_not(int length)
    {
        var ghost = new GhostQueue(length);
        for (uint key = 0; key < length * 3; key++)
        {
            ghost.Add(key * 2_654_435_761);
        }

        int recent = Enumerable.Range((length * 3) - (length / 2), length / 2).Count(key => ghost.Take((uint)key * 2_654_435_761));
        int old = Enumerable.Range(0, length).Count(key => ghost.Take((uint)key * 2_654_435_761));
        Assert.InRange(recent, length / 2 * 0.9, length / 2);
        Assert.InRange(old, 0, 1 + (length / 100));
    }

    [Fact]
    public void Who_came_back_is_forgotten()
    {
        var ghost = new GhostQueue(100);
        ghost.Add(5);
        Assert.True(ghost.Take(5));
        Assert.False(ghost.Take(5));
    }
}
