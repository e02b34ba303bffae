using Xunit;

namespace Larder.Tests.Contract;

/// <summary>What a scope shares with the store beneath, beyond the contract that both keep.</summary>
public sealed class ScopeTests : IDisposable
{
    private readonly Store _store = new();

    [Fact]
    public void Keys_are_relative()
    {
        IStore scope = _store.Scope("tenant:");
        long version = scope.Set("k", "v"u8);

        Assert.True(_store.TryGet("tenant:k", out Entry entry));
        Assert.Equal(version, entry.Version);
        _store.Set("tenant:l", "w"u8);
        Assert.Equal(["k", "l"], scope.Scan().Select(each => each.Key));
        Assert.Equal("k", scope.GetOrAdd("made", key => key)[..0] + "k");
        Assert.True(_store.Exists("tenant:made"));
        Assert.Equal("tenant:made", _store.Scan("tenant:m").Single().Key);
    }

    [Fact]
    public async Task Factories_and_locks_see_the_relative_key()
    {
        IStore scope = _store.Scope("tenant:");
        string? asked = null;
        await scope.GetOrAddAsync("k", (key, _) => ValueTask.FromResult(asked = key));
        Assert.Equal("k", asked);

        await using KeyLock held = await scope.LockAsync("k");
        Assert.Equal("k", held.Key);
    }

    [Fact]
    public async Task Locks_and_loads_are_those_of_the_store()
    {
        IStore scope = _store.Scope("tenant:");
        KeyLock held = scope.Lock("k");
        Assert.Null(_store.TryLock("tenant:k", TimeSpan.Zero));
        Assert.NotNull(_store.TryLock("k", TimeSpan.Zero));
        held.Dispose();
        Assert.NotNull(_store.TryLock("tenant:k", TimeSpan.Zero));

        var gate = new TaskCompletionSource<string>();
        Task<string> first = scope.GetOrAddAsync("load", (_, _) => gate.Task).AsTask();
        Task<string> second = _store.GetOrAddAsync("tenant:load", (_, _) => ValueTask.FromResult("not needed")).AsTask();
        gate.SetResult("once");
        Assert.Equal("once", await first);
        Assert.Equal("once", await second);
    }

    [Fact]
    public void Scopes_nest()
    {
        IStore inner = _store.Scope("a:").Scope("b:");
        inner.Set("k", "v"u8);
        Assert.Equal("a:b:k", _store.Scan().Single().Key);
        Assert.Equal("k", inner.Scan().Single().Key);
        inner.Write(new WriteBatch().Clear().Set("l", "v"u8));
        Assert.Equal("a:b:l", _store.Scan().Single().Key);
    }

    [Fact]
    public void Clear_clears_the_scope_only()
    {
        IStore scope = _store.Scope("a:");
        _store.Set("a", "v"u8);
        _store.Set("b", "v"u8);
        scope.Set("k", "v"u8);
        scope.Clear();
        Assert.Equal(["a", "b"], _store.Scan().Select(entry => entry.Key));
    }

    [Fact]
    public async Task A_watch_sees_its_part_of_every_clear()
    {
        IStore scope = _store.Scope("a:");
        await using IAsyncEnumerator<Change> narrow = scope.Watch().GetAsyncEnumerator();
        await using IAsyncEnumerator<Change> wide = _store.Watch().GetAsyncEnumerator();
        await using IAsyncEnumerator<Change> other = _store.Scope("b:").Watch().GetAsyncEnumerator();

        scope.Clear();
        _store.Clear();
        _store.Scope("b:").Set("last", "v"u8);

        Assert.Equal("Clear ", await Next(narrow));
        Assert.Equal("Clear ", await Next(narrow));
        Assert.Equal("Clear a:", await Next(wide));
        Assert.Equal("Clear ", await Next(wide));
        Assert.Equal("Clear ", await Next(other));
        Assert.Equal("Set last", await Next(other));

        static async Task<string> Next(IAsyncEnumerator<Change> watch)
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
            return $"{watch.Current.Kind} {watch.Current.Key}";
        }
    }

    [Fact]
    public void Closing_a_scope_leaves_the_store_open_and_closing_the_store_closes_the_scope()
    {
        IStore closed = _store.Scope("a:");
        IStore open = _store.Scope("a:");
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => closed.Set("k", "v"u8));
        open.Set("k", "v"u8);
        Assert.True(_store.Exists("a:k"));

        _store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => open.Set("k", "v"u8));
    }

    [Fact]
    public void The_prefix_counts_towards_the_longest_key()
    {
        IStore scope = _store.Scope(new string('p', 1_000));
        scope.Set(new string('k', 24), "v"u8);
        Assert.Throws<StoreLimitException>(() => scope.Set(new string('k', 25), "v"u8));
    }

    [Fact]
    public void A_scope_needs_a_store_and_a_prefix()
    {
        Assert.Throws<ArgumentNullException>(() => ((IStore)null!).Scope("a:"));
        Assert.Throws<ArgumentNullException>(() => _store.Scope(null!));
        Assert.Throws<ArgumentException>(() => _store.Scope("\ud800"));
    }

    public void Dispose() => _store.Dispose();
}
