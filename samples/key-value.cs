#:project ../src/Larder/Larder.csproj

// A key-value store with prefix scan: put, get, scan, update, delete, close; in memory, and the same in a directory.
// Run it with: dotnet run samples/key-value.cs

using System.Text;
using Larder;

// Default options: nothing is bounded, one version is kept.
using var store = new Store();

foreach ((string key, string value) in new[]
{
    ("user:1", "alice@example.com"), ("user:2", "bob@example.com"), ("user:3", "charlie@example.com"),
    ("product:1", "laptop"), ("product:2", "mouse"), ("config:debug", "true"), ("config:port", "8080"),
})
{
    store.Set(key, Encoding.UTF8.GetBytes(value));
}

// Get. An unknown key is no error.
foreach (string key in new[] { "user:1", "product:1", "nonexistent:key" })
{
    Console.WriteLine(store.TryGet(key, out Entry found) ? $"found {key} = {Text(found)}" : $"not found: {key}");
}

// Scan by prefix: in order, one point in time, writers go on meanwhile.
foreach (string prefix in new[] { "user:", "product:", "config:", "admin:" })
{
    Console.WriteLine($"{store.Count(prefix)} under '{prefix}': {string.Join(", ", store.Scan(prefix).Select(entry => $"{entry.Key} = {Text(entry)}").DefaultIfEmpty("nothing"))}");
}

// Update and delete.
store.Set("config:debug", "false"u8);
Console.WriteLine($"deleted user:2: {store.Remove("user:2")}; again: {store.Remove("user:2")}");
Console.WriteLine($"{store.Count()} keys are left, the first is {Text(store.Scan().First())}");

// Custom options: five versions, and a log of what matters.
using (var custom = new Store(new StoreOptions { VersionsToKeep = 5, LogLevel = StoreLogLevel.Info, Log = one => Console.WriteLine($"log: {one.Level} {one.Name}") }))
{
    for (int i = 1; i <= 6; i++)
    {
        custom.Set("draft", Encoding.UTF8.GetBytes($"version {i}"));
    }

    Console.WriteLine($"kept: {string.Join(", ", custom.History("draft").Select(Text))}");
}

// Rules of your own for keys and values. Disposing it disposes the store beneath.
using (var validated = new ValidatedStore(
    new Store(),
    [StoreRules.MaxKeyBytes(), StoreRules.Key(key => key.StartsWith("user:", StringComparison.Ordinal), "keys start with user:")],
    [StoreRules.MaxValueBytes(16)]))
{
    validated.Set("user:1", "short"u8);
    Try(() => validated.Set("product:1", "short"u8));
    Try(() => validated.Set("user:1", "much too long for it"u8));
}

// The same store in a directory: what was put is there when it is opened again.
string path = Directory.CreateTempSubdirectory("larder-").FullName;
using (Store durable = Store.Open(path))
{
    durable.Set("user:1", "alice@example.com"u8);
}

using (Store durable = Store.Open(path))
{
    Console.WriteLine($"opened again: {(durable.TryGet("user:1", out Entry kept) ? Text(kept) : "nothing")}");
}

Directory.Delete(path, recursive: true);

// After closing, every call says so.
store.Dispose();
Try(() => store.Set("user:1", "x"u8));
Try(() => store.Set("", "x"u8));

static string Text(Entry entry) => Encoding.UTF8.GetString(entry.Value.Span);

static void Try(Action call)
{
    try
    {
        call();
    }
    catch (Exception refused) when (refused is ArgumentException or InvalidOperationException)
    {
        Console.WriteLine($"{refused.GetType().Name}: {refused.Message.Split([" (Parameter", "\n"], StringSplitOptions.None)[0]}");
    }
}
