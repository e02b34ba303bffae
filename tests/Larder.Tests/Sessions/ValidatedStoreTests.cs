using System.Text;
using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Sessions;

/// <summary>What a validated store adds to the contract: no key and no value gets past its rules, by whatever member it comes.</summary>
public sealed class ValidatedStoreTests : IDisposable
{
    private const string KeyRefusal = "the key must start with user:";
    private const string ValueRefusal = "the value must not be shouted";

    private readonly Store _inner = new();
    private readonly ValidatedStore _store;

    public ValidatedStoreTests()
    {
        _store = new ValidatedStore(
            _inner,
            [StoreRules.Key(key => key.StartsWith("user:", StringComparison.Ordinal), KeyRefusal)],
            [StoreRules.Value(value => !value.EndsWith("!"u8), ValueRefusal)]);
    }

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Members.KeyedNames), MemberType = typeof(Members))]
    public void No_member_takes_a_key_that_breaks_a_rule(string member)
    {
        long before = _inner.Statistics.LastSequence;

        StoreRuleException refusal = Assert.Throws<StoreRuleException>(() => Members.Keyed[member](_store, "product:1"));

        Assert.StartsWith(KeyRefusal, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("key", refusal.ParamName);
        Assert.Equal((before, 0), (_inner.Statistics.LastSequence, _inner.Statistics.Locks));
        Members.Keyed[member](_store, "user:1");
    }

    [Theory]
    [MemberData(nameof(Members.KeyedAsyncNames), MemberType = typeof(Members))]
    public async Task No_async_member_takes_a_key_that_breaks_a_rule(string member)
    {
        StoreRuleException refusal = await Assert.ThrowsAsync<StoreRuleException>(() => Members.KeyedAsync[member](_store, "product:1", default));

        Assert.StartsWith(KeyRefusal, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _inner.Statistics.LastSequence);
        await Members.KeyedAsync[member](_store, "user:1", default);
    }

    [Theory]
    [MemberData(nameof(Members.Utf8KeyedNames), MemberType = typeof(Members))]
    public void No_member_takes_a_key_in_utf8_that_breaks_a_rule(string member)
    {
        Assert.Throws<StoreRuleException>(() => Members.Utf8Keyed[member](_store, "product:1"u8.ToArray()));
        Assert.Equal(0, _inner.Statistics.LastSequence);
        Members.Utf8Keyed[member](_store, "user:1"u8.ToArray());
    }

    [Fact]
    public async Task No_member_takes_a_value_that_breaks_a_rule()
    {
        byte[] loud = "HEY!"u8.ToArray();
        long version = _store.Set("user:1", "hey"u8);
        Action[] calls =
        [
            () => _store.Set("user:1", "HEY!"u8), () => _store.Set("user:1", loud), () => _store.Set("user:1"u8, loud), () => _store.Set("user:1", "HEY!"),
            () => _store.TryAdd("user:2", "HEY!"u8), () => _store.TryAdd("user:2", loud), () => _store.TryAdd("user:2", "HEY!"),
            () => _store.TryUpdate("user:1", "HEY!"u8, version), () => _store.TryUpdate("user:1", loud, version), () => _store.TryUpdate("user:1", "HEY!", version),
            () => _store.Update("user:1", (byte[]? _) => loud),
            () => _store.Write(new WriteBatch().Set("user:2", "hey").Set("user:3", "HEY!")),
            () => _store.GetOrAdd("user:2", _ => "HEY!"),
        ];
        Func<Task>[] tasks =
        [
            () => _store.SetAsync("user:1", "HEY!"u8).AsTask(), () => _store.SetAsync("user:1", loud).AsTask(), () => _store.SetAsync("user:1"u8, loud).AsTask(),
            () => _store.SetAsync("user:1", "HEY!").AsTask(), () => _store.TryAddAsync("user:2", "HEY!"u8).AsTask(), () => _store.TryAddAsync("user:2", loud).AsTask(),
            () => _store.TryAddAsync("user:2", "HEY!").AsTask(), () => _store.TryUpdateAsync("user:1", "HEY!"u8, version).AsTask(),
            () => _store.TryUpdateAsync("user:1", loud, version).AsTask(), () => _store.TryUpdateAsync("user:1", "HEY!", version).AsTask(),
            () => _store.UpdateAsync("user:1", (byte[]? _) => loud).AsTask(),
            () => _store.WriteAsync(new WriteBatch().Set("user:2", "hey").Set("user:3", "HEY!")).AsTask(),
            () => _store.GetOrAddAsync("user:2", (_, _) => ValueTask.FromResult("HEY!")).AsTask(),
        ];

        Assert.All(calls, call => Says(Assert.Throws<StoreRuleException>(call)));
        foreach (Func<Task> task in tasks)
        {
            Says(await Assert.ThrowsAsync<StoreRuleException>(task));
        }

        Assert.Equal(version, _inner.Statistics.LastSequence);
        Assert.Equal("user:1", Assert.Single(_inner.Scan()).Key);

        static void Says(StoreRuleException refusal)
        {
            Assert.StartsWith(ValueRefusal, refusal.Message, StringComparison.Ordinal);
            Assert.Equal("value", refusal.ParamName);
        }
    }

    [Fact]
    public void One_bad_item_refuses_the_whole_batch()
    {
        Assert.Throws<StoreRuleException>(() => _store.Write(new WriteBatch().Set("user:1", "hey").Remove("product:1")));
        Assert.Throws<StoreRuleException>(() => _store.Write(new WriteBatch().Set("user:1", "hey").Increment("product:1")));
        Assert.Throws<StoreRuleException>(() => _store.Write(new WriteBatch().Set("user:1", "hey").Require("product:1", 0)));
        Assert.Equal(0, _inner.Statistics.LastSequence);

        Assert.True(_store.Write(new WriteBatch().Clear().Set("user:1", "hey").Increment("user:n").Require("user:2", 0)));
        Assert.Equal(2, _store.Count());
    }

    [Fact]
    public void The_first_rule_that_objects_wins()
    {
        List<string> asked = [];
        using var store = new ValidatedStore(new Store(), [Asked("a", null), Asked("b", "b objects"), Asked("c", "c objects")], [(_, _) => "the value objects"]);

        Assert.StartsWith("b objects", Assert.Throws<StoreRuleException>(() => store.Set("k", "v"u8)).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], asked);

        KeyRule Asked(string name, string? answer) => _ =>
        {
            asked.Add(name);
            return answer;
        };
    }

    [Fact]
    public void The_default_rules_say_how_long_is_too_long_in_bytes()
    {
        using var store = new ValidatedStore(new Store(new StoreOptions { MaxKeyBytes = 4096, MaxValueBytes = 200_000_000 }));
        store.Set(new string('k', 1024), "v"u8);
        store.Set(new string('é', 512), "v"u8);

        Assert.StartsWith("key too long: maximum 1024 bytes, got 1025", Refused(() => store.Set(new string('k', 1025), "v"u8)), StringComparison.Ordinal);
        Assert.StartsWith("key too long: maximum 1024 bytes, got 1026", Refused(() => store.Set(new string('é', 513), "v"u8)), StringComparison.Ordinal);
        Assert.StartsWith("key too long: maximum 1024 bytes, got 1025", Refused(() => store.TryGet(Encoding.ASCII.GetBytes(new string('k', 1025)), out _)), StringComparison.Ordinal);
        Assert.StartsWith("value too large: maximum 104857600 bytes, got 104857601", Refused(() => store.Set("k", new byte[104_857_601])), StringComparison.Ordinal);
        Assert.StartsWith("key cannot be empty", Assert.Throws<ArgumentException>(() => store.Set("", "v"u8)).Message, StringComparison.Ordinal);

        static string Refused(Action call) => Assert.Throws<StoreRuleException>(call).Message;
    }

    [Fact]
    public void Rules_see_only_keys_that_are_keys()
    {
        List<string> seen = [];
        using var store = new ValidatedStore(new Store(), [key => Seen(key)], []);

        Assert.Throws<ArgumentNullException>(() => store.Set((string)null!, "v"u8));
        Assert.Throws<ArgumentException>(() => store.Set("", "v"u8));
        Assert.Throws<ArgumentException>(() => store.Set("\ud800", "v"u8));
        Assert.Throws<ArgumentException>(() => store.Set([0xFF], "v"u8));
        Assert.Empty(seen);
        store.Set("k"u8, "v"u8);
        Assert.Equal(["k"], seen);

        string? Seen(string key)
        {
            seen.Add(key);
            return null;
        }
    }

    [Fact]
    public void A_failed_load_is_not_kept_and_the_next_one_may_succeed()
    {
        Assert.Throws<StoreRuleException>(() => _store.GetOrAdd("user:1", _ => "HEY!"));
        Assert.Equal("hey", _store.GetOrAdd("user:1", _ => "hey"));
        Assert.True(_store.Exists("user:1"));
    }

    [Fact]
    public void A_prefix_is_no_key()
    {
        _store.Set("user:1", "a"u8);

        Assert.Single(_store.Scan("user:1"));
        Assert.Empty(_store.Scan("product:"));
        Assert.Equal(0, _store.Count("product:"));
        Assert.Equal(1, _store.RemovePrefix("u"));
    }

    [Fact]
    public async Task Disposing_it_disposes_the_store_beneath()
    {
        _store.Dispose();
        Assert.StartsWith("store is closed", Assert.Throws<ObjectDisposedException>(() => _inner.Count()).Message, StringComparison.Ordinal);

        var inner = new Store();
        await new ValidatedStore(inner).DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => inner.Count());
    }

    [Fact]
    public void Nulls_are_refused_when_it_is_made()
    {
        Assert.Throws<ArgumentNullException>("inner", () => new ValidatedStore(null!));
        Assert.Throws<ArgumentNullException>("keyRules", () => new ValidatedStore(_inner, null!, []));
        Assert.Throws<ArgumentNullException>("valueRules", () => new ValidatedStore(_inner, [], null!));
        Assert.Throws<ArgumentNullException>("keyRules", () => new ValidatedStore(_inner, [null!], []));
        Assert.Throws<ArgumentNullException>("valueRules", () => new ValidatedStore(_inner, [], [null!]));
        Assert.Throws<ArgumentNullException>("holds", () => StoreRules.Key(null!, "x"));
        Assert.Throws<ArgumentException>("otherwise", () => StoreRules.Value(_ => true, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreRules.MaxKeyBytes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreRules.MaxValueBytes(-1));
    }

    [Fact]
    public void Scopes_and_lifetimes_work_over_it()
    {
        var clock = new ManualTimeProvider();
        using var store = new ValidatedStore(new Store(new StoreOptions { TimeProvider = clock }));
        IStore scope = store.Scope("user:");

        scope.Set("1", "v"u8, TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), scope.GetTimeToLive("1"));
        Assert.Equal(TimeSpan.FromSeconds(40), store.GetTimeToLive("user:1"));
    }
}
