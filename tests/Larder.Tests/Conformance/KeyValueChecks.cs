using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>
/// What users of a key-value store with prefix scan rely on, check by check: get, put (<c>Set</c>), delete (<c>Remove</c>), scan and close, with the texts
/// of their errors.
/// </summary>
public abstract class KeyValueChecks<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void Default_construction_makes_an_empty_store()
    {
        Assert.Equal(0, Store.Count());
        Assert.Empty(Store.Scan(""));
    }

    [Fact]
    public void Custom_construction_is_honoured()
    {
        Open(options => (options.LogLevel, options.VersionsToKeep) = (StoreLogLevel.Info, 5));
        Put("k", 6);

        Assert.Equal(["6", "5", "4", "3", "2"], Store.History("k").Select(Text));
    }

    [Fact]
    public void Get_finds_what_was_put()
    {
        Store.Set("user:1", "alice@example.com"u8);
        Holds("user:1", "alice@example.com");
    }

    [Fact]
    public void Get_of_an_unknown_key_finds_nothing_and_is_no_error() => IsAbsent("nobody");

    [Fact]
    public async Task Get_of_an_empty_key_is_refused()
    {
        Refused<ArgumentException>(() => Store.TryGet("", out Entry _), "key cannot be empty", "key");
        Refused<ArgumentException>(() => Store.TryGet(""u8, out Entry _), "key cannot be empty", "utf8Key");
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.GetAsync(""));
    }

    [Fact]
    public async Task Get_after_dispose_is_refused()
    {
        Store.Set("k", "v"u8);
        Store.Dispose();

        IsClosed(() => Store.TryGet("k", out Entry _));
        await IsClosed(async () => await Store.GetAsync("k"));
    }

    [Fact]
    public void An_empty_key_is_refused_before_the_closed_store_is()
    {
        Store.Dispose();
        Assert.StartsWith("key cannot be empty", Assert.Throws<ArgumentException>(() => Store.TryGet("", out Entry _)).Message, StringComparison.Ordinal);
        Assert.StartsWith("key cannot be empty", Assert.Throws<ArgumentException>(() => Store.Set("", "v"u8)).Message, StringComparison.Ordinal);
        Assert.StartsWith("key cannot be empty", Assert.Throws<ArgumentException>(() => Store.Remove("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_value_is_found()
    {
        Store.Set("empty", []);
        Store.Set("default", default(ReadOnlySpan<byte>));

        Holds("empty", "");
        Holds("default", "");
    }

    [Fact]
    public void Put_overwrites()
    {
        Store.Set("k", "old"u8);
        Store.Set("k", "new"u8);

        Holds("k", "new");
        Assert.Equal(1, Store.Count());
    }

    [Fact]
    public async Task Put_with_an_empty_key_is_refused()
    {
        Refused<ArgumentException>(() => Store.Set("", "v"u8), "key cannot be empty", "key");
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.SetAsync("", "v"u8));
    }

    [Fact]
    public async Task Put_after_dispose_is_refused()
    {
        Store.Dispose();
        IsClosed(() => Store.Set("k", "v"u8));
        await IsClosed(async () => await Store.SetAsync("k", "v"u8));
    }

    [Fact]
    public void Changing_the_callers_array_after_put_has_no_effect()
    {
        byte[] value = "value"u8.ToArray();
        Store.Set("k", value);
        value[0] = (byte)'X';

        Holds("k", "value");
    }

    [Fact]
    public void What_get_found_does_not_change_with_the_store()
    {
        Store.Set("k", "first"u8);
        Entry found = Holds("k", "first");
        Store.Set("k", "other"u8);

        Assert.Equal("first", Text(found));
    }

    [Fact]
    public void Delete_of_an_existing_key_says_so()
    {
        Store.Set("k", "v"u8);
        Assert.True(Store.Remove("k"));
        IsAbsent("k");
    }

    [Fact]
    public void Delete_of_an_unknown_key_is_no_error() => Assert.False(Store.Remove("nobody"));

    [Fact]
    public async Task Delete_of_an_empty_key_is_refused()
    {
        Refused<ArgumentException>(() => Store.Remove(""), "key cannot be empty", "key");
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.RemoveAsync(""));
    }

    [Fact]
    public async Task Delete_after_dispose_is_refused()
    {
        Store.Dispose();
        IsClosed(() => Store.Remove("k"));
        await IsClosed(async () => await Store.RemoveAsync("k"));
    }

    [Fact]
    public async Task A_prefix_gives_exactly_the_keys_that_start_with_it()
    {
        Fill();

        Assert.Equal(["user:1=alice", "user:2=bob", "user:3=carol"], Store.Scan("user:").Select(entry => $"{entry.Key}={Text(entry)}"));
        List<string> paged = [];
        await foreach (Entry entry in Store.ScanAsync("user:"))
        {
            paged.Add(entry.Key);
        }

        Assert.Equal(["user:1", "user:2", "user:3"], paged);
        Assert.Equal(["config:debug", "config:port", "other", "product:1", "product:2", "user:1", "user:2", "user:3"], Store.Scan("").Select(entry => entry.Key));
    }

    [Fact]
    public void An_unknown_prefix_gives_nothing()
    {
        Fill();
        Assert.Empty(Store.Scan("admin:"));
        Assert.Empty(Store.Scan("user:1:"));
        Assert.Empty(Store.Scan("USER:"));
    }

    [Fact]
    public void A_null_prefix_is_refused() => Refused<ArgumentNullException>(() => Store.Scan(null!), parameter: "prefix");

    [Fact]
    public async Task Scan_after_dispose_is_refused()
    {
        Fill();
        Store.Dispose();
        IsClosed(() => _ = Store.Scan("user:").ToList());
        await IsClosed(async () => await Store.ScanAsync("user:").CountAsync());
    }

    [Fact]
    public void A_scan_is_not_changed_by_later_writes()
    {
        Fill();
        using IEnumerator<Entry> scan = Store.Scan("user:").GetEnumerator();
        Store.Set("user:1", "mallory"u8);
        Store.Remove("user:2");
        Store.Set("user:4", "dave"u8);

        List<string> seen = [];
        while (scan.MoveNext())
        {
            seen.Add($"{scan.Current.Key}={Text(scan.Current)}");
        }

        Assert.Equal(["user:1=alice", "user:2=bob", "user:3=carol"], seen);
    }

    [Theory]
    [InlineData("with spaces")]
    [InlineData("with/slashes\\both")]
    [InlineData("a:b:c")]
    [InlineData("a.b.c")]
    [InlineData("tab\tnewline\nnul\0")]
    [InlineData("ключ 鍵 😀")]
    public void Every_other_character_is_legal_in_a_key(string key)
    {
        Store.Set(key, "v"u8);

        Holds(key, "v");
        Assert.Equal(key, Assert.Single(Store.Scan(key[..1])).Key);
        Assert.True(Store.Remove(key));
    }

    [Fact]
    public void Nothing_expires_by_itself()
    {
        Store.Set("k", "v"u8);
        Advance(TimeSpan.FromDays(3650));
        Holds("k", "v");
        Assert.Equal(Timeout.InfiniteTimeSpan, Store.GetTimeToLive("k") ?? TimeSpan.Zero);
    }

    [Fact]
    public async Task Ten_tasks_put_get_and_delete_a_hundred_times()
    {
        await Crowd(workers: 10, rounds: 100, (worker, round) =>
        {
            string key = $"{worker}:{round}";
            Store.Set(key, "v"u8);
            Assert.True(Store.TryGet(key, out Entry _));
            Assert.True(Store.Remove(key));
        });

        Assert.Equal(0, Store.Count());
    }

    [Fact]
    public async Task Fifty_workers_do_a_hundred_operations_each()
    {
        await Crowd(workers: 50, rounds: 100, (worker, round) =>
        {
            if (round % 2 == 0)
            {
                Store.Set(round % 4 == 0 ? $"own:{worker}" : "shared", [(byte)round]);
            }
            else
            {
                Assert.True(Store.TryGet($"own:{worker}", out Entry own));
                Assert.Equal(round / 4 * 4, own.Value.Span[0]);
            }
        });

        Assert.Equal((50, 1), (Store.Count("own:"), Store.Count("shared")));
    }

    [Fact]
    public async Task Two_writers_in_parallel_with_keys_of_their_own_lose_nothing()
    {
        await Crowd(workers: 2, rounds: 200, (worker, round) => Store.Set($"{worker}:{round:D3}", "v"u8));

        Assert.Equal((200, 200), (Store.Count("0:"), Store.Count("1:")));
        Assert.Equal(400, Store.Scan().Select(entry => entry.Key).Distinct().Count());
    }

    [Fact]
    public void A_part_of_the_store_can_be_handed_out_alone()
    {
        // The original has an interface for each verb; here a method group is one.
        Func<string, Entry?> reader = key => Store.TryGet(key, out Entry entry) ? entry : null;
        Action<string, byte[]> writer = (key, value) => Store.Set(key, value);
        Func<string, bool> deleter = Store.Remove;
        Func<string, IEnumerable<Entry>> scanner = prefix => Store.Scan(prefix);

        writer("k", [1]);
        Assert.Equal(1, reader("k")!.Value.Value.Span[0]);
        Assert.Single(scanner(""));
        Assert.True(deleter("k"));
        Assert.Null(reader("k"));
    }

    [Fact]
    public async Task Dispose_twice_is_harmless()
    {
        Store.Dispose();
        Store.Dispose();
        await Store.DisposeAsync();
    }

    [Fact]
    public void With_three_versions_to_keep_five_puts_leave_the_last_three()
    {
        Open(options => options.VersionsToKeep = 3);
        Put("k", 5);

        Assert.Equal(["5", "4", "3"], Store.History("k").Select(Text));
        Assert.True(Store.Remove("k"));
        Assert.Empty(Store.History("k"));
        Put("k", 1);
        Assert.Equal(["1"], Store.History("k").Select(Text));
    }

    [Fact]
    public void Rules_of_the_callers_hold_for_keys_and_values()
    {
        // Not disposed: the suite still looks at the store beneath.
        var store = new ValidatedStore(
            Store,
            [StoreRules.MaxKeyBytes(), StoreRules.Key(key => !key.Contains(' ', StringComparison.Ordinal), "no blanks in keys")],
            [StoreRules.MaxValueBytes(4), StoreRules.Value(value => !value.Contains((byte)0), "no zeros in values")]);

        store.Set("k", "fine"u8);
        Says("no blanks in keys", () => store.Set("a b", "v"u8));
        Says("no blanks in keys", () => store.TryGet("a b", out Entry _));
        Says("no blanks in keys", () => store.Remove("a b"));
        Says("value too large: maximum 4 bytes, got 5", () => store.Set("k", "large"u8));
        Says("no zeros in values", () => store.Set("k", [0]));
        Holds("k", "fine");

        static void Says(string message, Action call) => Assert.StartsWith(message, Assert.Throws<StoreRuleException>(call).Message, StringComparison.Ordinal);
    }

    private void Fill()
    {
        foreach ((string key, string value) in new[]
        {
            ("user:1", "alice"), ("user:2", "bob"), ("user:3", "carol"), ("product:1", "laptop"), ("product:2", "mouse"),
            ("config:debug", "true"), ("config:port", "8080"), ("other", "x"),
        })
        {
            Store.Set(key, System.Text.Encoding.UTF8.GetBytes(value));
        }
    }

    private void Put(string key, int times)
    {
        for (int i = 1; i <= times; i++)
        {
            Store.Set(key, System.Text.Encoding.UTF8.GetBytes($"{i}"));
        }
    }

    /// <summary>Many at once, each with its own number.</summary>
    private static Task Crowd(int workers, int rounds, Action<int, int> work) => Soon(Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Factory.StartNew(
        () =>
        {
            for (int round = 0; round < rounds; round++)
            {
                work(worker, round);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,   // some of them wait for a disk
        TaskScheduler.Default))));

    private static void IsClosed(Action call) => SaysClosed(Assert.Throws<ObjectDisposedException>(call));

    private static async Task IsClosed(Func<Task> call) => SaysClosed(await Assert.ThrowsAsync<ObjectDisposedException>(call));

    private static void SaysClosed(ObjectDisposedException refusal) => Assert.StartsWith("store is closed", refusal.Message, StringComparison.Ordinal);
}
