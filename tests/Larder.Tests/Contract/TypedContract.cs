using System.Buffers;
using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Typed values: text as UTF-8, bytes as they are, the rest by the serializer, and never one mistaken for the other.</summary>
public abstract class TypedContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private sealed record Profile(string Name, int[] Scores);

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("schön 😀 \0")]
    public async Task Text_is_stored_as_utf8(string text)
    {
        Store.Set("k", text);

        Assert.Equal(ValueKind.Text, Holds("k", text).Kind);
        Assert.True(Store.TryGet("k", out string? read));
        Assert.Equal(text, read);
        Assert.Equal((true, text), await Store.TryGetAsync<string>("k"));
    }

    [Fact]
    public async Task Objects_go_through_the_serializer()
    {
        long version = Store.Set("k", new Profile("Alice", [1, 2]), TimeSpan.FromMinutes(1));

        Assert.True(Store.TryGet("k", out Profile? profile));
        Assert.Equal("Alice", profile!.Name);
        Entry entry = Holds("k", """{"Name":"Alice","Scores":[1,2]}""");
        Assert.Equal((ValueKind.Serialized, version), (entry.Kind, entry.Version));
        Assert.Equal([1, 2], Store.Decode<Profile>(entry)!.Scores);
        Assert.Equal("Alice", (await Store.TryGetAsync<Profile>("k")).Value!.Name);
        Advance(TimeSpan.FromMinutes(1));
        Assert.False(Store.TryGet("k", out profile));
        Assert.Null(profile);
        Assert.Equal((false, 0), await Store.TryGetAsync<int>("k"));
    }

    [Fact]
    public void Byte_sequences_are_stored_as_they_are()
    {
        byte[] bytes = [0, 1, 255];
        Store.Set("array", bytes);
        Store.Set("memory", (ReadOnlyMemory<byte>)bytes);
        Store.Set("writable", bytes.AsMemory());
        Store.Set("segment", new ArraySegment<byte>(bytes));
        Store.Set("sequence", new ReadOnlySequence<byte>(bytes));
        bytes[0] = 9;

        foreach (Entry entry in Store.Scan())
        {
            Assert.Equal(ValueKind.Bytes, entry.Kind);
            Assert.Equal([0, 1, 255], entry.Value.ToArray());
        }

        Assert.True(Store.TryGet("sequence", out byte[]? array));
        Assert.True(Store.TryGet("array", out ReadOnlyMemory<byte> memory));
        Assert.True(Store.TryGet("array", out Memory<byte> writable));
        Assert.True(Store.TryGet("array", out ArraySegment<byte> segment));
        Assert.True(Store.TryGet("array", out ReadOnlySequence<byte> sequence));
        Assert.Equal([0, 1, 255], array!);
        Assert.Equal([0, 1, 255], memory.ToArray());
        Assert.Equal([0, 1, 255], segment.ToArray());
        Assert.Equal([0, 1, 255], sequence.ToArray());
        writable.Span.Fill(7);
        array.AsSpan().Fill(7);
        Holds("array", Encoding.UTF8.GetString([0, 1, 255]));
        Assert.Equal([0, 1, 255], Store.Scan("array").Single().Value.ToArray());
    }

    [Fact]
    public async Task Typed_conditions_are_conditions()
    {
        WriteResult added = Store.TryAdd("k", "v");
        Assert.True(added);
        Assert.Equal(added with { Applied = false }, Store.TryAdd("k", "w"));
        Assert.Equal(added with { Applied = false }, await Store.TryAddAsync("k", "w"));
        WriteResult updated = Store.TryUpdate("k", 5, added.Version);
        Assert.True(updated);
        Assert.False(await Store.TryUpdateAsync("k", 6, added.Version));
        Assert.True(await Store.TryUpdateAsync("k", 7, updated.Version));
        Assert.True(await Store.TryAddAsync("other", 8));
        Assert.True(await Store.SetAsync("third", 9) > updated.Version);
        Assert.Equal([7, 8, 9], Store.Scan().Select(entry => Store.Decode<int>(entry)).Order());
    }

    [Fact]
    public void Null_is_refused()
    {
        Store.Set("k", "v");
        Refused<ArgumentNullException>(() => Store.Set("k", (string)null!), "null cannot be stored", "value");
        Refused<ArgumentNullException>(() => Store.Set("k", (Profile)null!), "null cannot be stored", "value");
        Refused<ArgumentNullException>(() => Store.Set("k", (int?)null), "null cannot be stored", "value");
        Refused<ArgumentNullException>(() => Store.TryAdd("new", (string)null!), "null cannot be stored", "value");
        Refused<ArgumentNullException>(() => Store.TryUpdate("k", (string)null!, 1), "null cannot be stored", "value");
        Refused<ArgumentNullException>(() => Store.Write(new WriteBatch().Set("k", (string)null!)), "null cannot be stored", "value");
        Action call = () => _ = Store.SetAsync("k", (string)null!).AsTask();
        Refused<ArgumentNullException>(call, "null cannot be stored", "value");
    }

    [Fact]
    public void Tasks_are_refused()
    {
        Refused<ArgumentException>(() => Store.Set("k", Task.CompletedTask), "await it first", "value");
        Refused<ArgumentException>(() => Store.Set("k", Task.FromResult(1)), "await it first", "value");
        Refused<ArgumentException>(() => Store.Set("k", new ValueTask<int>(1)), "await it first", "value");
        Refused<ArgumentException>(() => Store.Set("k", default(ValueTask)), "await it first", "value");
    }

    [Fact]
    public void Tasks_in_disguise_are_refused()
    {
        Refused<ArgumentException>(() => Store.Set<object>("k", Task.FromResult(1)), parameter: "value");
        Refused<ArgumentException>(() => Store.Set<object>("k", default(ValueTask)), parameter: "value");
        Refused<ArgumentException>(() => Store.Set<object>("k", new ValueTask<int>(1)), parameter: "value");
    }

    [Fact]
    public void Text_without_a_form_in_utf8_is_refused()
    {
        Refused<ArgumentException>(() => Store.Set("k", "a\ud800b"), "unpaired surrogate");
        Refused<ArgumentException>(() => Store.TryAdd("k", "\udc00"), "unpaired surrogate");
    }

    [Fact]
    public void A_value_of_another_kind_is_an_error_and_not_a_miss()
    {
        Store.Set("bytes", "5"u8);
        Store.Set("text", "5");
        Store.Set("object", 5);

        ValueKindException refusal = Refused<ValueKindException>(() => Store.TryGet("bytes", out string? _), "the value of 'bytes' is stored as bytes and cannot be read as System.String");
        Assert.Equal(("bytes", ValueKind.Bytes), (refusal.Key, refusal.Stored));
        Refused<ValueKindException>(() => Store.TryGet("bytes", out int _), "stored as bytes");
        Refused<ValueKindException>(() => Store.TryGet("text", out int _), "stored as text");
        Refused<ValueKindException>(() => Store.TryGet("text", out byte[]? _), "stored as text");
        Refused<ValueKindException>(() => Store.TryGet("object", out string? _), "stored as a serialized object");
        Refused<ValueKindException>(() => Store.TryGet("object", out ReadOnlyMemory<byte> _), "stored as a serialized object");
        Refused<ValueKindException>(() => Store.TryGet("object", out Profile? _), "cannot be read as");
    }

    [Fact]
    public void Update_changes_by_compare_and_set()
    {
        Assert.Equal(1, Store.Update("n", (int n) => n + 1));
        Assert.Equal(2, Store.Update("n", (int n) => n + 1, TimeSpan.FromMinutes(1)));
        Assert.Equal(3, Store.Update("n", (int n) => n + 1));
        Assert.Equal(Now + TimeSpan.FromMinutes(1), Holds("n", "3").ExpiresAt);

        int runs = 0;
        Assert.Equal(11, Store.Update("n", (int n) =>
        {
            if (runs++ == 0)
            {
                Store.Set("n", 10);
            }

            return n + 1;
        }));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Update_to_null_removes()
    {
        Store.Set("a", "v");
        Store.Set("b", "v");
        Assert.Null(Store.Update<string?>("a", _ => null));
        Assert.Null(await Store.UpdateAsync<string?>("b", _ => null));
        Assert.Null(Store.Update<string?>("absent", _ => null));
        Assert.Equal(0, Store.Count());
        Assert.Equal("new", await Store.UpdateAsync("a", (string? old) => old ?? "new"));
        Refused<ArgumentNullException>(() => Store.Update("a", (Func<string?, string>)null!), parameter: "change");
    }

    [Fact]
    public async Task Updates_by_many_are_all_counted()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 250; i++)
            {
                _ = writer % 2 == 0 ? Store.Update("n", (int n) => n + 1) : await Store.UpdateAsync("n", (int n) => n + 1);
            }
        })));

        Assert.True(Store.TryGet("n", out int total));
        Assert.Equal(1_000, total);
    }

    [Fact]
    public void The_serializer_is_the_one_of_the_options()
    {
        var serializer = new Reversing();
        Open(options => options.Serializer = serializer);
        Assert.Same(serializer, Store.Serializer);

        Store.Set("k", 12);
        Store.Set("text", "abc");

        Holds("k", "21");
        Holds("text", "abc");
        Assert.True(Store.TryGet("k", out int number));
        Assert.Equal(12, number);
        Assert.Equal(34, Store.GetOrAdd("made", _ => 34));
        Holds("made", "43");
    }

    [Fact]
    public async Task Existence_needs_no_type()
    {
        Assert.False(Store.Exists("k"));
        Assert.False(await Store.ExistsAsync("k"));
        Store.Set("k", 1);
        Assert.True(Store.Exists("k"));
        Assert.True(await Store.ExistsAsync("k"));
    }

    [Fact]
    public async Task What_the_serializer_throws_comes_through_the_task()
    {
        Open(options => options.Serializer = new Failing());
        ValueTask<long> set = Store.SetAsync("k", 5);
        ValueTask<WriteResult> add = Store.TryAddAsync("k", 5);
        ValueTask<WriteResult> update = Store.TryUpdateAsync("k", 5, 1);

        await Assert.ThrowsAsync<ArgumentException>(async () => await set);
        await Assert.ThrowsAsync<ArgumentException>(async () => await add);
        await Assert.ThrowsAsync<ArgumentException>(async () => await update);
        foreach (Action call in new Action[]
        {
            () => _ = Store.SetAsync("", 5).AsTask(), () => _ = Store.SetAsync("k", "\ud800").AsTask(), () => _ = Store.TryAddAsync("k", Task.CompletedTask).AsTask(),
        })
        {
            Refused<ArgumentException>(call);
        }

        Refused<ArgumentException>(() => Store.Set("k", 5));
    }

    private sealed class Failing : IValueSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> destination) => throw new ArgumentException("it cannot be done");

        public T? Deserialize<T>(ReadOnlySpan<byte> source) => default;
    }

    private sealed class Reversing : IValueSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> destination) => destination.Write(Encoding.UTF8.GetBytes([.. $"{value}".Reverse()]));

        public T? Deserialize<T>(ReadOnlySpan<byte> source) =>
            (T)Convert.ChangeType(string.Concat(Encoding.UTF8.GetString(source).Reverse()), typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }
}
