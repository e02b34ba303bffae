using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.NostrMls;
using Larder.NostrMls;

namespace Larder.Comparisons.Cases.NostrMls;

/// <summary>
/// The store for group messaging in memory, against the design it replaces. Each thread works on a group of its own with as many messages as groups keep, in one store;
/// others hold a thousand each.
/// </summary>
internal static class MlsCases
{
    private const int Page = 50;
    private const int OtherMessages = 1_000;
    private const int WritesOfACommit = 8;
    private const string SnapshotName = "before the commit";

    public static void Measure(Run run)
    {
        foreach (int messages in run.Effort.MlsMessages)
        {
            foreach (int others in run.Effort.MlsOtherGroups)
            {
                MeasureMessages(run, messages, others);
            }
        }

        MeasureSnapshots(run);
    }

    private static void MeasureMessages(Run run, int messages, int others)
    {
        using var store = new NostrMlsStore(new MlsStoreOptions { MaxMessagesPerGroup = messages });
        using var original = new OriginalDesign(messages);
        int busiest = Run.ThreadCounts.Max();
        for (int group = 0; group < busiest + others; group++)
        {
            store.SaveGroup(MlsInputs.Group(group));
            original.SaveGroup(MlsInputs.Group(group));
            for (int number = 0; number < (group < busiest ? messages : OtherMessages); number++)
            {
                Message message = MlsInputs.Message(group, number);
                store.SaveMessage(message);
                original.SaveMessage(message);
            }
        }

        MlsGroupId[] ids = [.. Enumerable.Range(0, busiest).Select(MlsInputs.GroupId)];
        EventId[] wanted = [.. Enumerable.Range(0, 4_096).Select(i => MlsInputs.EventId((int)(i * 7_919L % messages)))];
        foreach (int threads in Run.ThreadCounts)
        {
            Compare(
                run,
                Work.MlsPage(others),
                messages,
                threads,
                (thread, _) => store.GetMessages(ids[thread], new MessageQuery { Limit = Page }).Count,
                (thread, _) => original.Page(ids[thread], Page).Count);
            Compare(
                run,
                Work.MlsFind(others),
                messages,
                threads,
                (thread, i) => store.FindMessage(ids[thread], wanted[i % wanted.Length]) is null ? throw Lost() : 1,
                (thread, i) => original.Find(ids[thread], wanted[i % wanted.Length]) is null ? throw Lost() : 1);

            // New ones all the time, the oldest goes: made before, so that making them is not counted.
            Message[][] fresh = [.. Enumerable.Range(0, busiest).Select(group => Enumerable.Range(messages, 2 * messages).Select(number => MlsInputs.Message(group, number)).ToArray())];
            int[] next = new int[busiest];
            int[] nextOfOriginal = new int[busiest];
            Compare(
                run,
                Work.MlsSave(others),
                messages,
                threads,
                (thread, _) =>
                {
                    store.SaveMessage(fresh[thread][next[thread]++ % fresh[thread].Length]);
                    return 1;
                },
                (thread, _) =>
                {
                    original.SaveMessage(fresh[thread][nextOfOriginal[thread]++ % fresh[thread].Length]);
                    return 1;
                });
        }
    }

    /// <summary>What an engine does when a better commit arrives: a snapshot, the writes of a commit, and back.</summary>
    private static void MeasureSnapshots(Run run)
    {
        using var store = new NostrMlsStore();
        using var original = new OriginalDesign(OtherMessages);
        int busiest = Run.ThreadCounts.Max();
        byte[][] values = [.. Enumerable.Range(0, MlsInputs.MlsValues).Select(MlsInputs.MlsValue)];
        byte[][] epochs = [.. Enumerable.Range(0, MlsInputs.MlsValues).Select(i => MlsInputs.Bytes(i, 8))];
        MlsGroupId[] ids = [.. Enumerable.Range(0, busiest).Select(MlsInputs.GroupId)];
        for (int group = 0; group < busiest; group++)
        {
            store.SaveGroup(MlsInputs.Group(group));
            original.SaveGroup(MlsInputs.Group(group));
            for (int i = 0; i < MlsInputs.MlsValues; i++)
            {
                store.Mls.WriteEpochKeyPairs(ids[group], epochs[i], 0, [values[i]]);
                original.WriteMls(ids[group], i, values[i]);
            }
        }

        foreach (int threads in Run.ThreadCounts)
        {
            Compare(
                run,
                Work.MlsSnapshot,
                MlsInputs.MlsValues,
                threads,
                (thread, i) =>
                {
                    store.CreateSnapshot(ids[thread], SnapshotName);
                    for (int write = 0; write < WritesOfACommit; write++)
                    {
                        store.Mls.WriteEpochKeyPairs(ids[thread], epochs[(i + write) % epochs.Length], 0, [values[write]]);
                    }

                    store.RollbackToSnapshot(ids[thread], SnapshotName);
                    return 1;
                },
                (thread, i) =>
                {
                    original.CreateSnapshot(ids[thread], SnapshotName);
                    for (int write = 0; write < WritesOfACommit; write++)
                    {
                        original.WriteMls(ids[thread], (i + write) % epochs.Length, values[write]);
                    }

                    original.Rollback(ids[thread], SnapshotName);
                    return 1;
                });
        }
    }

    private static void Compare(Run run, Work work, int entries, int threads, Func<int, int, int> ours, Func<int, int, int> theirs) => run.Measure(
        work,
        entries,
        threads,
        [Contender.Paced("Larder", run.Effort.Slice, threads, Loop(ours)), Contender.Paced(OriginalDesign.Name, run.Effort.Slice, threads, Loop(theirs))]);

    private static Share Loop(Func<int, int, int> operation) => (thread, from, to) =>
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            sum += operation(thread, i);
        }

        Sink.Take(sum);
    };

    private static InvalidOperationException Lost() => new("a message is not there.");
}
