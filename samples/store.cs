#:project ../src/Larder/Larder.csproj

// A walk through the store's API. Run it with: dotnet run samples/store.cs

using System.Text;
using Larder;

using var store = new Store(new StoreOptions { VersionsToKeep = 3 }); // in memory

// Set and get. A value is bytes; with an expiry it leaves by itself.
store.Set("user:1", "alice@example.com"u8, TimeSpan.FromMinutes(5));
if (store.TryGet("user:1", out Entry entry))
{
    Console.WriteLine($"{entry.Key} is {Encoding.UTF8.GetString(entry.Value.Span)}, version {entry.Version}, expires: {entry.ExpiresAt is not null}");
}

// Typed values: strings as text, everything else as JSON unless the options say otherwise.
store.Set("profile:1", new Profile("Alice", 30));
store.Set("greeting", "hello");
if (store.TryGet("profile:1", out Profile? profile) && store.TryGet("greeting", out string? greeting))
{
    Console.WriteLine($"{greeting}, {profile!.Name}, {profile.Age}");
}

// A counter: atomic, 64 bits, checked.
store.Increment("visits");
Console.WriteLine($"visits: {store.Increment("visits", by: 41)}");

// A scan: ordered by key, one point in time, writers go on meanwhile.
store.Set("user:3", "carol@example.com");
store.Set("user:2", "bob@example.com");
foreach (Entry user in store.Scan("user:", limit: 100))
{
    Console.WriteLine($"scanned {user.Key}");
}

// Compare-and-set: only if nobody else wrote in between.
WriteResult first = store.TryUpdate("user:1", "alice@larder.example"u8, entry.Version);
WriteResult second = store.TryUpdate("user:1", "too late"u8, entry.Version);
Console.WriteLine($"first update {(first ? "applied" : "refused")}, second {(second ? "applied" : "refused")}: the version is {second.Version} now");
Console.WriteLine($"user:1 has {store.History("user:1").Count} versions");

// The same as a loop that retries by itself.
store.Update<Profile>("profile:1", old => old! with { Age = old.Age + 1 });
Console.WriteLine($"a year later: {(store.TryGet("profile:1", out profile) ? profile!.Age : 0)}");

// A lock on one key, released by disposing it.
using (store.Lock("user:1"))
{
    Console.WriteLine($"locked; a second holder gets {(store.TryLock("user:1", TimeSpan.Zero) is null ? "nothing" : "in")}");
}

// A batch: all of it or nothing. Require refuses the whole when a key has changed.
store.Write(new WriteBatch().Increment("account:a", 100).Increment("account:b", 0));
WriteResult moved = store.Write(new WriteBatch().Increment("account:a", -30).Increment("account:b", 30));
WriteResult refused = store.Write(new WriteBatch().Require("account:a", moved.Version - 1).Increment("account:a", -70));
Console.WriteLine($"moved: {moved.Applied}, refused: {!refused.Applied}, a has {Count("account:a")}, b has {Count("account:b")}");

// GetOrAdd: however many ask, one loads.
int loads = 0;
string[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.GetOrAddAsync("report", LoadAsync, TimeSpan.FromMinutes(1)).AsTask()));
Console.WriteLine($"{answers.Length} answers from {loads} load");

// A scope: a view on the keys under a prefix, with the same contract.
using (IStore tenant = store.Scope("tenant:42:"))
{
    tenant.Set("name", "Acme");
    Console.WriteLine($"in the scope 'name' is there: {tenant.Exists("name")}; in the store it is {store.Scan("tenant:").First().Key}");
}

// A watch: every change in commit order, here with what is there first.
await foreach (Change change in store.Watch("user:", includeCurrent: true))
{
    Console.WriteLine($"{change.Kind} {change.Key}");
    if (change.Key == "user:3" && change.Kind == ChangeKind.Set)
    {
        store.Remove("user:3");
    }

    if (change.Kind == ChangeKind.Remove)
    {
        break;
    }
}

long Count(string key) => store.TryGet(key, out long amount) ? amount : 0;

async ValueTask<string> LoadAsync(string key, CancellationToken cancellationToken)
{
    Interlocked.Increment(ref loads);
    await Task.Delay(50, cancellationToken); // stands for something slow
    return $"the {key}";
}

internal sealed record Profile(string Name, int Age);
