#:project ../src/Larder/Larder.csproj

// A bounded cache of objects: one load per key, expiry, weights, callbacks, many keys at once.
// Run it with: dotnet run samples/cache.cs

using Larder;

int loads = 0;
using var users = new Cache<int, User>(capacity: 10_000);
Console.WriteLine(users.GetOrAdd(1, id => Load(id)).Name);

User[] same = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => users.GetOrAddAsync(2, LoadAsync).AsTask()));
Console.WriteLine($"10 answers, {loads} loads in all, one object: {same.Distinct().Count() == 1}");

users.Set(3, new User("Carol"), TimeSpan.FromMinutes(10));
Console.WriteLine(users.TryGet(3, out User? carol) ? $"found {carol.Name}" : "nobody");
Console.WriteLine($"added again: {users.TryAdd(3, new User("Carla"))}, removed: {users.Remove(3)}, found: {users.TryGet(3, out _)}");

// What expires slides: each hit prolongs it, but never beyond an hour.
using var sessions = new Cache<string, string>(new CacheOptions<string, string>
{
    Capacity = 1000,
    Expiry = TimeSpan.FromHours(1),
    SlidingExpiry = TimeSpan.FromMinutes(20),
});
sessions.Set("s", "alice");

// Bounded by bytes; who leaves is told.
using var images = new Cache<string, byte[]>(new CacheOptions<string, byte[]>
{
    MaxWeight = 1000,
    Weigher = (_, bytes) => bytes.Length,
    Removed = Tell,
});
images.Set("small", new byte[300]);
images.Set("medium", new byte[600]);
images.Set("small", new byte[200]);
images.Set("large", new byte[500]);
Console.WriteLine($"at most 1000 bytes: {images.Statistics.Weight <= 1000}, the newcomer is there: {images.TryGet("large", out _)}");
images.Set("huge", new byte[5000]);

int[] ids = [1, 2, 3];
User?[] found = new User?[ids.Length];
Console.WriteLine($"{users.GetMany(ids, found, new bool[ids.Length])} of {ids.Length} at once: {string.Join(", ", found.Select(user => user?.Name ?? "-"))}");

users.Capacity = 1;
Console.WriteLine($"{users.Count} left of 2, evictions: {users.Statistics.Evictions}");

static void Tell(string name, byte[] bytes, RemovalReason reason)
{
    if (reason != RemovalReason.Cleared)   // when the cache is disposed
    {
        Console.WriteLine($"{name} with {bytes.Length} bytes left: {reason}");
    }
}

User Load(int id)
{
    Interlocked.Increment(ref loads);
    return new User($"user {id}");
}

async ValueTask<User> LoadAsync(int id, CancellationToken cancellationToken)
{
    await Task.Delay(50, cancellationToken);
    return Load(id);
}

internal sealed record User(string Name);
