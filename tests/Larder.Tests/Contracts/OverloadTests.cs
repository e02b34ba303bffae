using System.Buffers;
using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>Which overload a call reaches, told by what it stores: bytes stay bytes, text is text, and null is never an empty value.</summary>
public sealed class OverloadTests : IDisposable
{
    private readonly Store _store = new();

    [Fact]
    public void Everything_that_is_bytes_is_stored_raw()
    {
        byte[] bytes = [1, 2, 3];
        ArraySegment<byte> segment = bytes;
        Span<byte> onStack = stackalloc byte[] { 1, 2, 3 };
        foreach (Action<IStore> set in new Action<IStore>[]
        {
            store => store.Set("k", bytes),
            store => store.Set("k", [1, 2, 3]),
            store => store.Set("k", bytes.AsSpan()),
            store => store.Set("k", (ReadOnlySpan<byte>)bytes),
            store => store.Set("k", bytes.AsMemory()),
            store => store.Set("k", (ReadOnlyMemory<byte>)bytes),
            store => store.Set("k", segment),
            store => store.Set("k", new ReadOnlySequence<byte>(bytes)),
            store => store.Set("k", "\u0001\u0002\u0003"u8),
            store => store.Set<object>("k", bytes),
            store => store.TryAdd("k", bytes),
            store => store.TryAdd("k", bytes.AsMemory()),
            store => store.Write(new WriteBatch().Set("k", bytes)),
            store => store.Write(new WriteBatch().Set("k", bytes.AsMemory())),
            store => store.Write(new WriteBatch().Set("k", "\u0001\u0002\u0003"u8)),
        })
        {
            set(_store);
            Stored(ValueKind.Bytes, bytes);
        }

        _store.Set("k", onStack);
        Stored(ValueKind.Bytes, bytes);
    }

    [Fact]
    public void Everything_that_is_text_is_stored_as_text()
    {
        foreach (Action<IStore> set in new Action<IStore>[]
        {
            store => store.Set("k", "abc"),
            store => store.Set<object>("k", "abc"),
            store => store.TryAdd("k", "abc"),
            store => store.Write(new WriteBatch().Set("k", "abc")),
            store => store.GetOrAdd("k", _ => "abc"),
        })
        {
            set(_store);
            Stored(ValueKind.Text, "abc"u8.ToArray());
        }
    }

    [Fact]
    public void Everything_else_is_serialized()
    {
        _store.Set("k", 5);
        Stored(ValueKind.Serialized, "5"u8.ToArray());
        _store.Set("k", new List<byte> { 1, 2 });
        Stored(ValueKind.Serialized, "[1,2]"u8.ToArray());
        _store.Set("k", new[] { 'a' });
        Stored(ValueKind.Serialized, "[\"a\"]"u8.ToArray());
        _store.Set("k", (byte)7);
        Stored(ValueKind.Serialized, "7"u8.ToArray());
    }

    [Fact]
    public void Null_is_no_empty_value()
    {
        byte[]? none = null;
        Assert.Throws<ArgumentNullException>("value", () => _store.Set("k", (byte[])null!));
        Assert.Throws<ArgumentNullException>("value", () => _store.Set("k", none!));
        Assert.Throws<ArgumentNullException>("value", () => _store.Set("k", null!));
        Assert.Throws<ArgumentNullException>("value", () => _store.TryAdd("k", null!));
        Assert.Throws<ArgumentNullException>("value", () => _store.TryUpdate("k", null!, 1));
        Assert.Throws<ArgumentNullException>("value", () => new WriteBatch().Set("k", none!));
        Assert.Throws<ArgumentNullException>("value", () => new WriteBatch().Set("k", null!));
        Assert.Throws<ArgumentNullException>("value", () => _store.Set("k", (string)null!));
        Assert.False(_store.Exists("k"));
    }

    [Fact]
    public void A_null_key_is_a_missing_string()
    {
        Assert.Throws<ArgumentNullException>("key", () => _store.TryGet((string)null!, out Entry _));
        Assert.Throws<ArgumentNullException>("key", () => _store.Set((string)null!, "v"u8));
        Assert.Throws<ArgumentNullException>("key", () => _store.Set(null!, "v"));
        Assert.Throws<ArgumentNullException>("key", () => _store.Remove((string)null!));
        Assert.Throws<ArgumentNullException>("key", () => _store.Increment((string)null!));
        Assert.Throws<ArgumentException>("utf8Key", () => _store.Remove((byte[])null!));
    }

    [Fact]
    public void An_array_as_key_is_a_key_in_utf8()
    {
        byte[] key = "k"u8.ToArray();
        _store.Set(key, "v"u8);
        Assert.True(_store.TryGet("k", out Entry _));
        Assert.Equal(1, _store.Increment("n"u8.ToArray()));
        Assert.True(_store.Exists("n"));
        Assert.True(_store.Remove(key));
    }

    [Fact]
    public void What_was_forgotten_to_await_or_to_call_is_refused()
    {
        Assert.Throws<ArgumentException>("value", () => _store.Set("k", Task.FromResult(5)));
        Assert.Throws<ArgumentException>("value", () => _store.Set("k", new ValueTask<int>(5)));
        Assert.Throws<ArgumentException>("value", () => _store.TryAdd("k", Task.CompletedTask));
        Assert.ThrowsAny<Exception>(() => _store.Set("k", async () =>
        {
            await Task.Yield();
            return 5;
        }));
        Assert.ThrowsAny<Exception>(() => _store.Set("k", () => 5));
        Assert.False(_store.Exists("k"));
    }

    [Fact]
    public async Task An_async_factory_reaches_the_member_that_awaits_it()
    {
        Assert.Equal(5, await _store.GetOrAddAsync("lambda", async (_, _) =>
        {
            await Task.Yield();
            return 5;
        }));
        Assert.Equal(6, await _store.GetOrAddAsync("task", (_, _) => Task.FromResult(6)));
        Assert.Equal(7, await _store.GetOrAddAsync("value task", (_, _) => new ValueTask<int>(7)));
        Assert.Equal(["5", "6", "7"], _store.Scan().Select(entry => System.Text.Encoding.UTF8.GetString(entry.Value.Span)).Order());
    }

    public void Dispose() => _store.Dispose();

    private void Stored(ValueKind kind, byte[] bytes)
    {
        Assert.True(_store.TryGet("k", out Entry entry));
        Assert.Equal(kind, entry.Kind);
        Assert.Equal(bytes, entry.Value.ToArray());
        _store.Remove("k");
    }
}
