using Larder.Entries;
using Larder.Eviction;
using Larder.Tests.Engine;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// A node that leaves and comes back (it expired in the commit that sets it, or a scan pins it) got a second place in the queue, and the first
/// counted as valid again: places piled up, and every other removal walked them all.
/// </summary>
public sealed class ReusedNodesFillTheEvictionQueue
{
    [Fact]
    public void However_often_a_node_comes_back_it_has_one_place_and_what_is_left_over_is_swept()
    {
        Node[] nodes = [.. Enumerable.Range(0, 1_000).Select(i => Nodes.New($"k{i}"))];
        var queue = new EvictionQueue();
        for (int round = 0; round < 50; round++)
        {
            foreach (Node node in nodes)
            {
                queue.Add(node);
            }

            Assert.Equal(nodes.Length, queue.Count);
            foreach (Node node in nodes)
            {
                queue.Remove(node);
            }

            Assert.InRange(queue.Places, 0, 64);
        }
    }
}
