using System.Buffers;
using System.Text;
using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>The check list of script storage, as far as it speaks of local storage, and the faults of the original that must not come back.</summary>
public abstract class ScriptStorage<TSubject, TFace> : ContractTests<TSubject>
    where TSubject : Subject, new()
    where TFace : ScriptFace, new()
{
    private ScriptFace Local => new TFace { Storage = Store.LocalStorage() };

    [Fact]
    public void What_was_set_is_read_and_can_be_overwritten()
    {
        Local.Set("theme", "dark");
        Assert.Equal("dark", Local.Get("theme"));
        Local.Set("theme", "light");
        Assert.Equal("light", Local.Get("theme"));
    }

    [Fact]
    public void Json_text_comes_back_unchanged()
    {
        string json = """{"user":{"name":"Ä \"quoted\"","tags":[1,2.50,null]}, "escaped":"\u0000\n"}""";

        Local.Set("profile", json);

        Assert.Equal(json, Local.Get("profile"));
    }

    [Fact]
    public void An_unknown_key_reads_as_null_and_an_empty_value_as_empty()
    {
        Local.Set("empty", "");

        Assert.Null(Local.Get("unknown"));
        Assert.Null(Local.GetObject("unknown"));
        Assert.False(Local.Exists("unknown"));
        Assert.False(Local.TryGetBytes("unknown", new ArrayBufferWriter<byte>()));
        Assert.Equal("", Local.Get("empty"));
        Assert.True(Local.Exists("empty"));
    }

    [Fact]
    public void Removing_tells_whether_there_was_something()
    {
        Local.Set("k", "v");

        Assert.True(Local.Remove("k"));
        Assert.False(Local.Remove("k"));
        Assert.Null(Local.Get("k"));
    }

    [Fact]
    public void Keys_lists_what_was_set_in_order_and_is_a_snapshot()
    {
        Assert.Empty(Local.Keys());
        foreach (string key in new[] { "b", "a", "B", "", "ä", "😀", "\uffff", ":", "a:b" })
        {
            Local.Set(key, "v");
        }

        IReadOnlyList<string> keys = Local.Keys();
        Local.Remove("a");

        Assert.Equal(["", ":", "B", "a", "a:b", "b", "ä", "\uffff", "😀"], keys);
        Assert.DoesNotContain("a", Local.Keys());
    }

    [Fact]
    public void The_empty_key_is_a_key_and_goes_with_the_rest()
    {
        Local.Set("", "nameless");
        Assert.Equal("nameless", Local.Get(""));

        Local.Clear();

        Assert.Null(Local.Get(""));
        Assert.Empty(Local.Keys());
    }

    [Fact]
    public void Clearing_touches_nothing_else_in_the_store()
    {
        using IStore scope = Store.Scope("game:");
        LocalStorage game = scope.LocalStorage();
        foreach (string key in new[] { "ls", "ls:", "lsof", "k" })
        {
            Store.Set(key, "the store's");
        }

        game.Set("k", "the game's");
        Local.Set("k", "v");
        Local.Clear();

        Assert.Empty(Local.Keys());
        Assert.Equal("the game's", game.Get("k"));
        Assert.Equal(4, Store.Scan().Count(entry => Text(entry) == "the store's"));
    }

    [Fact]
    public void An_entry_expires_and_a_plain_overwrite_takes_its_deadline_away()
    {
        Local.Set("short", "v", TimeSpan.FromSeconds(1));
        Local.Set("kept", "v", TimeSpan.FromSeconds(1));
        Local.Set("kept", "v");
        Local.Set("gone", "v");
        Local.Set("gone", "v", TimeSpan.Zero);

        Assert.Equal(["kept", "short"], Local.Keys());
        Advance(TimeSpan.FromSeconds(1));

        Assert.Null(Local.Get("short"));
        Assert.Equal(["kept"], Local.Keys());
        Refused<ArgumentOutOfRangeException>(() => Local.Set("k", "v", TimeSpan.FromSeconds(-1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(255)]
    [InlineData(300_000)]
    public void Bytes_of_any_length_come_back_and_are_nobody_elses(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        byte[] given = [.. bytes];

        Local.SetBytes("k", given);
        given.AsSpan().Fill(7);

        var copy = new ArrayBufferWriter<byte>();
        Assert.True(Local.TryGetBytes("k", copy));
        Assert.Equal(bytes, copy.WrittenSpan.ToArray());
    }

    [Fact]
    public void Nul_does_not_end_a_text()
    {
        Local.Set("a\0b", "c\0d");

        Assert.Equal("c\0d", Local.Get("a\0b"));
        Assert.Null(Local.Get("a"));
        Assert.Equal(["a\0b"], Local.Keys());
    }

    [Fact]
    public void Reading_a_value_as_another_kind_is_an_error_and_no_miss()
    {
        Local.SetBytes("bytes", [1, 2, 3]);
        Local.SetObject("object", 42.0);
        Local.Set("text", "v");

        Assert.Equal("bytes", Refused<ValueKindException>(() => Local.Get("bytes")).Key);
        Refused<ValueKindException>(() => Local.Get("object"));
        Refused<ValueKindException>(() => Local.GetObject("text"), "text");
        Refused<FormatException>(() => Local.GetObject("bytes"), "no structured value");
    }

    [Fact]
    public void Structured_values_come_back()
    {
        var nested = new ScriptObject { Properties = { ["list"] = new ScriptArray(1.0, "two", ScriptValue.Null) } };

        Local.SetObject("nested", nested);
        Local.SetObject("undefined", ScriptValue.Undefined);

        var back = Assert.IsType<ScriptObject>(Local.GetObject("nested"));
        Assert.Equal([1.0, "two", ScriptValue.Null], Assert.IsType<ScriptArray>(back.Properties["list"]).Items);
        Assert.Same(ScriptValue.Undefined, Local.GetObject("undefined"));
        Assert.Null(Local.GetObject("unknown"));
    }

    [Fact]
    public void Update_changes_removes_and_keeps_the_deadline()
    {
        Local.Set("k", "a", TimeSpan.FromMinutes(1));

        Assert.Equal("ab", Local.Update("k", old => old + "b"));
        Assert.Equal("new", Local.Update("absent", old => old is null ? "new" : "wrong"));
        Assert.Null(Local.Update("absent", _ => null));
        Assert.Null(Local.Get("absent"));
        Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Local.Get("k"));
    }

    [Fact]
    public void Increment_counts_and_the_count_reads_as_text()
    {
        Local.Set("n", "41");

        Assert.Equal(42, Local.Increment("n"));
        Assert.Equal("42", Local.Get("n"));
        Assert.Equal("42!", Local.Update("n", old => old + "!"));
        Assert.Equal(-3, Local.Increment("new", -3));
        Assert.Equal("n", Refused<NotACounterException>(() => Local.Increment("n"), "'n'").Key);
        Local.Set("most", "9223372036854775807");
        Refused<OverflowException>(() => Local.Increment("most"));
    }

    [Fact]
    public void GetOrAdd_makes_a_value_once()
    {
        int made = 0;

        Assert.Equal("made k", Local.GetOrAdd("k", key => $"made {key} {++made}"[..^2]));
        Assert.Equal("made k", Local.GetOrAdd("k", _ => "again"));
        Assert.Null(Local.GetOrAdd("none", _ => null));
        Assert.False(Local.Exists("none"));
        Assert.Equal(1, made);
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        foreach (Action<string> call in new Action<string>[]
        {
            k => Local.Get(k), k => Local.Exists(k), k => Local.Set(k, "v"), k => Local.Remove(k), k => Local.SetBytes(k, []), k => Local.GetObject(k),
            k => Local.SetObject(k, 1.0), k => Local.Update(k, old => old), k => Local.Increment(k), k => Local.GetOrAdd(k, _ => "v"),
            k => Local.TryGetBytes(k, new ArrayBufferWriter<byte>()),
        })
        {
            Refused<ArgumentNullException>(() => call(null!), parameter: "key");
            Refused<ArgumentException>(() => call("\ud800"), "unpaired surrogate", "key");
            StoreLimitException refusal = Refused<StoreLimitException>(() => call(new string('k', 1024)), "less ");
            Assert.Equal(1024, refusal.Actual);
        }

        Refused<ArgumentNullException>(() => Local.Set("k", null!), parameter: "value");
        Refused<ArgumentNullException>(() => Local.SetObject("k", null!), parameter: "value");
        Refused<ArgumentNullException>(() => Local.Update("k", null!), parameter: "change");
        Refused<ArgumentNullException>(() => Local.TryGetBytes("k", null!), parameter: "target");
        Refused<ArgumentException>(() => Local.Set("k", "half \ud83d"), "unpaired surrogate", "value");
    }

    [Fact]
    public void After_the_store_was_closed_everything_says_so()
    {
        ScriptFace local = Local;
        Store.Dispose();

        foreach (Action call in new Action[]
        {
            () => local.Get("k"), () => local.Set("k", "v"), () => local.Remove("k"), () => local.Clear(), () => local.Keys(), () => local.Increment("k"),
            () => local.Update("k", old => old), () => local.SetBytes("k", []), () => local.GetObject("k"), () => local.GetOrAdd("k", _ => "v"),
        })
        {
            Assert.Contains("store is closed", Assert.Throws<ObjectDisposedException>(call).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cancelled_call_changes_nothing()
    {
        LocalStorage local = Local.Storage;
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await RefusedByTask<OperationCanceledException>(() => local.SetAsync("k", "v", default, cancelled.Token).AsTask());
        await RefusedByTask<OperationCanceledException>(() => local.GetAsync("k", cancelled.Token).AsTask());
        await RefusedByTask<OperationCanceledException>(() => local.KeysAsync(cancelled.Token).AsTask());
        Assert.Throws<ArgumentNullException>(() => local.SetAsync("k", null!).AsTask().Wait());   // from the task it would be wrapped
    }

    [Fact]
    public void What_stands_in_the_store_is_the_documented_layout()
    {
        Local.Set("k", "v");

        Assert.True(Store.TryGet("ls::k", out Entry entry));
        Assert.Equal((ValueKind.Text, "v"), (entry.Kind, Encoding.UTF8.GetString(entry.Value.Span)));
    }
}
