using System.Text.Json.Serialization;
using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>What users of a cache with lifetimes rely on, check by check: typed values, lifetimes, the sweep, clearing, statistics, loads and locks.</summary>
public abstract class PersistentCacheChecks<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    [Fact]
    public void Ten_thousand_keys_of_ten_milliseconds_are_all_gone_after_a_sweep()
    {
        Fill(10_000, _ => TimeSpan.FromMilliseconds(10));
        Assert.Equal(10_000, Store.Count());

        Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, Store.Count());
        Assert.Equal(0, Subject.Engine!.Statistics.Entries);
        Assert.Equal(0, Subject.Engine.Statistics.Bytes);
        Assert.Equal(10_000, Subject.Engine.Statistics.Expirations);
    }

    [Fact]
    public void An_integer_comes_back()
    {
        Store.Set("n", 23, _long);
        Assert.True(Store.TryGet("n", out int number));
        Assert.Equal(23, number);
    }

    [Fact]
    public void A_record_comes_back()
    {
        Store.Set("r", new Fields("text", 4_203_558), _long);
        Assert.True(Store.TryGet("r", out Fields? record));
        Assert.Equal(new Fields("text", 4_203_558), record);
    }

    [Fact]
    public void Set_get_remove_and_clear_count_two_and_none()
    {
        Store.Set("a", "1", _long);
        Store.Set("b", "2", _long);
        Assert.Equal(2, Store.Count());

        Assert.True(Store.Remove("a"));
        Assert.False(Store.TryGet("a", out string? _));
        Store.Set("c", "3", _long);
        Assert.Equal(2, Store.Count());

        Store.Clear();
        Assert.Equal(0, Store.Count());
        Assert.False(Store.TryGet("b", out string? _));
    }

    [Fact]
    public void A_lifetime_of_zero_keeps_nothing_and_removes_what_is_there()
    {
        Store.Set("new", "v", TimeSpan.Zero);
        Store.Set("old", "v", _long);
        Store.Set("old", "w", TimeSpan.Zero);

        IsAbsent("new");
        IsAbsent("old");
    }

    [Fact]
    public void A_negative_lifetime_is_refused()
    {
        Store.Set("k", "v", _long);
        Refused<ArgumentOutOfRangeException>(() => Store.Set("k", "w", TimeSpan.FromTicks(-1)), parameter: "lifetime");
        Refused<ArgumentOutOfRangeException>(() => Store.Touch("k", TimeSpan.FromMilliseconds(-2)), parameter: "lifetime");
    }

    [Fact]
    public void An_infinite_lifetime_never_ends()
    {
        Store.Set("k", "v", Timeout.InfiniteTimeSpan);
        Advance(TimeSpan.FromDays(10_000));
        Assert.True(Store.TryGet("k", out string? _));
        Assert.Equal(Timeout.InfiniteTimeSpan, Store.GetTimeToLive("k"));
    }

    [Fact]
    public void The_smallest_lifetime_is_not_rounded_down_to_none()
    {
        Store.Set("tick", "v", TimeSpan.FromTicks(1));
        Store.Set("millisecond", "v", TimeSpan.FromMilliseconds(1));

        Holds("tick", "v");
        Advance(TimeSpan.FromTicks(1));
        IsAbsent("tick");
        Advance(TimeSpan.FromTicks(9_998));
        Holds("millisecond", "v");
        Advance(TimeSpan.FromTicks(1));
        IsAbsent("millisecond");
    }

    [Fact]
    public void Of_a_thousand_lifetimes_the_short_ones_end_and_the_long_ones_go_on()
    {
        Fill(1_000, i => TimeSpan.FromMilliseconds(i * 10));
        Assert.Equal(999, Store.Count());   // key 0 had no time at all
        Store.Remove("key500");

        Advance(TimeSpan.FromSeconds(1));

        Assert.All(new[] { "key0", "key30", "key100", "key500" }, IsAbsent);
        Assert.All(new[] { "key120", "key200", "key999" }, key => Holds(key, "v"));
        Assert.Equal(898, Store.Count());
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(10, 1)]
    public void The_newest_lifetime_counts_whether_shorter_or_longer(int first, int second)
    {
        Store.Set("k", "old", TimeSpan.FromMinutes(first));
        Store.Set("k", "new", TimeSpan.FromMinutes(second));

        Advance(TimeSpan.FromMinutes(second) - TimeSpan.FromTicks(1));
        Holds("k", "new");
        Advance(TimeSpan.FromTicks(1));
        IsAbsent("k");
    }

    [Fact]
    public void A_value_of_another_type_is_an_error()
    {
        Store.Set("text", "abc", _long);
        Store.Set("number", 5, _long);
        Store.Set("record", new Fields("text", 1), _long);

        Refused<ValueKindException>(() => Store.TryGet("text", out int _));
        Refused<ValueKindException>(() => Store.TryGet("number", out string? _));
        Refused<ValueKindException>(() => Store.TryGet("record", out byte[]? _));
        Refused<ValueKindException>(() => Store.TryGet("record", out int _));
    }

    [Fact]
    public async Task The_remaining_lifetime_is_told()
    {
        Store.Set("k", "v", TimeSpan.FromMinutes(1));
        Advance(TimeSpan.FromSeconds(45));

        Entry entry = Holds("k", "v");
        Assert.Equal(TimeSpan.FromSeconds(15), entry.ExpiresAt - Now);
        if (Store is IStoreClock)   // otherwise it is told by the system's clock, which this suite does not move
        {
            Assert.Equal(TimeSpan.FromSeconds(15), Store.GetTimeToLive("k"));
            Assert.Equal(TimeSpan.FromSeconds(15), await Store.GetTimeToLiveAsync("k"));
        }

        Advance(TimeSpan.FromSeconds(15));
        Assert.Null(Store.GetTimeToLive("k"));
        Assert.Null(Store.GetTimeToLive("never set"));
    }

    [Fact]
    public void A_touch_gives_a_new_lifetime_and_leaves_the_value()
    {
        Store.Set("k", "v", TimeSpan.FromMinutes(1));
        Assert.True(Store.Touch("k", _long));
        Assert.False(Store.Touch("nobody", _long));

        Advance(TimeSpan.FromMinutes(30));
        Holds("k", "v");
    }

    [Fact]
    public void A_sweep_does_not_take_what_was_refreshed()
    {
        Fill(100, _ => TimeSpan.FromMilliseconds(300));
        for (int i = 0; i < 100; i += 2)
        {
            _ = i % 4 == 0 ? Store.Touch($"key{i}", _long) : Store.Set($"key{i}", "new", _long) > 0;
        }

        Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(50, Store.Count());
        Assert.Equal(50, Subject.Engine!.Statistics.Entries);
        Holds("key0", "v");
        Holds("key2", "new");
        IsAbsent("key1");
    }

    [Fact]
    public void Counts_leave_out_what_has_expired_swept_or_not()
    {
        Store.Set("short", "v", TimeSpan.FromMilliseconds(10));
        Store.Set("long", "v", _long);
        Advance(TimeSpan.FromMilliseconds(20));   // no sweep yet

        Assert.Equal(1, Store.Count());
        Assert.Equal("long", Assert.Single(Store.Scan()).Key);
        IsAbsent("short");
    }

    [Fact]
    public void Statistics_tell_entries_bytes_hits_misses_and_expirations()
    {
        Store.Set("k", "value", TimeSpan.FromSeconds(1));
        StoreStatistics before = Subject.Engine!.Statistics;
        Assert.True(Store.TryGet("k", out string? _));
        Assert.False(Store.TryGet("nobody", out string? _));
        StoreStatistics after = Subject.Engine.Statistics;
        Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((1, "k".Length + "value".Length + 64), (before.Entries, before.Bytes));
        Assert.Equal((1, 1), (after.Hits - before.Hits, after.Misses - before.Misses));
        Assert.Equal((0, 0, 1), (Subject.Engine.Statistics.Entries, Subject.Engine.Statistics.Bytes, Subject.Engine.Statistics.Expirations));
    }

    [Fact]
    public void The_bytes_that_are_told_follow_the_contents()
    {
        long empty = Subject.Engine is null ? 0 : Subject.Engine.Statistics.Bytes;
        Store.Set("small", new byte[10], _long);
        long small = Subject.Engine!.Statistics.Bytes;
        Store.Set("large", new byte[100_000], _long);

        Assert.Equal((79, 100_069), (small - empty, Subject.Engine.Statistics.Bytes - small));
    }

    [Theory]
    [MemberData(nameof(OddKeys.All), MemberType = typeof(OddKeys))]
    public void Any_string_is_a_key_but_the_empty_one(string key)
    {
        Store.Set(key, "v", _long);
        Holds(key, "v");
        Refused<ArgumentException>(() => Store.Set("", "v", _long), "key cannot be empty");
    }

    [Fact]
    public void A_value_can_be_copied_into_a_buffer()
    {
        Store.Set("k", [1, 2, 3], _long);
        var copy = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(Store.TryRead("k"u8, copy));
        Assert.Equal([1, 2, 3], copy.WrittenSpan.ToArray());
        Assert.False(Store.TryRead("nobody"u8, copy));
    }

    [Fact]
    public async Task One_load_runs_per_key_however_many_ask()
    {
        int loads = 0;
        var go = new TaskCompletionSource();
        Task<string>[] asking = [.. Enumerable.Range(0, 20).Select(_ => Store.GetOrAddAsync("k", LoadAsync, _long).AsTask())];
        go.SetResult();

        Assert.All(await Soon(Task.WhenAll(asking)), answer => Assert.Equal("loaded", answer));
        Assert.Equal(1, loads);
        Holds("k", "loaded");

        async ValueTask<string> LoadAsync(string key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref loads);
            await go.Task.WaitAsync(cancellationToken);
            return "loaded";
        }
    }

    [Fact]
    public async Task A_failed_load_caches_nothing()
    {
        await Assert.ThrowsAsync<TimeoutException>(async () => await Store.GetOrAddAsync<string>("k", (_, _) => throw new TimeoutException(), _long));
        Func<string, string> fails = _ => throw new TimeoutException();
        Assert.Throws<TimeoutException>(() => Store.GetOrAdd("k", fails, _long));
        IsAbsent("k");
        Assert.Equal("second", Store.GetOrAdd("k", _ => "second", _long));
    }

    [Fact]
    public async Task Inside_a_lock_its_key_can_be_set_read_and_removed()
    {
        await using (KeyLock held = await Store.LockAsync("k"))
        {
            Store.Set("k", 1, _long);
            Assert.True(Store.TryGet("k", out int _));
            Assert.True(Store.Remove("k"));
            await Store.SetAsync("k", 2, _long);
        }

        Assert.True(Store.TryGet("k", out int two));
        Assert.Equal(2, two);
    }

    [Fact]
    public async Task Waiting_for_a_lock_can_be_cancelled_and_idle_keys_cost_nothing()
    {
        await using (KeyLock held = await Store.LockAsync("k"))
        {
            using var source = new CancellationTokenSource();
            Task<KeyLock> waiting = Store.LockAsync("k", source.Token).AsTask();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(waiting));
        }

        for (int i = 0; i < 1_000; i++)
        {
            Store.Lock($"key{i}").Dispose();
        }

        Assert.Equal(0, Subject.Engine!.Statistics.Locks);
    }

    [Fact]
    public void The_serializer_can_be_replaced_by_generated_metadata()
    {
        Open(options => options.Serializer = new JsonValueSerializer(FieldsContext.Default));
        Store.Set("r", new Fields("text", 7), _long);
        Assert.True(Store.TryGet("r", out Fields? record));
        Assert.Equal(new Fields("text", 7), record);
        Assert.Throws<NotSupportedException>(() => Store.Set("unknown", new Version(1, 2), _long));
    }

    [Fact]
    public async Task After_dispose_everything_is_refused()
    {
        Store.Set("k", "v", _long);
        Store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Store.Set("k", "w", _long));
        Assert.Throws<ObjectDisposedException>(() => Store.TryGet("k", out string? _));
        Assert.Throws<ObjectDisposedException>(() => Store.GetTimeToLive("k"));
        Assert.Throws<ObjectDisposedException>(() => Store.GetOrAdd("k", _ => "w", _long));
        Assert.Throws<ObjectDisposedException>(Store.Clear);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Store.LockAsync("k"));
        Store.Dispose();
    }

    private void Fill(int keys, Func<int, TimeSpan> lifetime)
    {
        for (int from = 0; from < keys; from += 1_000)
        {
            var batch = new WriteBatch();
            for (int i = from; i < Math.Min(from + 1_000, keys); i++)
            {
                batch.Set($"key{i}", "v"u8, lifetime(i), ValueKind.Text);
            }

            Store.Write(batch);
        }
    }

}

/// <summary>What the original's own tests store.</summary>
internal sealed record Fields(string Field1, int Field2);

[JsonSerializable(typeof(Fields))]
internal sealed partial class FieldsContext : JsonSerializerContext;
