using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Read-through: one factory for a key at a time, whatever it does, and whoever writes meanwhile wins.</summary>
public abstract class GetOrAddContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public async Task What_is_absent_is_made_and_stored()
    {
        Assert.Equal("made of k", Store.GetOrAdd("k", key => $"made of {key}", TimeSpan.FromMinutes(1)));
        Assert.Equal(Now + TimeSpan.FromMinutes(1), Holds("k", "made of k").ExpiresAt);
        Assert.Equal("made of k", Store.GetOrAdd("k", Never));
        Assert.Equal("made of k", await Store.GetOrAddAsync("k", (_, _) => new ValueTask<string>(Never("k"))));

        Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(7, await Store.GetOrAddAsync("k", (_, _) => ValueTask.FromResult(7)));
        Assert.Equal(8, await Store.GetOrAddAsync("task", (_, _) => Task.FromResult(8)));
        Assert.Equal(7, Store.GetOrAdd("k", _ => 9));

        static string Never(string key) => throw new InvalidOperationException("the factory ran");
    }

    [Fact]
    public void Bytes_and_objects_are_made_as_well()
    {
        Assert.Equal([1, 2], Store.GetOrAdd("bytes", _ => new byte[] { 1, 2 }));
        Assert.Equal([1, 2], Store.GetOrAdd("bytes", _ => Array.Empty<byte>()));
        Assert.Equal(new Version(1, 2), Store.GetOrAdd("object", _ => new Version(1, 2)));
        Holds("bytes", "\u0001\u0002");
    }

    [Fact]
    public async Task One_factory_runs_however_many_wait()
    {
        int runs = 0;
        var gate = new TaskCompletionSource();
        Task<string>[] waiters = [.. Enumerable.Range(0, 32).Select(_ => Store.GetOrAddAsync("k", async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            await gate.Task;
            return "made once";
        }).AsTask())];
        Task<string> blocking = Task.Factory.StartNew(
            () => Store.GetOrAdd("k", _ => "made by another"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.All(waiters, waiter => Assert.False(waiter.IsCompleted));
        IsAbsent("k");
        gate.SetResult();

        Assert.All(await Soon(Task.WhenAll(waiters)), made => Assert.Equal("made once", made));
        Assert.Equal("made once", await Soon(blocking));
        Assert.Equal(1, runs);
        Holds("k", "made once");
    }

    [Fact]
    public async Task A_failure_goes_to_every_waiter_and_is_not_stored()
    {
        var gate = new TaskCompletionSource<string>();
        Task<string>[] waiters = [.. Enumerable.Range(0, 5).Select(_ => Store.GetOrAddAsync("k", async (_, _) => await gate.Task).AsTask())];
        gate.SetException(new TimeZoneNotFoundException("no such zone"));

        foreach (Task<string> waiter in waiters)
        {
            Assert.Equal("no such zone", (await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => Soon(waiter))).Message);
        }

        Assert.Throws<TimeZoneNotFoundException>(() => Store.GetOrAdd("k", string (_) => throw new TimeZoneNotFoundException()));
        IsAbsent("k");
        Assert.Equal("second try", Store.GetOrAdd("k", _ => "second try"));
    }

    [Fact]
    public async Task Null_is_returned_and_not_stored()
    {
        Assert.Null(Store.GetOrAdd("k", string? (_) => null));
        Assert.Null(await Store.GetOrAddAsync("k", (_, _) => ValueTask.FromResult<string?>(null)));
        Assert.Null(Store.GetOrAdd("k", int? (_) => null));
        IsAbsent("k");
    }

    [Theory]
    [InlineData("set", "other")]
    [InlineData("add", "other")]
    [InlineData("batch", "other")]
    [InlineData("increment", "1")]
    [InlineData("set and remove", null)]
    [InlineData("remove the absent key", null)]
    [InlineData("remove the absent key by a UTF-8 key", null)]
    [InlineData("remove it in a batch", null)]
    [InlineData("clear", null)]
    public async Task What_is_written_meanwhile_wins(string write, string? left)
    {
        Assert.Equal("mine", Store.GetOrAdd("k", Meanwhile));
        Check();
        Store.Remove("k");
        Assert.Equal("mine", await Store.GetOrAddAsync("k", (key, _) => ValueTask.FromResult(Meanwhile(key))));
        Check();

        string Meanwhile(string key)
        {
            switch (write)
            {
                case "set": Store.Set(key, "other"); break;
                case "add": Store.TryAdd(key, "other"); break;
                case "batch": Store.Write(new WriteBatch().Set(key, "other")); break;
                case "increment": Store.Increment(key); break;
                case "set and remove": Store.Set(key, "other"); Store.Remove(key); break;
                case "remove the absent key": Store.Remove(key); break;
                case "remove the absent key by a UTF-8 key": Store.Remove("k"u8); break;
                case "remove it in a batch": Store.Write(new WriteBatch().Remove(key)); break;
                default: Store.Clear(); break;
            }

            return "mine";
        }

        void Check()
        {
            if (left is null)
            {
                IsAbsent("k");
            }
            else
            {
                Holds("k", left);
            }
        }
    }

    [Fact]
    public void What_happens_to_other_keys_does_not_matter()
    {
        Store.GetOrAdd("k", _ =>
        {
            Store.Set("other", "v"u8);
            Store.Remove("other");
            Store.RemovePrefix("other");
            return Store.GetOrAdd("inner", _ => "nested");
        });

        Holds("k", "nested");
        Holds("inner", "nested");
    }

    [Fact]
    public async Task A_factory_that_asks_for_its_own_key_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Store.GetOrAdd("k", key => Store.GetOrAdd(key, _ => "inner")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Soon(Store.GetOrAddAsync(
            "k", async (key, token) => await Store.GetOrAddAsync(key, (_, _) => ValueTask.FromResult("inner"), cancellationToken: token)).AsTask()));
        Assert.Throws<InvalidOperationException>(() => Store.GetOrAdd("k", _ => Store.GetOrAdd("through another", _ => Store.GetOrAdd("k", _ => "inner"))));

        IsAbsent("k");
        IsAbsent("through another");
        Assert.Equal("fine", Store.GetOrAdd("k", _ => "fine"));
    }

    [Fact]
    public async Task One_waiters_cancellation_is_harmless_to_the_others()
    {
        var gate = new TaskCompletionSource<string>();
        using var source = new CancellationTokenSource();
        Task<string> first = Store.GetOrAddAsync("k", async (_, token) => await gate.Task.WaitAsync(token), cancellationToken: source.Token).AsTask();
        Task<string> second = Store.GetOrAddAsync("k", (_, _) => ValueTask.FromResult("not needed")).AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(first));
        Assert.False(second.IsCompleted);
        gate.SetResult("made");
        Assert.Equal("made", await Soon(second));
        Holds("k", "made");
    }

    [Fact]
    public async Task The_factory_is_cancelled_when_all_waiters_have_left()
    {
        var cancelled = new TaskCompletionSource();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        Task<string> first = Load(one.Token);
        Task<string> second = Load(two.Token);

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(first));
        Assert.False(cancelled.Task.IsCompleted);
        await two.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(second));
        await Soon(cancelled.Task);
        Assert.Equal("anew", await Soon(Store.GetOrAddAsync("k", (_, _) => ValueTask.FromResult("anew")).AsTask()));

        Task<string> Load(CancellationToken mine) => Store.GetOrAddAsync(
            "k",
            async (_, token) =>
            {
                await using ConfiguredAsyncDisposable registration = token.Register(cancelled.SetResult).ConfigureAwait(false);
                await cancelled.Task;
                token.ThrowIfCancellationRequested();
                return "never";
            },
            cancellationToken: mine).AsTask();
    }

    [Fact]
    public void An_expiry_that_has_passed_returns_and_does_not_store()
    {
        Assert.Equal("made", Store.GetOrAdd("k", _ => "made", TimeSpan.Zero));
        IsAbsent("k");
    }

    [Fact]
    public async Task What_cannot_be_asked_for_is_refused()
    {
        Refused<ArgumentNullException>(() => Store.GetOrAdd("k", (Func<string, string>)null!), parameter: "factory");
        Action call = () => _ = Store.GetOrAddAsync("k", (Func<string, CancellationToken, ValueTask<string>>)null!).AsTask();
        Refused<ArgumentNullException>(call, parameter: "factory");
        call = () => _ = Store.GetOrAddAsync("k", (Func<string, CancellationToken, Task<string>>)null!).AsTask();
        Refused<ArgumentNullException>(call, parameter: "factory");
        await RefusedByTask<OperationCanceledException>(() => Store.GetOrAddAsync(
            "k", (_, _) => ValueTask.FromResult("v"), cancellationToken: new CancellationToken(canceled: true)).AsTask());
        Refused<ArgumentException>(() => Store.GetOrAdd("k", object (_) => Task.FromResult(1)), "cannot be stored");
    }

    [Fact]
    public void What_is_too_large_is_refused()
    {
        Open(options => options.MaxValueBytes = 10);
        Refused<StoreLimitException>(() => Store.GetOrAdd("k", _ => new byte[11]), "MaxValueBytes is 10 bytes, but 11");
        IsAbsent("k");
    }
}
