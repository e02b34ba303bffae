#:project ../src/Larder/Larder.csproj

// A rate limit in one atomic step: a counter a client, whose window begins with the first request and is left alone by the others.
// Run it with: dotnet run samples/rate-limit.cs

using Larder;

const int Limit = 5;
TimeSpan window = TimeSpan.FromSeconds(60);

// The bound keeps an attacker with many addresses from filling the memory: clients that are seldom seen are evicted.
using var store = new Store(new StoreOptions { MaxEntries = 100_000, WhenFull = WhenFull.Evict });

int allowed = 0;
Parallel.For(0, 100, _ =>
{
    if (Allow("203.0.113.7"))
    {
        Interlocked.Increment(ref allowed);
    }
});

Console.WriteLine($"of 100 requests at once from one client, {allowed} were allowed");
Console.WriteLine($"another client is {(Allow("198.51.100.1") ? "allowed" : "refused")}");

bool Allow(string client) => store.Increment($"requests:{client}", expiry: Expiry.WhenNew(window)) <= Limit;
