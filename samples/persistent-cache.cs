#:project ../src/Larder/Larder.csproj

// A cache with lifetimes that is warm again after a restart: run it twice.
// Run it with: dotnet run samples/persistent-cache.cs [DIRECTORY]

using Larder;

string path = args.Length > 0 ? args[0] : "cache_data";

// A cache may lose its newest second in a power cut, so it need not wait for the disk at every set; and it makes room by itself when it is full.
await using Store cache = await Store.OpenAsync(path, new StoreOptions { Durability = DurabilityMode.Interval, MaxBytes = 64 * 1024 * 1024, WhenFull = WhenFull.Evict });
Console.WriteLine(cache.TryGet("username", out string? earlier) ? $"still warm: {earlier}" : "Cache miss or expired");

// Any type; text is stored as text, everything else by the serializer of the options.
cache.Set("username", "alice", TimeSpan.FromSeconds(60));
cache.Set("profile", new Profile("text", 4_203_558), TimeSpan.FromHours(1));
cache.Set("answer", 42, Timeout.InfiniteTimeSpan);

if (cache.TryGet("username", out string? name) && cache.TryGet("profile", out Profile? profile) && cache.TryGet("answer", out int answer))
{
    Console.WriteLine($"Cached username: {name}, {profile}, {answer}");
}

// What is left of a life, and more of it.
cache.Touch("username", TimeSpan.FromMinutes(10));
Console.WriteLine($"username has more than 9 minutes: {cache.GetTimeToLive("username") > TimeSpan.FromMinutes(9)}; nobody has {cache.GetTimeToLive("nobody")?.ToString() ?? "none"}");

// Reading it as something else is an error, not a miss.
try
{
    cache.TryGet("profile", out string? _);
}
catch (ValueKindException wrong)
{
    Console.WriteLine(wrong.Message);
}

// One load however many ask.
int loads = 0;
string[] reports = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cache.GetOrAddAsync("report", LoadAsync, TimeSpan.FromSeconds(30)).AsTask()));
Console.WriteLine($"{reports.Length} answers from at most one load: {loads <= 1}");

// Atomic work on one key, under its lock. Set, get and remove work inside.
cache.Set("total", 0, TimeSpan.FromHours(1));
await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
{
    for (int i = 0; i < 100; i++)
    {
        await using KeyLock held = await cache.LockAsync("total");
        cache.TryGet("total", out int total);
        cache.Set("total", total + 1, TimeSpan.FromHours(1));
    }
}));
Console.WriteLine($"under a lock, 10 times 100 is {(cache.TryGet("total", out int sum) ? sum : 0)}");

// Removing, counting, clearing. What has no time to live is not kept.
cache.Remove("total");
cache.Set("gone", "at once", TimeSpan.Zero);
Console.WriteLine($"{cache.Count()} entries; under 're' {cache.RemovePrefix("re")} is removed");

async ValueTask<string> LoadAsync(string key, CancellationToken cancellationToken)
{
    Interlocked.Increment(ref loads);
    await Task.Delay(50, cancellationToken); // stands for something slow
    return $"the {key}";
}

internal sealed record Profile(string Field1, int Field2);
