#:project ../src/Larder/Larder.csproj

// A rate limit in one atomic step: a window of permits a client, which begins with the first request. Who is refused has changed nothing.
// Run it with: dotnet run samples/rate-limit.cs

using Larder;

const int Limit = 5;
TimeSpan window = TimeSpan.FromSeconds(60);

// The bound keeps an attacker with many addresses from filling the memory: clients that are seldom seen are evicted.
using var store = new Store(new StoreOptions { MaxEntries = 100_000, WhenFull = WhenFull.Evict });

int allowed = 0;
Parallel.For(0, 100, _ =>
{
    if (Ask("203.0.113.7"))
    {
        Interlocked.Increment(ref allowed);
    }
});

AcquireResult refused = Ask("203.0.113.7");
Console.WriteLine($"of 100 requests at once from one client, {allowed} were allowed");
Console.WriteLine($"{refused.Remaining} of {refused.Limit} remain; more within a minute: {refused.ResetsAt <= TimeProvider.System.GetUtcNow() + window}");
Console.WriteLine($"another client is {(Ask("198.51.100.1") ? "allowed" : "refused")}");

AcquireResult Ask(string client) => store.TryAcquire($"requests:{client}", Limit, window);
