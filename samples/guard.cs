#:project ../src/Larder.AspNetCore/Larder.AspNetCore.csproj

// A guard in front of an application: bans, address lists, user agents, rate limits and suspicious input, with its state in a store.
// Run it with: dotnet run samples/guard.cs

using System.Net;
using Larder;
using Larder.AspNetCore;

var options = new GuardOptions();
options.IpFilter.Blacklist.Add("198.51.100.0/24");
options.UserAgent.BlockedAgents.Add("BadBot");
options.RateLimit.RequestsPerMinute = 5;
options.RateLimit.BurstSize = 2;
options.RateLimit.AutoBanThreshold = 3;

using (var storage = new Store())
using (var guard = new Guard(options, storage))
{
    guard.AddRouteLimit("/login", new RateLimitOptions { RequestsPerMinute = 1, BurstSize = 0, Algorithm = RateLimitAlgorithm.TokenBucket });

    Console.WriteLine($"a page:          {Say(guard.Check(Request("203.0.113.1", "/")))}");
    Console.WriteLine($"a listed client: {Say(guard.Check(Request("198.51.100.7", "/")))}");
    Console.WriteLine($"a bad agent:     {Say(guard.Check(Request("203.0.113.1", "/", agent: "badbot/1.0")))}");
    Console.WriteLine($"an attack:       {Say(guard.Check(Request("203.0.113.1", "/search", query: "1' OR '1'='1")))}");
    Console.WriteLine($"a name:          {Say(guard.Check(Request("203.0.113.1", "/search", query: "O'Brien")))}");
    guard.Check(Request("203.0.113.2", "/login"));
    Console.WriteLine($"a second login:  {Say(guard.Check(Request("203.0.113.2", "/login")))}");
}

// The same over a durable store: what it knows survives the process.
string directory = Path.Combine(Path.GetTempPath(), $"larder-guard-{Environment.ProcessId}");
IPAddress client = IPAddress.Parse("203.0.113.9");
await using (Store durable = await Store.OpenAsync(directory, new StoreOptions { Durability = DurabilityMode.Interval }))
using (var guard = new Guard(options, durable))
{
    await guard.BanAsync(client, "too many requests", TimeSpan.FromHours(1));
    Console.WriteLine($"banned:          {Say(await guard.CheckAsync(Request("203.0.113.9", "/")))}");
}

await using (Store durable = await Store.OpenAsync(directory))
using (var guard = new Guard(options, durable))
{
    Console.WriteLine($"after a restart: {Say(await guard.CheckAsync(Request("::ffff:203.0.113.9", "/")))}");
    await guard.UnbanAsync(client);
    Console.WriteLine($"forgiven:        {Say(await guard.CheckAsync(Request("203.0.113.9", "/")))}");
}

Directory.Delete(directory, recursive: true);

static string Say(GuardDecision decision) => decision.Allowed ? "allowed" : $"{decision.Type}: {decision.Reason}";

static GuardRequest Request(string address, string path, string agent = "Mozilla/5.0", string query = "") =>
    new(IPAddress.Parse(address), agent, "GET", path, [new("q", query)], [new("Accept", "*/*")]);
