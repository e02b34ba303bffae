using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.NostrMls;
using Larder.NostrMls;

namespace Larder.Comparisons.Cases.NostrMls;

/// <summary>
/// The store for group messaging in memory, against the design it replaces. Each thread works on a group of its own with as many messages as groups keep, in one store;
/// others hold a thousand each.
/// </summary>
internal static class GroupCases
{
    private const int Page = 50;
    private const int OtherMessages = 1_000;
    private const int SavesOfASlice = 1_024;
    private const int WritesOfACommit = 8;
    private const string SnapshotName = "before the commit";

    private static readonly int _busiest = Run.ThreadCounts.Max();

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
        MlsGroupId[] ids = [.. Enumerable.Range(0, _busiest).Select(MlsInputs.GroupId)];
        EventId[] wanted = [.. Enumerable.Range(0, 4_096).Select(i => MlsInputs.EventId((int)(i * 7_919L % messages)))];
        using (MlsPair pair = Loaded(messages, others, bound: messages))
        {
            foreach (int threads in Run.ThreadCounts)
            {
                Compare(
                    run,
                    Work.MlsPage(others),
                    messages,
                    threads,
                    (thread, _) => pair.Store.GetMessages(ids[thread], new MessageQuery { Limit = Page }).Count,
                    (thread, _) => pair.Original.Page(ids[thread], Page).Count);
                Compare(
                    run,
                    Work.MlsFind(others),
                    messages,
                    threads,
                    (thread, i) => pair.Store.FindMessage(ids[thread], wanted[i % wanted.Length]) is null ? throw Lost() : 1,
                    (thread, i) => pair.Original.Find(ids[thread], wanted[i % wanted.Length]) is null ? throw Lost() : 1);
            }

            MeasureSaves(run, pair, Work.MlsSaveFull(others), messages, isFull: true);
        }

        using (MlsPair pair = Loaded(messages, others, bound: int.MaxValue))
        {
            MeasureSaves(run, pair, Work.MlsSave(others), messages, isFull: false);
        }
    }

    /// <summary>Each message is newer than all before. Into groups that are not full go few in a slice, and in more rounds, so that they stay about as large as they were.</summary>
    private static void MeasureSaves(Run run, MlsPair pair, Work work, int messages, bool isFull)
    {
        Message[] templates = [.. Enumerable.Range(0, _busiest).Select(group => MlsInputs.Message(group, messages))];
        int[] next = [.. templates.Select(_ => messages)];
        int[] nextOfOriginal = [.. next];
        int operations = Math.Min(SavesOfASlice, messages / 4);
        foreach (int threads in Run.ThreadCounts)
        {
            Share ours = Loop((thread, _) =>
            {
                pair.Store.SaveMessage(MlsInputs.Later(templates[thread], next[thread]++));
                return 1;
            });
            Share theirs = Loop((thread, _) =>
            {
                pair.Original.SaveMessage(MlsInputs.Later(templates[thread], nextOfOriginal[thread]++));
                return 1;
            });
            run.Measure(
                work,
                messages,
                threads,
                [Of("Larder", ours), Of(OriginalDesign.Name, theirs)],
                rounds: isFull ? null : run.Effort.FlushedRounds);

            Contender Of(string name, Share share) => isFull
                ? Contender.Paced(name, run.Effort.Slice, threads, share)
                : new Contender(name, null, () => Timing.NanosecondsEach(operations, threads, share));
        }
    }

    /// <summary>Both sides with the same groups and messages.</summary>
    private static MlsPair Loaded(int messages, int others, int bound)
    {
        var pair = new MlsPair(new NostrMlsStore(new MlsStoreOptions { MaxMessagesPerGroup = bound }), new OriginalDesign(bound));
        for (int group = 0; group < _busiest + others; group++)
        {
            pair.Store.SaveGroup(MlsInputs.Group(group));
            pair.Original.SaveGroup(MlsInputs.Group(group));
            for (int number = 0; number < (group < _busiest ? messages : OtherMessages); number++)
            {
                Message message = MlsInputs.Message(group, number);
                pair.Store.SaveMessage(message);
                pair.Original.SaveMessage(message);
            }
        }

        return pair;
    }

    /// <summary>What an engine does when a better commit arrives: a snapshot, the writes of a commit, and back.</summary>
    private static void MeasureSnapshots(Run run)
    {
        using var pair = new MlsPair(new NostrMlsStore(), new OriginalDesign(OtherMessages));
        (NostrMlsStore store, OriginalDesign original) = pair;
        byte[][] values = [.. Enumerable.Range(0, MlsInputs.MlsValues).Select(MlsInputs.MlsValue)];
        byte[][] epochs = [.. Enumerable.Range(0, MlsInputs.MlsValues).Select(i => MlsInputs.Bytes(i, 8))];
        MlsGroupId[] ids = [.. Enumerable.Range(0, _busiest).Select(MlsInputs.GroupId)];
        for (int group = 0; group < _busiest; group++)
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

    /// <summary>The two sides of a measurement.</summary>
    private sealed record MlsPair(NostrMlsStore Store, OriginalDesign Original) : IDisposable
    {
        public void Dispose()
        {
            Store.Dispose();
            Original.Dispose();
        }
    }
}
