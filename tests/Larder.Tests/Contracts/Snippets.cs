namespace Larder.Tests.Contracts;

/// <summary>Lines of user code that look harmless: those that must not compile, with the errors that say so, and those that must.</summary>
internal static class Snippets
{
    internal static readonly Dictionary<string, string> MustNotCompile = new()
    {
        // An async factory would store its task.
        ["store.GetOrAdd(\"k\", async k => { await Task.Yield(); return 5; });"] = "CS0619",
        ["store.GetOrAdd(\"k\", k => Task.FromResult(5));"] = "CS0619",
        ["store.GetOrAdd(\"k\", async Task<int> (k) => { await Task.Yield(); return 5; });"] = "CS0619",
        ["store.Update(\"k\", async (int n) => { await Task.Yield(); return n; });"] = "CS4010",
        ["store.Update<int>(\"k\", async n => { await Task.Yield(); return n; });"] = "CS4010",

        // Null could be text or UTF-8, and is neither.
        ["store.TryGet(null!, out Entry entry);"] = "CS0121",
        ["store.Set(null!, \"v\"u8);"] = "CS0121",
        ["store.Remove(null!);"] = "CS0121",
        ["store.Increment(null!);"] = "CS0121",

        // Text is no key in UTF-8 and no raw value.
        ["store.TryRead(\"k\", null!);"] = "CS1503",
        ["store.Set(\"k\"u8, \"text\");"] = "CS1503",
        ["store.TryGet(\"k\"u8, out string? text);"] = "CS1503",

        // Keys in UTF-8 exist on four members only; the others must not take one for a value or a prefix.
        ["store.TryAdd(\"k\"u8, \"v\"u8);"] = "CS1503",
        ["store.TryUpdate(\"k\"u8, \"v\"u8, 1);"] = "CS1503",
        ["store.Touch(\"k\"u8, time);"] = "CS1503",
        ["store.Scan(\"k\"u8);"] = "CS1503",

        // A version is no expiry, a number is no time, and a DateTime does not say where its zero is.
        ["store.Set(\"k\", bytes, 60);"] = "CS1503",
        ["store.Set(\"k\", bytes, DateTime.MaxValue);"] = "CS1503",
        ["store.TryUpdate(\"k\", bytes);"] = "CS1501",
        ["store.TryUpdate(\"k\", bytes, time);"] = "CS1503",
        ["store.Touch(\"k\");"] = "CS7036",
        ["Expiry expiry = 5;"] = "CS0029",

        // Spans cannot be serialized by accident.
        ["store.Set<ReadOnlySpan<byte>>(\"k\", bytes);"] = "CS9244",
        ["store.TryGet(\"k\", out ReadOnlySpan<byte> span);"] = "CS1503",
        ["store.Set(\"k\", \"text\".AsSpan());"] = "CS1503",

        // A batch knows no serializer.
        ["new WriteBatch().Set(\"k\", 5);"] = "CS1503",
        ["new WriteBatch().Set<object>(\"k\", \"text\");"] = "CS1929",

        // A batch is not a store.
        ["store.Write(bytes);"] = "CS1503",
        ["new WriteBatch().Set(\"k\"u8, \"v\"u8);"] = "CS1503",
    };

    internal static readonly string[] MustCompile =
    [
        "store.GetOrAdd(\"k\", k => 5);",
        "await store.GetOrAddAsync(\"k\", async (k, token) => { await Task.Yield(); return 5; });",
        "await store.GetOrAddAsync(\"k\", (k, token) => Task.FromResult(5), time);",
        "await store.GetOrAddAsync(\"k\", (k, token) => new ValueTask<int>(5), time);",
        "store.Set(\"k\", bytes, time); store.Set(\"k\", bytes, DateTimeOffset.MaxValue); store.Set(\"k\"u8, bytes);",
        "store.Set(\"k\", [1, 2, 3]); store.Set(\"k\", stackalloc byte[3]); store.Set(\"k\", bytes.AsSpan(1)); store.Set(\"k\", \"v\"u8);",
        "store.TryGet(\"k\"u8, out Entry a); store.TryGet(\"k\", out Entry b); store.TryGet(\"k\", out string? c); store.TryGet(\"k\", out var d);",
        "if (store.TryAdd(\"k\", \"v\")) { store.Remove(\"k\"u8); }",
        "await using (await store.LockAsync(\"k\")) { } using (store.Lock(\"k\")) { }",
        "using KeyLock? held = store.TryLock(\"k\", TimeSpan.Zero);",
        "foreach (Entry entry in store.Scan(\"user:\", limit: 100)) { } await foreach (Entry entry in store.ScanAsync()) { } await foreach (Change change in store.Watch()) { }",
        "store.Write(new WriteBatch().Require(\"a\", 7).Set(\"a\", \"x\").Set(\"a\", \"x\", time).Set(\"n\", 5, store.Serializer).Set(\"b\", bytes.AsMemory()).Set(\"b\", bytes).Set(\"c\", \"v\"u8).Remove(\"b\").Increment(\"n\").Clear());",
        "IStore mine = store.Scope(\"tenant:42:\");",
    ];
}
