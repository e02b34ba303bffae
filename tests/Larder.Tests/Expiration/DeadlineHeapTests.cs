using System.Globalization;
using Larder.Entries;
using Larder.Expiration;
using Larder.Tests.Engine;
using Xunit;

namespace Larder.Tests.Expiration;

public sealed class DeadlineHeapTests
{
    [Fact]
    public void What_is_due_comes_in_the_order_of_its_deadlines_however_they_were_changed()
    {
        var random = new Random(11);
        var heap = new DeadlineHeap();
        Node[] nodes = [.. Enumerable.Range(0, 2_000).Select(i => Nodes.New(i.ToString(CultureInfo.InvariantCulture)))];
        var expected = new Dictionary<Node, long>();
        for (int i = 0; i < 20_000; i++)
        {
            Node node = nodes[random.Next(nodes.Length)];
            long deadline = random.Next(5) == 0 ? Expiry.Never : random.Next(1_000);
            node.Head = Nodes.Version(deadline);
            heap.Set(node, deadline);
            expected.Remove(node);
            if (deadline != Expiry.Never)
            {
                expected.Add(node, deadline);
            }
        }

        Assert.True(heap.IsConsistent());
        Assert.Equal(expected.Count, heap.Count);
        Assert.Equal(expected.Values.LongCount(deadline => deadline <= 300), heap.CountDue(300));

        var order = new List<long>();
        while (heap.Due(500) is { } due)
        {
            order.Add(expected[due]);
            heap.Remove(due);
            Assert.Equal(-1, due.DeadlineAt);
        }

        Assert.Equal(expected.Values.Where(deadline => deadline <= 500).Order(), order);
        Assert.Equal(expected.Values.Where(deadline => deadline > 500).Min(), heap.Earliest);
        Assert.True(heap.IsConsistent());
    }
}
