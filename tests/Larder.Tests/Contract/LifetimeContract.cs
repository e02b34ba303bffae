using System.Buffers;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>A closed store says so, by every member, and takes nothing back that it gave.</summary>
public abstract class LifetimeContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Theory]
    [MemberData(nameof(Members.KeyedNames), MemberType = typeof(Members))]
    public void A_closed_store_refuses_after_it_has_checked_the_arguments(string member)
    {
        if (Undeclared(member))
        {
            return;
        }

        Action<IStore, string> call = Members.Keyed[member];
        Store.Dispose();
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => call(Store, "k")));
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => call(Store, new string('k', 2_000))));
        Assert.Throws<ArgumentException>(() => call(Store, ""));
        Assert.Throws<ArgumentNullException>(() => call(Store, null!));
    }

    [Theory]
    [MemberData(nameof(Members.KeyedAsyncNames), MemberType = typeof(Members))]
    public async Task A_closed_store_refuses_through_the_task(string member)
    {
        if (Undeclared(member))
        {
            return;
        }

        Func<IStore, string, CancellationToken, Task> call = Members.KeyedAsync[member];
        await Store.DisposeAsync();
        await RefusesThroughTask(() => call(Store, "k", default));
        await RefusesThroughTask(() => call(Store, "k", new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>((Action)(() => _ = call(Store, "", default)));
    }

    [Theory]
    [MemberData(nameof(Members.KeylessNames), MemberType = typeof(Members))]
    public void So_do_members_without_a_key(string member)
    {
        if (Undeclared(member))
        {
            return;
        }

        Store.Dispose();
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => Members.Keyless[member](Store)));
    }

    [Theory]
    [MemberData(nameof(Members.KeylessAsyncNames), MemberType = typeof(Members))]
    public async Task So_do_async_members_without_a_key(string member)
    {
        if (Undeclared(member))
        {
            return;
        }

        await Store.DisposeAsync();
        await RefusesThroughTask(() => Members.KeylessAsync[member](Store, default));
        await RefusesThroughTask(() => Members.KeylessAsync[member](Store, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Reading_by_a_key_in_utf8_is_refused_as_well()
    {
        Store.Set("k", "v"u8);
        Store.Dispose();
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => Store.TryGet("k"u8, out Entry _)));
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => Store.TryRead("k"u8, new ArrayBufferWriter<byte>())));
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => Store.Set("k"u8, "v"u8)));
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => Store.Remove("k"u8)));
        SaysClosed(Assert.Throws<ObjectDisposedException>(() => Store.Increment("k"u8)));
    }

    [Fact]
    public async Task Closing_twice_is_closing_once()
    {
        Store.Dispose();
        Store.Dispose();
        await Store.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => Store.Count());
    }

    [Fact]
    public async Task Closing_while_others_work_spoils_nothing()
    {
        Store.Set("k", "v"u8);
        using var started = new CountdownEvent(4);
        IEnumerable<Task<ObjectDisposedException>> workers = Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(
            () =>
            {
                started.Signal();
                return Assert.Throws<ObjectDisposedException>(() => WorkForEver(worker));
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        Task<ObjectDisposedException[]> all = Task.WhenAll(workers);
        started.Wait();
        Store.Dispose();

        Assert.All(await Soon(all), SaysClosed);

        void WorkForEver(int worker)
        {
            for (int i = 0; ; i++)
            {
                Store.Set($"{worker}:{i % 100}", "v"u8);
                Store.TryGet("k", out Entry _);
                _ = Store.Scan("k").Count();
            }
        }
    }

    [Fact]
    public void What_was_read_stays_readable()
    {
        Store.Set("k", "v"u8);
        Entry entry = Holds("k", "v");
        Store.Dispose();
        GC.Collect();
        Assert.Equal("v", Text(entry));
        Assert.Equal("k", entry.Key);
    }

    [Fact]
    public void A_lock_can_be_released_after_the_store_was_closed()
    {
        KeyLock held = Store.Lock("k");
        Store.Dispose();
        held.Dispose();
        held.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Store.Lock("k"));
    }

    [Fact]
    public async Task Who_waits_for_a_lock_is_refused_when_the_store_closes()
    {
        KeyLock held = Store.Lock("k");
        Task<KeyLock> waiting = Store.LockAsync("k").AsTask();
        Task<KeyLock> blocked = Task.Factory.StartNew(() => Store.Lock("k"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Subject.Close();

        SaysClosed(await Assert.ThrowsAsync<ObjectDisposedException>(() => Soon(waiting)));
        SaysClosed(await Assert.ThrowsAsync<ObjectDisposedException>(() => Soon(blocked)));
        held.Dispose();
    }

    [Fact]
    public async Task A_load_that_outlives_the_store_ends_for_its_waiters()
    {
        var gate = new TaskCompletionSource<string>();
        Task<string> load = Store.GetOrAddAsync("k", (_, _) => gate.Task).AsTask();
        Subject.Close();
        gate.SetResult("made");

        Exception? failure = await Record.ExceptionAsync(() => Soon(load));
        Assert.True(failure is null or ObjectDisposedException, $"{failure}");
    }

    [Fact]
    public async Task A_closed_store_is_watched_by_nobody()
    {
        if (Undeclared("Watch"))
        {
            return;
        }

        Store.Dispose();
        await using IAsyncEnumerator<Change> late = Store.Watch().GetAsyncEnumerator();
        await RefusesThroughTask(() => late.MoveNextAsync().AsTask());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await using IAsyncEnumerator<Change> later = Store.Watch().GetAsyncEnumerator(cancelled.Token);
        await RefusesThroughTask(() => later.MoveNextAsync().AsTask());
    }

    [Fact]
    public void What_it_is_can_be_asked_of_a_closed_store()
    {
        StoreFeatures features = Store.Features;
        IValueSerializer serializer = Store.Serializer;
        Store.Dispose();
        Assert.Equal(features, Store.Features);
        Assert.Same(serializer, Store.Serializer);
    }

    private bool Undeclared(string member) => !Store.Features.HasFlag(Members.FeatureOf(member));

    private static async Task RefusesThroughTask(Func<Task> call)
    {
        Task task = call();
        SaysClosed(await Assert.ThrowsAsync<ObjectDisposedException>(() => task));
    }

    private static void SaysClosed(ObjectDisposedException refusal) => Assert.Contains("store is closed", refusal.Message, StringComparison.Ordinal);
}
