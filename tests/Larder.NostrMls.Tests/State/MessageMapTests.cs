using System.Runtime.CompilerServices;
using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.State;

/// <summary>The map beside a dictionary.</summary>
public sealed class MessageMapTests
{
    private static readonly Message[] _messages = [.. Enumerable.Range(0, 3_000).Select(number => Some.Message(1, number))];

    [Fact]
    public void A_map_does_what_a_dictionary_would_and_older_versions_stay()
    {
        var random = new Random(6);
        MessageMap map = MessageMap.Empty;
        var model = new Dictionary<EventId, Message>();
        var old = new List<(MessageMap Map, Dictionary<EventId, Message> Model)>();
        for (int step = 0; step < 40_000; step++)
        {
            Message message = _messages[random.Next(_messages.Length)];
            if (random.Next(3) > 0 == step < 20_000)
            {
                message = random.Next(2) == 0 ? message : message with { Epoch = (ulong)step };
                map = map.Set(message, out Message? before);
                Assert.Same(model.GetValueOrDefault(message.Id), before);
                model[message.Id] = message;
            }
            else if (model.Remove(message.Id))
            {
                map = map.Remove(message.Id);
            }

            Assert.Equal(model.Count, map.Count);
            if (step % 5_000 == 0)
            {
                old.Add((map, new(model)));
            }
            else if (step % 777 == 0)
            {
                (map, Dictionary<EventId, Message> then) = old[random.Next(old.Count)];   // as after a draft that was given up
                model = new(then);
            }
        }

        old.Add((map, model));
        foreach ((MessageMap version, Dictionary<EventId, Message> then) in old)
        {
            Assert.All(_messages, message => Assert.Same(then.GetValueOrDefault(message.Id), version.Find(message.Id)));
        }

        foreach (EventId id in model.Keys)
        {
            map = map.Remove(id);
        }

        Assert.Equal(0, map.Count);
        Assert.All(_messages, message => Assert.Null(map.Find(message.Id)));
    }

    [Fact]
    public void Two_that_go_on_from_one_version_do_not_see_each_other()
    {
        MessageMap both = MessageMap.Empty.Set(_messages[0], out _).Set(_messages[1], out _);
        MessageMap left = both.Set(_messages[2], out _).Remove(_messages[0].Id);
        MessageMap right = both.Set(_messages[3], out _).Remove(_messages[1].Id);

        Assert.Equal([true, true, false, false], Found(both));
        Assert.Equal([false, true, true, false], Found(left));
        Assert.Equal([true, false, false, true], Found(right));

        static bool[] Found(MessageMap map) => [.. _messages.Take(4).Select(message => map.Find(message.Id) is not null)];
    }

    /// <summary>A retired message would be held for ever by a table that only grows.</summary>
    [Fact]
    public void What_was_removed_is_let_go_after_a_few_more_changes()
    {
        MessageMap map = MessageMap.Empty;
        WeakReference[] removed = Removed(ref map);
        for (int i = 0; i < 100; i++)
        {
            map = map.Set(_messages[i], out _);
            map = map.Remove(_messages[i].Id);
        }

        GC.Collect();
        Assert.DoesNotContain(removed, reference => reference.IsAlive);
        Assert.Equal(100, map.Count);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference[] Removed(ref MessageMap map)
        {
            Message[] temporary = [.. Enumerable.Range(5_000, 200).Select(number => Some.Message(1, number))];
            foreach (Message message in temporary)
            {
                map = map.Set(message, out _);
            }

            foreach (Message message in temporary.Take(100))
            {
                map = map.Remove(message.Id);
            }

            return [.. temporary.Take(100).Select(message => new WeakReference(message))];
        }
    }

    [Fact]
    public async Task Readers_of_any_version_see_it_whole_while_a_writer_goes_on()
    {
        const int Kept = 100;
        (MessageMap Map, int Last) published = (MessageMap.Empty, -1);
        foreach (int number in Enumerable.Range(0, Kept))
        {
            published = (published.Map.Set(_messages[number], out _), number);
        }

        var box = new StrongBox<Tuple<MessageMap, int>>(new(published.Map, published.Last));
        using var isOver = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(() => Read(reader)))];
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < _messages.Length; i++)
            {
                int next = (published.Last + 1) % _messages.Length;
                MessageMap map = published.Map.Set(_messages[next], out _).Remove(_messages[(next + _messages.Length - Kept) % _messages.Length].Id);
                if (i % 50 == 0)
                {
                    continue;   // given up
                }

                published = (map, next);
                Volatile.Write(ref box.Value!, new(map, next));
            }
        }

        await isOver.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.NotEqual(0, reads));

        int Read(int seed)
        {
            var random = new Random(seed);
            int reads = 0;
            do
            {
                (MessageMap map, int last) = Volatile.Read(ref box.Value!);
                for (int i = 0; i < 20; i++)
                {
                    int number = random.Next(_messages.Length);
                    bool isThere = (last - number + _messages.Length) % _messages.Length < Kept;
                    Assert.Equal(isThere, map.Find(_messages[number].Id) is not null);
                    reads++;
                }
            }
            while (!isOver.IsCancellationRequested);
            return reads;
        }
    }
}
