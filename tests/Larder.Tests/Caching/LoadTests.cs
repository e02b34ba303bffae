using Xunit;

namespace Larder.Tests.Caching;

/// <summary>One load per key, however many wait.</summary>
public sealed class LoadTests
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);

    [Fact]
    public void What_is_absent_is_made_once_and_kept()
    {
        using var cache = new Cache<int, string>(10);
        int made = 0;

        Assert.Equal("1", cache.GetOrAdd(1, key => $"{key}{(++made > 1 ? "!" : "")}"));
        Assert.Equal("1", cache.GetOrAdd(1, _ => "other"));
        Assert.Equal("2+3", cache.GetOrAdd(2, static (key, more) => $"{key}+{more}", 3));
        Assert.Equal(1, made);
        Assert.Equal((1, 2), (cache.Statistics.Hits, cache.Statistics.Misses));
    }

    [Fact]
    public async Task Async_loads_are_made_once_and_kept()
    {
        using var cache = new Cache<int, string>(10);
        Assert.Equal("1", await cache.GetOrAddAsync(1, async (key, _) =>
        {
            await Task.Yield();
            return $"{key}";
        }));
        Assert.Equal("1", await cache.GetOrAddAsync(1, (_, _) => new ValueTask<string>("other")));
        Assert.Equal("2", await cache.GetOrAddAsync(2, (_, _) => Task.FromResult("2")));
    }

    [Fact]
    public async Task One_load_serves_all_who_wait()
    {
        using var cache = new Cache<string, object>(10);
        int loads = 0;
        var result = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<object>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => cache.GetOrAddAsync("k", (_, _) =>
        {
            Interlocked.Increment(ref loads);
            return result.Task;
        }).AsTask())];
        Task<object> blocking = Task.Run(() => cache.GetOrAdd("k", _ => new object()));
        await Task.Delay(20);
        object made = new();
        result.SetResult(made);

        object[] results = await Task.WhenAll(waiting.Append(blocking)).WaitAsync(_long);
        Assert.All(results, one => Assert.Same(made, one));
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task A_failure_goes_to_all_who_wait_and_is_not_kept()
    {
        using var cache = new Cache<string, string>(10);
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => cache.GetOrAddAsync("k", (_, _) => result.Task).AsTask())];
        result.SetException(new InvalidTimeZoneException());

        foreach (Task<string> one in waiting)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => one.WaitAsync(_long));
        }

        Assert.False(cache.TryGet("k", out _));
        Assert.Throws<InvalidTimeZoneException>(() => cache.GetOrAdd("k", _ => throw new InvalidTimeZoneException()));
        Assert.Equal("fine", cache.GetOrAdd("k", _ => "fine"));
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("clear")]
    [InlineData("set and remove")]
    public async Task What_happens_to_the_key_meanwhile_wins(string what)
    {
        using var cache = new Cache<string, string>(10);
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> load = cache.GetOrAddAsync("k", (_, _) => result.Task).AsTask();
        switch (what)
        {
            case "set":
                cache.Set("k", "set");
                break;
            case "remove":
                cache.Remove("k");
                break;
            case "clear":
                cache.Clear();
                break;
            default:
                cache.Set("k", "set");
                cache.Remove("k");
                break;
        }

        result.SetResult("loaded");
        Assert.Equal("loaded", await load.WaitAsync(_long));
        Assert.Equal(what == "set", cache.TryGet("k", out string? value));
        Assert.Equal(what == "set" ? "set" : null, value);
    }

    [Fact]
    public async Task A_load_whose_cache_is_disposed_ends_and_is_not_kept()
    {
        var cache = new Cache<string, string>(10);
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> load = cache.GetOrAddAsync("k", (_, _) => result.Task).AsTask();
        cache.Dispose();
        result.SetResult("loaded");
        Assert.Equal("loaded", await load.WaitAsync(_long));
    }

    [Fact]
    public async Task Who_cancels_leaves_and_when_all_have_left_the_load_is_told()
    {
        using var cache = new Cache<string, string>(10);
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var told = new TaskCompletionSource();
        Task<string> first = cache.GetOrAddAsync("k", Load, one.Token).AsTask();
        Task<string> second = cache.GetOrAddAsync("k", Load, two.Token).AsTask();

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(_long));
        Assert.False(told.Task.IsCompleted);
        await two.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(_long));
        await told.Task.WaitAsync(_long);

        async ValueTask<string> Load(string key, CancellationToken token)
        {
            var left = new TaskCompletionSource();
            await using CancellationTokenRegistration registration = token.Register(left.SetResult);
            await left.Task;
            told.SetResult();
            return key;
        }
    }

    [Fact]
    public void A_factory_that_asks_for_its_own_key_is_refused()
    {
        using var cache = new Cache<string, string>(10);
        Assert.Throws<InvalidOperationException>(() => cache.GetOrAdd("k", key => cache.GetOrAdd(key, _ => "x")));
        Assert.Equal("inner outer", cache.GetOrAdd("a", _ => cache.GetOrAdd("b", _ => "inner") + " outer"));
    }
}
