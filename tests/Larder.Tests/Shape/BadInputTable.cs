using System.Text;
using Xunit;

namespace Larder.Tests.Shape;

/// <summary>Bad input gets a clear answer: docs/bad-input.md lists what is given and what comes back, and is made from what really comes back.</summary>
public sealed class BadInputTable
{
    private static readonly string _page = Path.Combine(Source.Root, "docs", "bad-input.md");
    private readonly StringBuilder _rows = new();

    [Fact]
    public void The_page_says_what_the_store_says()
    {
        using var store = new Store(new StoreOptions { MaxKeyBytes = 16, MaxValueBytes = 8, MaxEntries = 5, TimeProvider = new ManualTimeProvider() });
        store.Set("text", "abc"u8);
        store.Set("most", Encoding.ASCII.GetBytes("99999999"));
        using var closed = new Store();
        closed.Dispose();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Row("any", "null key", () => store.TryGet((string)null!, out _));
        Row("any", "empty key", () => store.Set("", "x"u8));
        Row("any", "over-long key", () => store.Set("seventeen letters", "x"u8));
        Row("any", "unpaired surrogate", () => store.Set("\ud800", "x"u8));
        Row("any", "no UTF-8", () => store.TryGet([0xFF], out _));
        Row("any", "closed store", () => closed.Set("k", "x"u8));
        Row("any async", "cancelled token", () => store.SetAsync("k", "x"u8, default, cancelled.Token).AsTask().GetAwaiter().GetResult());
        Row("set", "null value", () => store.Set("k", (byte[])null!));
        Row("set", "empty value", () => $"stored, version {store.Set("empty", ""u8)}");
        Row("set", "value over the limit", () => store.Set("k", new byte[9]));
        Row("set typed", "null", () => store.Set<string>("k", null!));
        Row("set typed", "a task", () => store.Set("k", Task.FromResult(1)));
        Row("set validated", "key that breaks a rule", () => new ValidatedStore(store, [StoreRules.MaxKeyBytes(4)], []).Set("schön", "x"u8));
        Row("set validated", "value that breaks a rule", () => new ValidatedStore(store, [], [StoreRules.MaxValueBytes(4)]).Set("k", "large"u8));
        Row("expiry", "zero", () => $"removed, version {store.Set("empty", "x"u8, TimeSpan.Zero)}");
        Row("expiry", "infinite", () => $"no expiry: {Expiry.In(Timeout.InfiniteTimeSpan)}");
        Row("expiry", "another negative", () => Expiry.In(TimeSpan.FromSeconds(-1)));
        Row("increment", "not a counter", () => store.Increment("text"));
        Row("increment", "overflow", () => store.Increment("most", long.MaxValue));
        Row("compare-and-set", "stale version", () => store.TryUpdate("text", "x"u8, 9999));
        Row("compare-and-set", "absent key", () => store.TryUpdate("absent", "x"u8, 1));
        Row("get-or-add", "null factory", () => store.GetOrAdd("k", (Func<string, string>)null!));
        Row("get-or-add", "the factory asks for its own key", () => store.GetOrAdd("k", key => store.GetOrAdd(key, _ => "x")));
        Row("read typed", "another kind", () => store.TryGet("text", out string? _));
        Row("remove", "absent key", () => store.Remove("absent"));
        Row("scan", "null prefix", () => store.Scan(null!));
        Row("scan", "negative limit", () => store.Scan(limit: -1));
        Row("batch", "null", () => store.Write(null!));
        Row("batch", "one bad item", () => store.Write(new WriteBatch().Set("k", "x"u8).Increment("text")));
        Row("batch", "a requirement that does not hold", () => store.Write(new WriteBatch().Require("text", 9999).Remove("text")));
        Row("lock", "negative time-out", () => store.TryLock("k", TimeSpan.FromSeconds(-1)));
        Row("lock", "held, time-out zero", () => TryTwice(store));
        Row("history", "absent key", () => $"{store.History("absent").Count} entries");
        Row("scope", "empty prefix", () => store.Scope(""));
        Row("open", "contradictory options", () => new Store(new StoreOptions { MaxEntries = 0, VersionsToKeep = 0, MaxKeyBytes = -1 }));
        Row("set", "full store", () => Fill(store));
        using var roomy = new Store();
        using SessionStorage sessions = roomy.Sessions(new SessionOptions { Strict = true, MaxKeysPerSession = 1, MaxValueBytes = 8 });
        string id = sessions.Create();
        sessions.Set(id, "a", "1");
        roomy.LocalStorage().SetBytes("bytes", [1, 2, 3]);
        Row("any of a session", "empty id", () => sessions.Get("", "k"));
        Row("any of a session", "over-long key", () => sessions.Get(id, new string('k', 1024)));
        Row("set of a session", "unknown id, strict", () => Told(() => sessions.Set("unknown", "k", "v")));
        Row("set of a session", "one key too many", () => Told(() => sessions.Set(id, "b", "2")));
        Row("set of a session", "value over the limit", () => Told(() => sessions.Set(id, "a", "nine bytes")));
        Row("rotate", "unknown id", () => sessions.Rotate("unknown"));
        Row("sessions", "contradictory options", () => new SessionStorage(roomy, new SessionOptions { IdleTimeout = TimeSpan.Zero, MaxKeysPerSession = 0 }));
        Row("local storage get", "bytes", () => roomy.LocalStorage().Get("bytes"));
        Row("local storage get object", "bytes of something else", () => roomy.LocalStorage().GetObject("bytes"));

        string actual = "# Bad input\n\nWhat is given, and what comes back. Nothing is changed by a refusal. Made by a test from what the store really says.\n\n"
            + "| Operation | Input | Answer |\n|---|---|---|\n" + _rows;
        if (Environment.GetEnvironmentVariable("LARDER_APPROVE") == "1")
        {
            File.WriteAllText(_page, actual);
        }

        Assert.Equal(File.ReadAllText(_page).ReplaceLineEndings("\n"), actual);
    }

    private static string TryTwice(Store store)
    {
        using KeyLock held = store.Lock("k");
        return store.TryLock("k", TimeSpan.Zero) is null ? "null" : "locked";
    }

    private static string Told(Action call)
    {
        call();
        return "taken";
    }

    private static object Fill(Store store)
    {
        for (int i = 0; ; i++)
        {
            store.Set($"fill {i}", "x"u8);
        }
    }

    private void Row(string operation, string input, Func<object?> call)
    {
        string answer;
        try
        {
            object? returned = call();
            answer = returned is string text ? text : $"returns `{returned ?? "null"}`";
        }
        catch (Exception refusal)
        {
            answer = $"`{refusal.GetType().Name}`: {refusal.Message.ReplaceLineEndings(" ")}";
        }

        _rows.Append($"| {operation} | {input} | {answer} |\n");
    }
}
