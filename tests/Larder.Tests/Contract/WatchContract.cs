using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Watching: every change that a reader could see, in commit order, or a word that some were missed.</summary>
public abstract class WatchContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public async Task Every_kind_of_change_is_reported()
    {
        if (Lacking())
        {
            return;
        }

        await using IAsyncEnumerator<Change> watch = Begin();
        long set = Store.Set("k", "v"u8, TimeSpan.FromMinutes(1));
        Change change = await Next(watch);
        Assert.Equal((ChangeKind.Set, "k", "v", set), (change.Kind, change.Key, Text(change), change.Version));
        Assert.Equal(Now + TimeSpan.FromMinutes(1), change.ExpiresAt);
        Assert.Equal(ValueKind.Bytes, change.ValueKind);

        Store.Touch("k", TimeSpan.FromMinutes(2));
        change = await Next(watch);
        Assert.Equal((ChangeKind.Set, "k", "v"), (change.Kind, change.Key, Text(change)));
        Assert.Equal(Now + TimeSpan.FromMinutes(2), change.ExpiresAt);

        Store.Increment("n", 5);
        change = await Next(watch);
        Assert.Equal((ChangeKind.Set, "n", "5", ValueKind.Counter), (change.Kind, change.Key, Text(change), change.ValueKind));

        Store.TryUpdate("n", "w"u8, change.Version);
        Assert.Equal("Set n=w", Say(await Next(watch)));
        Store.TryAdd("t", "text");
        Assert.Equal("Set t=text", Say(await Next(watch)));
        Store.Remove("n");
        Assert.Equal("Remove n=", Say(await Next(watch)));
        Store.Set("t", "gone at once"u8, TimeSpan.Zero);
        Assert.Equal("Remove t=", Say(await Next(watch)));
        Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("Expire k=", Say(await Next(watch)));
        Store.Set("a", "v"u8);
        Store.Set("b", "v"u8);
        Store.Clear();
        Assert.Equal(["Set a=v", "Set b=v", "Clear ="], [Say(await Next(watch)), Say(await Next(watch)), Say(await Next(watch))]);
    }

    [Fact]
    public async Task What_changes_nothing_is_not_reported()
    {
        if (Lacking())
        {
            return;
        }

        long version = Store.Set("k", "v"u8);
        await using IAsyncEnumerator<Change> watch = Begin();
        Store.TryAdd("k", "w"u8);
        Store.TryUpdate("k", "w"u8, version + 100);
        Store.Remove("absent");
        Store.Remove("k", version + 100);
        Store.Touch("absent", Expiry.None);
        Store.RemovePrefix("absent");
        Store.Write(new WriteBatch());
        Store.Write(new WriteBatch().Require("k", 0).Set("k", "w"u8));
        Assert.Throws<NotACounterException>(() => Store.Increment("k"));
        Store.TryGet("k", out _);
        Subject.Disturb();
        Store.Set("last", "v"u8);

        Assert.Equal("Set last=v", Say(await Next(watch)));
    }

    [Fact]
    public async Task A_prefix_leaves_out_the_rest()
    {
        if (Lacking())
        {
            return;
        }

        await using IAsyncEnumerator<Change> watch = Begin("user:");
        Store.Set("user", "v"u8);
        Store.Set("user:1", "v"u8);
        Store.Set("user;", "v"u8);
        Store.Write(new WriteBatch().Set("other", "v"u8).Set("user:2", "v"u8).Remove("user"));
        Store.Remove("user:1");
        Store.RemovePrefix("user");

        Assert.Equal(["Set user:1=v", "Set user:2=v", "Remove user:1=", "Remove user:2="], await Take(watch, 4));
        Store.Set("other", "v"u8);
        Store.Clear();
        Assert.Equal("Clear =", Say(await Next(watch)));
    }

    [Fact]
    public async Task Sequences_grow_by_commit_and_a_batch_shares_one()
    {
        if (Lacking())
        {
            return;
        }

        Store.Set("gone", "v"u8);
        await using IAsyncEnumerator<Change> watch = Begin();
        long first = Store.Set("a", "v"u8);
        long batch = Store.Write(new WriteBatch().Set("b", "1"u8).Set("c", "v"u8).Increment("b").Remove("gone")).Version;
        long last = Store.Set("a", "w"u8);

        Assert.Equal(first, (await Next(watch)).Sequence);
        Change[] changes = [await Next(watch), await Next(watch), await Next(watch)];
        Assert.All(changes, change => Assert.Equal(batch, change.Sequence));
        Assert.Equal(["Remove gone=", "Set b=2", "Set c=v"], changes.Select(Say).Order(StringComparer.Ordinal));
        Assert.Equal(last, (await Next(watch)).Sequence);
        Assert.True(first < batch && batch < last);
    }

    [Fact]
    public async Task What_is_there_comes_first_when_asked_for()
    {
        if (Lacking())
        {
            return;
        }

        long a = Store.Set("a", "1"u8);
        Store.Set("b", "2"u8, TimeSpan.FromMinutes(1));
        Store.Set("due", "v"u8, TimeSpan.FromTicks(1));
        Advance(TimeSpan.FromTicks(1));
        await using IAsyncEnumerator<Change> watch = Store.Watch("", includeCurrent: true).GetAsyncEnumerator();
        Store.Set("a", "3"u8);

        Change change = await Next(watch);
        Assert.Equal(("Set a=1", a), (Say(change), change.Version));
        change = await Next(watch);
        Assert.Equal("Set b=2", Say(change));
        Assert.NotNull(change.ExpiresAt);
        string next = Say(await Next(watch));
        Assert.Equal("Set a=3", next == "Expire due=" ? Say(await Next(watch)) : next);
    }

    [Fact]
    public async Task A_watch_that_began_with_what_is_there_follows_the_store()
    {
        if (Lacking())
        {
            return;
        }

        using var started = new SemaphoreSlim(0);
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 3_000; i++)
            {
                string key = $"k{i % 37}";
                _ = i % 5 == 0 ? Store.Remove(key) : Store.Set(key, Encoding.ASCII.GetBytes($"{i}")) > 0;
                if (i == 500)
                {
                    started.Release();
                }
            }
        });
        Assert.True(await started.WaitAsync(TimeSpan.FromMinutes(1)));
        var copy = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using IAsyncEnumerator<Change> watch = Store.Watch(includeCurrent: true).GetAsyncEnumerator();
        await writer;
        Store.Set("z", "end"u8);

        long last = 0;
        while (!copy.ContainsKey("z"))
        {
            Change change = await Next(watch);
            Assert.NotEqual(ChangeKind.Missed, change.Kind);
            _ = change.Kind == ChangeKind.Set ? copy[change.Key] = Text(change) : copy.Remove(change.Key) ? "" : "";
            last = change.Sequence;
        }

        Assert.Equal(Holds("z", "end").Version, last);
        Assert.Equal(Store.Scan().Select(entry => $"{entry.Key}={Text(entry)}"), copy.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public async Task Changes_by_many_writers_come_in_commit_order()
    {
        if (Lacking())
        {
            return;
        }

        const int Writers = 4, Rounds = 250;
        await using IAsyncEnumerator<Change> watch = Begin();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Store.Increment("n");
            }
        })));

        long sequence = 0;
        for (int i = 1; i <= Writers * Rounds; i++)
        {
            Change change = await Next(watch);
            Assert.Equal($"Set n={i}", Say(change));
            Assert.True(change.Sequence > sequence);
            sequence = change.Sequence;
        }
    }

    [Fact]
    public async Task A_reader_that_falls_behind_is_told()
    {
        if (Lacking())
        {
            return;
        }

        const int Writes = 20_000;
        await using IAsyncEnumerator<Change> watch = Begin();
        for (int i = 1; i <= Writes; i++)
        {
            Store.Increment("n");
        }

        int read = 0;
        Change change = await Next(watch);
        for (; change.Kind != ChangeKind.Missed; change = await Next(watch))
        {
            Assert.Equal($"Set n={++read}", Say(change));
        }

        Assert.InRange(read, 1, Writes - 1);
        Assert.Equal(Holds("n", $"{Writes}").Version, change.Sequence);
        Store.Remove("n");
        Assert.Equal("Remove n=", Say(await Next(watch)));
    }

    [Fact]
    public async Task What_was_missed_stands_at_its_place_in_the_stream()
    {
        if (Lacking())
        {
            return;
        }

        const int Writes = 6_000;
        await using IAsyncEnumerator<Change> watch = Begin();
        for (int i = 1; i <= Writes; i++)
        {
            Store.Increment("n");
        }

        string[] first = await Take(watch, 10);
        Assert.Equal("Set n=10", first[^1]);
        Store.Increment("n");
        Store.Set("end", "v"u8);

        long last = 10, sequence = 0;
        for (Change change = await Next(watch); change.Key != "end"; change = await Next(watch))
        {
            Assert.True(change.Sequence > sequence, "the stream went back");
            sequence = change.Sequence;
            long present = change.Kind == ChangeKind.Missed ? Writes : long.Parse(Text(change), null);
            Assert.True(change.Kind == ChangeKind.Missed || present == last + 1, $"{present} came after {last}");
            last = present;
        }

        Assert.Equal(Writes + 1, last);
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_cancelled()
    {
        if (Lacking())
        {
            return;
        }

        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<Change> watch = Store.Watch(cancellationToken: source.Token).GetAsyncEnumerator();
        await using IAsyncEnumerator<Change> other = Store.Watch().GetAsyncEnumerator(source.Token);
        Task<bool> waiting = watch.MoveNextAsync().AsTask();
        Task<bool> waitingToo = other.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(waiting));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(waitingToo));
        await watch.DisposeAsync();
        await other.DisposeAsync();
        Assert.Equal(0, Subject.Engine?.Statistics.Watchers ?? 0);
    }

    [Fact]
    public async Task A_watch_that_is_disposed_leaves_nothing_behind()
    {
        if (Lacking())
        {
            return;
        }

        IAsyncEnumerator<Change> watch = Begin();
        Assert.Equal(1, Subject.Engine?.Statistics.Watchers ?? 1);
        Store.Set("k", "v"u8);
        await Next(watch);
        await watch.DisposeAsync();
        await watch.DisposeAsync();
        Assert.Equal(0, Subject.Engine?.Statistics.Watchers ?? 0);
        Store.Set("k", "w"u8);
    }

    [Fact]
    public async Task A_watch_ends_when_the_store_is_closed()
    {
        if (Lacking())
        {
            return;
        }

        await using IAsyncEnumerator<Change> watch = Begin();
        Task<bool> waiting = watch.MoveNextAsync().AsTask();
        Subject.Close();

        Assert.False(await Soon(waiting));
    }

    private bool Lacking() => Lacks(StoreFeatures.Watch, () => Store.Watch());

    private IAsyncEnumerator<Change> Begin(string prefix = "") => Store.Watch(prefix).GetAsyncEnumerator();

    private static async Task<Change> Next(IAsyncEnumerator<Change> watch)
    {
        Assert.True(await Soon(watch.MoveNextAsync().AsTask()), "the watch ended");
        return watch.Current;
    }

    private static async Task<string[]> Take(IAsyncEnumerator<Change> watch, int count)
    {
        var changes = new string[count];
        for (int i = 0; i < count; i++)
        {
            changes[i] = Say(await Next(watch));
        }

        return changes;
    }

    private static string Text(Change change) => Encoding.UTF8.GetString(change.Value.Span);

    private static string Say(Change change) => $"{change.Kind} {change.Key}={Text(change)}";
}
