using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>The small types that readers hold in their hands.</summary>
public sealed class ContractTypesTests
{
    private static readonly DateTimeOffset _moment = new(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void An_entry_is_what_it_was_made_of()
    {
        var entry = new Entry("schlüssel"u8.ToArray(), "v"u8.ToArray(), 7, _moment, ValueKind.Text);
        Assert.Equal(("schlüssel", 7, ValueKind.Text), (entry.Key, entry.Version, entry.Kind));
        Assert.Equal(_moment, entry.ExpiresAt);
        Assert.Equal(TimeSpan.Zero, entry.ExpiresAt!.Value.Offset);
        Assert.Null(new Entry("k"u8.ToArray(), default, 1).ExpiresAt);
        Assert.Equal("", default(Entry).Key);

        Entry relative = entry.WithoutPrefix(4);
        Assert.Equal(("üssel", 7), (relative.Key, relative.Version));
        Assert.Equal(_moment, relative.ExpiresAt);
    }

    [Fact]
    public void A_change_is_what_it_was_made_of()
    {
        byte[] key = "key"u8.ToArray();
        byte[] value = "value"u8.ToArray();
        var change = new Change(ChangeKind.Set, 9, key, value, 8, _moment, ValueKind.Text);
        Change copy = change.Copy();
        Array.Clear(key);
        Array.Clear(value);

        Assert.Equal((ChangeKind.Set, 9, "key", 8, ValueKind.Text), (copy.Kind, copy.Sequence, copy.Key, copy.Version, copy.ValueKind));
        Assert.Equal("value"u8.ToArray(), copy.Value.ToArray());
        Assert.Equal(_moment, copy.ExpiresAt);
        Assert.Equal("y", copy.WithoutPrefix(2).Key);
        Assert.Equal("", new Change(ChangeKind.Clear, 1).WithoutPrefix(5).Key);
        Assert.Null(new Change(ChangeKind.Remove, 1, key).ExpiresAt);
        Assert.Equal(DateTimeOffset.MinValue, new Change(ChangeKind.Set, 1, key, value, 1, DateTimeOffset.MinValue).ExpiresAt);
    }

    [Fact]
    public void An_entry_makes_the_change_that_would_make_it()
    {
        var entry = new Entry("k"u8.ToArray(), "v"u8.ToArray(), 7, _moment, ValueKind.Text);
        Change change = Change.FromEntry(entry);
        Assert.Equal((ChangeKind.Set, 7, 7, "k", ValueKind.Text), (change.Kind, change.Sequence, change.Version, change.Key, change.ValueKind));
        Assert.Equal(_moment, change.ExpiresAt);
    }

    [Fact]
    public void A_result_is_a_condition()
    {
        Assert.True(new WriteResult(true, 5) ? true : false);
        Assert.False(new WriteResult(false, 5).ToBoolean());
        Assert.Equal(new WriteResult(false, 5), new WriteResult(false, 5));
    }

    [Fact]
    public async Task A_lock_that_nobody_gave_releases_nothing()
    {
        Assert.Equal("", default(KeyLock).Key);
        default(KeyLock).Dispose();
        await default(KeyLock).DisposeAsync();

        var owner = new Owner();
        var held = new KeyLock(owner, "k", 3);
        held.Dispose();
        await held.DisposeAsync();
        Assert.Equal(["k 3", "k 3 async"], owner.Released);
    }

    [Fact]
    public void Refusals_say_what_and_how_much()
    {
        var limit = new StoreLimitException("MaxValueBytes", 10, 11, "bytes");
        Assert.Equal("MaxValueBytes is 10 bytes, but 11 bytes were given; nothing was changed.", limit.Message);
        Assert.IsType<ArgumentException>(limit, exactMatch: false);
        Assert.Equal(("MaxValueBytes", 10, 11), (limit.Limit, limit.Maximum, limit.Actual));

        var counter = new NotACounterException("k");
        Assert.Equal("k", counter.Key);
        Assert.Equal("the value of 'k' is no 64-bit counter, so it cannot be incremented; it was left as it is.", counter.Message);
        Assert.Equal("it is full", new StoreFullException("it is full").Message);
    }

    [Fact]
    public void A_store_that_loads_nothing_says_so()
    {
        using var inner = new Store();
        using IStore plain = new Contract.BareStore(inner);
        Assert.Equal("fine", plain.GetOrAdd("k", _ => "fine"));
        Assert.Equal(StoreFeatures.All, inner.Features);
        Assert.Throws<ArgumentNullException>("store", () => ((IStore)null!).Exists("k"));
        Assert.Throws<ArgumentNullException>("store", () => ((IStore)null!).Set("k", 5));
        Assert.Throws<ArgumentNullException>("store", () => ((IStore)null!).Lock("k"));
        Assert.Throws<ArgumentNullException>("store", () => ((IStore)null!).TryGet("k", out int _));
    }

    private sealed class Owner : IKeyLockOwner
    {
        internal List<string> Released { get; } = [];

        public void Release(string key, long token) => Released.Add($"{key} {token}");

        public ValueTask ReleaseAsync(string key, long token)
        {
            Released.Add($"{key} {token} async");
            return ValueTask.CompletedTask;
        }
    }
}
