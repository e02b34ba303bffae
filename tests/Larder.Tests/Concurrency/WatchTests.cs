using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>Every commit has its own sequence, one larger than the last: a watcher of everything can see what it was not told.</summary>
[Collection(nameof(Concurrency))]
public sealed class WatchTests
{
    private const int Writers = 4;
    private const int WritesEach = 10_000;
    private const string Last = "the last";

    [Fact]
    public async Task A_watcher_is_told_of_every_commit_in_order_or_how_far_it_missed()
    {
        using var store = new Store();
        await using IAsyncEnumerator<Change> eager = store.Watch().GetAsyncEnumerator();
        await using IAsyncEnumerator<Change> late = store.Watch().GetAsyncEnumerator();
        Task<bool> firstOfLate = late.MoveNextAsync().AsTask();
        Task<(long Told, long Missed)> reading = ReadAsync(eager, eager.MoveNextAsync().AsTask());

        Together.Run(Writers, writer =>
        {
            for (int i = 0; i < WritesEach; i++)
            {
                string key = string.Create(CultureInfo.InvariantCulture, $"{Perturbation.Next(50)}");
                Write(store, key);
            }
        });

        // A closed store ends the streams, once they have given what they hold. Who reads only now has missed something.
        long commits = store.Statistics.LastSequence;
        store.Dispose();
        (long told, long missed) = await reading.WaitAsync(Together.Patience);
        (long lateTold, long lateMissed) = await ReadAsync(late, firstOfLate).WaitAsync(Together.Patience);

        Assert.Equal(commits, told + missed);
        Assert.Equal(commits, lateTold + lateMissed);
        Assert.InRange(lateMissed, 1, commits);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"watch: {commits} commits, told of {told}, a late reader of {lateTold}, the rest announced as missed"));
    }

    [Fact]
    public async Task A_watcher_that_begins_with_what_is_there_can_rebuild_the_store()
    {
        using var store = new Store();
        var copy = new Dictionary<string, string>();
        Task[] writing = [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < WritesEach / 10; i++)
            {
                string key = string.Create(CultureInfo.InvariantCulture, $"{Perturbation.Next(50)}");
                Write(store, key);
            }
        }))];

        Task mirror = Task.Run(async () =>
        {
            await foreach (Change change in store.Watch(includeCurrent: true))
            {
                Assert.NotEqual(ChangeKind.Missed, change.Kind);
                if (change.Key == Last)
                {
                    return;
                }

                if (change.Kind == ChangeKind.Set)
                {
                    copy[change.Key] = Convert.ToHexString(change.Value.Span);
                }
                else
                {
                    Assert.True(copy.Remove(change.Key), "what is removed was there");
                }
            }
        });
        await Task.WhenAll(writing);
        Dictionary<string, string> held = store.Scan().ToDictionary(entry => entry.Key, entry => Convert.ToHexString(entry.Value.Span));
        store.Set(Last, "."u8);
        await mirror.WaitAsync(Together.Patience);

        Assert.Equal(held, copy);
    }

    private static void Write(Store store, string key)
    {
        if (Perturbation.Next(4) == 0)
        {
            store.Remove(key);
        }
        else
        {
            store.Increment(key);
        }
    }

    private static async Task<(long Told, long Missed)> ReadAsync(IAsyncEnumerator<Change> changes, Task<bool> first)
    {
        long told = 0;
        long missed = 0;
        long sequence = 0;
        for (bool more = await first; more; more = await changes.MoveNextAsync())
        {
            Change change = changes.Current;
            if (change.Kind == ChangeKind.Missed)
            {
                Assert.True(change.Sequence > sequence, "what was missed lies ahead");
                missed += change.Sequence - sequence;
            }
            else
            {
                Assert.Equal(sequence + 1, change.Sequence);
                told++;
            }

            sequence = change.Sequence;
        }

        return (told, missed);
    }
}
