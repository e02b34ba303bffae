using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.State;

/// <summary>The order beside a sorted list.</summary>
public sealed class MessageOrderTests
{
    [Theory]
    [InlineData(0)]        // in order
    [InlineData(20)]       // nearly in order, as messages come
    [InlineData(100_000)]  // in no order
    public void An_order_does_what_a_sorted_list_would_and_older_versions_stay(int disorder)
    {
        var random = new Random(7);
        MessageOrder<ulong, ByCreated> order = MessageOrder<ulong, ByCreated>.Empty;
        var model = new SortedDictionary<ulong, Message>();
        var old = new List<(MessageOrder<ulong, ByCreated> Order, SortedDictionary<ulong, Message> Model)> { (order, []) };
        for (int step = 0; step < 12_000; step++)
        {
            ulong created = (ulong)((2 * step) + random.Next(1 + (2 * disorder)));
            if (model.Count > 0 && random.Next(step < 6_000 ? 8 : 2) == 0)
            {
                created = random.Next(3) switch { 0 => model.First().Key, 1 => order.Greatest!.CreatedAt.Value, _ => model.Keys.ElementAt(random.Next(model.Count)) };
                model.Remove(created);
                order = order.Remove(created);
            }
            else
            {
                model[created] = Some.Message(1, step) with { CreatedAt = new UnixSeconds(created) };
                order = order.Set(model[created]);
            }

            if (step % 1_000 == 0)
            {
                Check(order, model, random);
                old.Add((order, new(model)));
            }
            else if (step % 333 == 0)
            {
                order.Set(Some.Message(1, step) with { CreatedAt = new UnixSeconds(ulong.MaxValue) });   // given up
            }
            else if (step % 1_777 == 0)
            {
                (order, SortedDictionary<ulong, Message> then) = old[^1];
                model = new(then);
            }
        }

        Assert.All(old, version => Assert.Equal(version.Model.Values, version.Order.Ascending()));
        foreach (ulong created in model.Keys.ToList())
        {
            order = order.Remove(created);
        }

        Check(order, [], random);
    }

    private static void Check(MessageOrder<ulong, ByCreated> order, SortedDictionary<ulong, Message> model, Random random)
    {
        Message[] sorted = [.. model.Values];
        Assert.Equal(sorted, order.Ascending());
        Assert.Equal(sorted.Reverse(), order.Descending());
        Assert.Equal((sorted.FirstOrDefault(), sorted.LastOrDefault()), (order.Least, order.Greatest));
        for (int i = 0; i < 20; i++)
        {
            int offset = i < 10 ? random.Next(80) : random.Next(sorted.Length + 10);
            int limit = random.Next(100);
            Assert.Equal(sorted.Reverse().Skip(offset).Take(limit), order.Page(offset, limit));
        }

        Assert.Equal(sorted.Reverse(), order.Page(0, int.MaxValue));
        Assert.Empty(order.Page(int.MaxValue, 5));
    }

    private readonly struct ByCreated : IOrder<Message, ulong>
    {
        public static ulong KeyOf(Message item) => item.CreatedAt.Value;
    }
}
