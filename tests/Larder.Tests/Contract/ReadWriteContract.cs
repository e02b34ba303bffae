using System.Buffers;
using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>What is set is found again, byte for byte, until it is overwritten or removed; and belongs to whoever read it.</summary>
public abstract class ReadWriteContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void An_absent_key_is_found_by_nobody()
    {
        IsAbsent("k");
        Assert.False(Store.Remove("k"));
        Assert.False(Store.Remove("k"u8));
        Assert.False(Store.Remove("k", 1));
        Assert.False(Store.Touch("k", Expiry.None));
        Assert.Equal(0, Store.Count());
        Assert.Equal(0, Store.Count("k"));
        IsAbsent("k");
    }

    [Fact]
    public void What_was_set_is_found()
    {
        long version = Store.Set("user:1", "alice"u8);

        Entry entry = Holds("user:1", "alice");
        Assert.True(version > 0);
        Assert.Equal(version, entry.Version);
        Assert.True(entry.Utf8Key.Span.SequenceEqual("user:1"u8));
        Assert.Null(entry.ExpiresAt);
        Assert.Equal(ValueKind.Bytes, entry.Kind);
        Assert.True(Store.Exists("user:1"));
        Assert.Equal(1, Store.Count());
    }

    [Fact]
    public void An_overwrite_replaces_the_value_and_takes_a_new_version()
    {
        long first = Store.Set("k", "old"u8);
        long second = Store.Set("k", "new and longer"u8);
        long third = Store.Set("k", "new and longer"u8);

        Assert.True(first < second && second < third);
        Assert.Equal(third, Holds("k", "new and longer").Version);
        Assert.Equal(1, Store.Count());
    }

    [Fact]
    public void An_empty_value_is_a_value()
    {
        Store.Set("k", []);

        Assert.Equal(0, Holds("k", "").Value.Length);
        Assert.True(Store.TryRead("k"u8, new ArrayBufferWriter<byte>()));
        Assert.True(Store.Remove("k"));
        IsAbsent("k");
    }

    [Theory]
    [MemberData(nameof(OddKeys.All), MemberType = typeof(OddKeys))]
    public void Keys_come_back_exactly(string key)
    {
        Store.Set(key, "v"u8);

        Holds(key, "v");
        Assert.Equal(key, Assert.Single(Store.Scan()).Key);
        Assert.True(Store.Remove(key));
        IsAbsent(key);
    }

    [Fact]
    public void Keys_that_look_alike_are_different_keys()
    {
        foreach (string key in OddKeys.Keys)
        {
            Assert.True(Store.TryAdd(key, Encoding.UTF8.GetBytes(key)), $"'{key}' was taken");
        }

        Assert.Equal(OddKeys.Keys.Length, Store.Count());
        foreach (string key in OddKeys.Keys)
        {
            Holds(key, key);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_537)]
    [InlineData(1_048_576)]
    public void Values_of_every_size_come_back_exactly(int size)
    {
        byte[] value = new byte[size];
        new Random(size).NextBytes(value);

        Store.Set("k", value);

        Assert.True(Store.TryGet("k", out Entry entry));
        Assert.True(entry.Value.Span.SequenceEqual(value));
        var copy = new ArrayBufferWriter<byte>();
        Assert.True(Store.TryRead("k"u8, copy));
        Assert.True(copy.WrittenSpan.SequenceEqual(value));
    }

    [Fact]
    public void A_key_in_utf8_is_the_same_key()
    {
        Store.Set("schlüssel"u8, "v"u8);
        Holds("schlüssel", "v");

        Store.Set("schlüssel", "w"u8);
        Holds("schlüssel", "w");

        Assert.Equal(1, Store.Count());
        Assert.True(Store.Remove("schlüssel"u8));
        IsAbsent("schlüssel");
    }

    [Fact]
    public void Arrays_and_spans_set_the_same()
    {
        byte[] bytes = [1, 2, 3];
        Store.Set("array", bytes);
        Store.Set("span", bytes.AsSpan());
        Store.TryAdd("added array", bytes);
        Store.TryAdd("added span", bytes.AsSpan());
        Assert.True(Store.TryUpdate("array", [4], Store.Set("array", bytes)));
        Assert.True(Store.TryUpdate("span", [4], Store.Set("span", bytes)));

        foreach (string key in new[] { "array", "span" })
        {
            Holds(key, "\u0004");
            Holds($"added {key}", "\u0001\u0002\u0003");
        }
    }

    [Fact]
    public void TryRead_appends_to_what_the_writer_holds()
    {
        Store.Set("k", "world"u8);
        var copy = new ArrayBufferWriter<byte>();
        copy.Write("hello "u8);

        Assert.True(Store.TryRead("k"u8, copy));
        Assert.False(Store.TryRead("absent"u8, copy));

        Assert.Equal("hello world", Encoding.UTF8.GetString(copy.WrittenSpan));
    }

    [Fact]
    public void A_value_that_was_read_never_changes()
    {
        Store.Set("k", "first"u8);
        Entry before = Holds("k", "first");
        using IEnumerator<Entry> scan = Store.Scan().GetEnumerator();
        Assert.True(scan.MoveNext());
        Entry scanned = scan.Current;

        Store.Set("k", "other"u8);
        Assert.Equal("first", Text(before));
        Store.Remove("k");
        Store.Set("k", "again"u8);
        Store.Clear();
        GC.Collect();

        Assert.Equal("first", Text(before));
        Assert.Equal("first", Text(scanned));
        Assert.Equal("k", before.Key);
    }

    [Fact]
    public void The_store_keeps_nothing_of_the_callers_memory()
    {
        byte[] key = "key"u8.ToArray();
        byte[] value = "value"u8.ToArray();
        Store.Set(key.AsSpan(), value.AsSpan());
        Store.Set("array", value);
        Store.TryAdd("added", value);
        Store.TryUpdate("array", value, Store.Set("array", value));
        var batch = new WriteBatch().Set("batched", value);

        Array.Fill(key, (byte)'x');
        Array.Fill(value, (byte)'x');
        Store.Write(batch);

        foreach (string name in new[] { "key", "array", "added", "batched" })
        {
            Holds(name, "value");
        }
    }

    [Fact]
    public async Task Spans_are_copied_before_an_async_call_returns()
    {
        byte[] key = "key"u8.ToArray();
        byte[] value = "value"u8.ToArray();
        ValueTask<long> set = Store.SetAsync(key.AsSpan(), value.AsSpan());
        ValueTask<long> array = Store.SetAsync("array", value);
        ValueTask<WriteResult> added = Store.TryAddAsync("added", value.AsSpan());
        Array.Fill(key, (byte)'x');
        Array.Fill(value, (byte)'x');
        await set;
        await array;
        await added;

        Holds("key", "value");
        Holds("array", "value");
        Holds("added", "value");
    }

    [Fact]
    public void Removing_removes_once()
    {
        long version = Store.Set("k", "v"u8);
        Store.Set("other", "v"u8);

        Assert.True(Store.Remove("k"));
        Assert.False(Store.Remove("k"));
        IsAbsent("k");
        Assert.True(Store.Set("k", "v"u8) > version);
        Assert.Equal(2, Store.Count());
    }

    [Fact]
    public void Versions_grow_with_every_kind_of_write_and_are_never_used_again()
    {
        if (!Store.Features.HasFlag(StoreFeatures.UniqueVersions))
        {
            return;
        }

        var versions = new List<long> { Store.Set("k", "v"u8), Store.TryUpdate("k", "w"u8, Version()).Version };
        Store.Touch("k", TimeSpan.FromHours(1));
        versions.Add(Version());
        Store.Remove("k");
        versions.Add(Store.TryAdd("k", "1"u8).Version);
        Store.Increment("k");
        versions.Add(Version());
        Store.Clear();
        versions.Add(Store.Set("k", "v"u8));
        versions.Add(Store.Set("other", "v"u8));
        versions.Add(Store.Write(new WriteBatch().Set("k", "v"u8)).Version);
        Store.RemovePrefix("");
        versions.Add(Store.Set("k", "v"u8));

        Assert.Equal(versions.Distinct().Order(), versions);

        long Version() => Store.TryGet("k", out Entry entry) ? entry.Version : 0;
    }
}
