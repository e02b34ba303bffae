using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.State;

/// <summary>The map beside a dictionary.</summary>
public sealed class MessageMapTests
{
    [Fact]
    public void A_map_does_what_a_dictionary_would_and_older_versions_stay()
    {
        var random = new Random(6);
        MessageMap map = MessageMap.Empty;
        var model = new Dictionary<EventId, StoredMessage>();
        var old = new List<(MessageMap Map, Dictionary<EventId, StoredMessage> Model)>();
        StoredMessage[] messages = [.. Enumerable.Range(0, 3_000).Select(number => new StoredMessage(Some.Message(1, number), 1))];
        for (int step = 0; step < 40_000; step++)
        {
            StoredMessage message = messages[random.Next(messages.Length)];
            if (random.Next(3) > 0 == step < 20_000)
            {
                message = random.Next(2) == 0 ? message : new StoredMessage(message.Message, step);
                map = map.Set(message);
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
        }

        old.Add((map, model));
        foreach ((MessageMap version, Dictionary<EventId, StoredMessage> then) in old)
        {
            Assert.All(messages, message => Assert.Same(then.GetValueOrDefault(message.Id), version.Find(message.Id)));
        }

        foreach (EventId id in model.Keys)
        {
            map = map.Remove(id);
        }

        Assert.Equal(0, map.Count);
        Assert.All(messages, message => Assert.Null(map.Find(message.Id)));
    }
}
