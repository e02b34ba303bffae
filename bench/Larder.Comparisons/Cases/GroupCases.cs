using System.Buffers.Binary;
using System.Security.Cryptography;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;
using Larder.NostrMls;

namespace Larder.Comparisons.Cases;

/// <summary>Storage of Nostr groups in memory beside the design it replaces: a group of 10,000 messages and one of 100 among others, and a group of 1,000 MLS values.</summary>
internal static class GroupCases
{
    private const int Messages = 10_000;
    private const int FewMessages = 100;
    private const int OtherGroups = 20;
    private const int Values = 1_000;
    private const int Changes = 10;

    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(150);

    public static void Measure(Run run)
    {
        using var store = new NostrMlsStore();
        using var lru = new LruGroups(1_000);
        MlsGroupId[] groups = [.. Enumerable.Range(0, OtherGroups).Select(Group)];
        var messages = new Message[Messages];
        for (int group = 0; group < groups.Length; group++)
        {
            store.SaveGroup(new Group { MlsGroupId = groups[group], NostrGroupId = new NostrGroupId(Hash(group)), Name = "a group" });
            for (int i = 0; i < (group < 1 ? Messages : FewMessages); i++)
            {
                Message message = NewMessage(groups[group], i);
                messages[i] = group == 0 ? message : messages[i];
                store.SaveMessage(message);
                lru.SaveMessage(message);
                lru.SaveMessageToList(message);
            }
        }

        for (ulong i = 0; i < Values; i++)
        {
            for (int group = 1; group <= 2; group++)
            {
                store.Mls.WriteEpochKeyPairs(groups[group], Key(i), 0, [Hash((int)i)]);
                lru.Write(groups[group], i, Hash((int)i));
            }
        }

        Message[] inOrder = [.. messages];   // as they arrive
        new Random(3).Shuffle(messages);
        foreach (int threads in Run.ThreadCounts)
        {
            // Saving messages that are there: the group keeps its size. Both index them anew.
            Compare(Work.GroupSave, Messages, threads, (_, i) => store.SaveMessage(inOrder[i % Messages]), (_, i) => lru.SaveMessage(inOrder[i % Messages]), ("LRU lists behind a lock", (_, i) => lru.SaveMessageToList(inOrder[i % Messages])));
            Compare(Work.GroupFind, Messages, threads, (_, i) => Sink.Take(store.FindMessage(groups[0], messages[i % Messages].Id)!.Kind), (_, i) => Sink.Take(lru.FindMessage(groups[0], messages[i % Messages].Id)!.Kind));
            Compare(Work.GroupPage, Messages, threads, (_, _) => Sink.Take(store.GetMessages(groups[0], new MessageQuery { Limit = 50 }).Count), (_, _) => Sink.Take(lru.Page(groups[0], 50).Count));
            Compare(Work.GroupPage, FewMessages, threads, (_, _) => Sink.Take(store.GetMessages(groups[1], new MessageQuery { Limit = 50 }).Count), (_, _) => Sink.Take(lru.Page(groups[1], 50).Count));
            Compare(Work.GroupRollback, Values, threads, (thread, i) => Undo(thread, i, store), (thread, i) => Undo(thread, i, lru));
        }

        void Compare(Work work, int entries, int threads, Action<int, int> mine, Action<int, int> theirs, params (string Name, Action<int, int> Act)[] others) => run.Measure(
            work,
            entries,
            threads,
            [Contender.Paced("Larder", _slice, threads, Each(mine)), Contender.Paced("LRU maps behind a lock", _slice, threads, Each(theirs)), .. others.Select(other => Contender.Paced(other.Name, _slice, threads, Each(other.Act)))]);

        void Undo<T>(int thread, int round, T target)
        {
            MlsGroupId group = groups[1 + thread];
            byte[] value = Hash(round);
            if (target is NostrMlsStore mine)
            {
                mine.CreateSnapshot(group, "before");
                for (ulong i = 0; i < Changes; i++)
                {
                    mine.Mls.WriteEpochKeyPairs(group, Key(i), 0, [value]);
                }

                mine.RollbackToSnapshot(group, "before");
                return;
            }

            lru.Snapshot(group, "before");
            for (ulong i = 0; i < Changes; i++)
            {
                lru.Write(group, i, value);
            }

            lru.Rollback(group, "before");
        }
    }

    private static Share Each(Action<int, int> operation) => (thread, from, to) =>
    {
        for (int i = from; i < to; i++)
        {
            operation(thread, i);
        }
    };

    private static MlsGroupId Group(int number) => new(Hash(1_000_000 + number));

    private static Message NewMessage(MlsGroupId group, int number)
    {
        var author = new PublicKey(Hash(number % 7));
        var id = new EventId(Hash(2_000_000 + number));
        var tags = new Tags([["h", "a group"], ["e", "another event"]]);
        return new Message
        {
            Id = id,
            Pubkey = author,
            Kind = 9,
            MlsGroupId = group,
            CreatedAt = new UnixSeconds((ulong)number),
            ProcessedAt = new UnixSeconds((ulong)number),
            Content = "a message of the usual length, which is not much more than a line",
            Tags = tags,
            Event = new UnsignedEvent { Id = id, PubKey = author, CreatedAt = new UnixSeconds((ulong)number), Kind = 9, Tags = tags, Content = "a message of the usual length, which is not much more than a line" },
            WrapperEventId = new EventId(Hash(3_000_000 + number)),
            Epoch = 1,
        };
    }

    private static byte[] Key(ulong number)
    {
        var key = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(key, number);
        return key;
    }

    private static byte[] Hash(int number) => SHA256.HashData(BitConverter.GetBytes(number));
}
