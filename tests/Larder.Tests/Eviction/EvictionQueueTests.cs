using System.Globalization;
using Larder.Entries;
using Larder.Eviction;
using Larder.Tests.Engine;
using Xunit;

namespace Larder.Tests.Eviction;

public sealed class EvictionQueueTests
{
    private readonly EvictionQueue _queue = new();

    [Fact]
    public void What_was_never_read_goes_before_what_was()
    {
        Node read = Added("read");
        Node unread = Added("unread");
        EvictionQueue.Hit(read);
        EvictionQueue.Hit(read);

        Assert.Same(unread, _queue.Victim());
        Assert.Same(read, _queue.Victim());
        Assert.Null(_queue.Victim());
    }

    [Fact]
    public void What_comes_back_soon_after_it_went_stays_longer_than_a_newcomer()
    {
        for (int i = 0; i < 20; i++)
        {
            Added(i.ToString(CultureInfo.InvariantCulture));
        }

        Node returned = _queue.Victim()!;
        _queue.Add(returned);
        var went = new List<Node>();
        while (_queue.Count > 1)
        {
            went.Add(_queue.Victim()!);
        }

        Assert.Equal(19, went.Distinct().Count());
        Assert.DoesNotContain(returned, went);
    }

    [Fact]
    public void A_node_of_the_commit_under_way_is_passed_over()
    {
        Node busy = Added("busy");
        Node other = Added("other");
        busy.IsBusy = true;

        Assert.Same(other, _queue.Victim());
        Assert.Null(_queue.Victim());
        Assert.Equal(1, _queue.Count);
    }

    /// <summary>The commit's own newcomer may be all that waits in the small queue; then the main queue must give somebody up.</summary>
    [Fact]
    public void A_busy_small_queue_does_not_keep_the_main_queue_from_giving_a_victim()
    {
        Node kept = Added("kept");
        EvictionQueue.Hit(kept);
        EvictionQueue.Hit(kept);
        Node passing = Added("passing");
        Assert.Same(passing, _queue.Victim());   // and on the way 'kept' moved to the main queue
        Node busy = Added("busy");
        busy.IsBusy = true;

        Assert.Same(kept, _queue.Victim());
    }

    [Fact]
    public void The_queue_counts_what_it_holds_and_forgets_what_was_removed()
    {
        var random = new Random(17);
        var held = new HashSet<Node>();
        for (int i = 0; i < 20_000; i++)
        {
            switch (random.Next(4))
            {
                case < 2:
                    held.Add(Added(i.ToString(CultureInfo.InvariantCulture)));
                    break;
                case 2 when held.Count > 0:
                    Node removed = held.First();
                    _queue.Remove(removed);
                    held.Remove(removed);
                    break;
                case 3 when _queue.Victim() is { } victim:
                    Assert.True(held.Remove(victim), "a victim is held, and given up once");
                    break;
            }

            Assert.Equal(held.Count, _queue.Count);
        }
    }

    private Node Added(string key)
    {
        Node node = Nodes.New(key);
        _queue.Add(node);
        return node;
    }
}
