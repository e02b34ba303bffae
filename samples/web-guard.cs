#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Larder.AspNetCore/Larder.AspNetCore.csproj
#:project ../src/Larder.Extensions/Larder.Extensions.csproj

// A web application behind a guard: it serves on a free port, sends itself some requests, says what became of them, and ends.
// Run it with: dotnet run samples/web-guard.cs

using System.Net;
using Larder;
using Larder.AspNetCore;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");

builder.Services.AddLarder(options => options.MaxEntries = 100_000);   // with options.Path, bans and counters survive restarts
builder.Services.AddGuard(options =>
{
    options.RouteLimits.Add(new RouteLimitOptions
    {
        Endpoint = "/login",
        Limit = new RateLimitOptions { Algorithm = RateLimitAlgorithm.TokenBucket, RequestsPerMinute = 1, BurstSize = 2 },
    });
    options.UserAgent.BlockedAgents.Add("BadBot");
    options.Cors.AllowedOrigins = ["https://app.example.com", "*.example.org"];
});

await using WebApplication app = builder.Build();
app.UseGuard();
app.MapGet("/", () => "hello");
app.MapGet("/search", (string q) => $"you searched for {q}");
app.MapPost("/login", () => "try again");
app.MapGet("/visits", (IStore store) => $"visit {store.Increment("visits")}");
await app.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
client.DefaultRequestHeaders.Add("User-Agent", "sample/1.0");

await Show(HttpMethod.Get, "/");
await Show(HttpMethod.Get, "/visits");
await Show(HttpMethod.Get, "/search?q=how+to+select+a+union+representative");
await Show(HttpMethod.Get, "/search?q=1'+OR+'1'%3D'1");
await Show(HttpMethod.Get, "/search?q=<script>alert(1)</script>");
await Show(HttpMethod.Get, "/", ("User-Agent", "BadBot/2.0"));
for (int i = 0; i < 4; i++)
{
    await Show(HttpMethod.Post, "/login");
}

await Show(HttpMethod.Get, "/", ("Origin", "https://shop.example.org"));
await Show(HttpMethod.Get, "/", ("Origin", "https://elsewhere.test"));
await Show(HttpMethod.Options, "/visits", ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "PUT"));

Guard guard = app.Services.GetRequiredService<Guard>();
guard.Ban(IPAddress.Loopback, "seen enough", TimeSpan.FromHours(1));
await Show(HttpMethod.Get, "/");
guard.Unban(IPAddress.Loopback);
await Show(HttpMethod.Get, "/");

async Task Show(HttpMethod method, string path, params (string Name, string Value)[] headers)
{
    using var request = new HttpRequestMessage(method, path);
    foreach ((string name, string value) in headers)
    {
        request.Headers.Add(name, value);
    }

    using HttpResponseMessage response = await client.SendAsync(request);
    string said = response.IsSuccessStatusCode
        ? await response.Content.ReadAsStringAsync()
        : System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("reason").GetString()!;
    string allowed = response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? origins) ? $" (may be read by {string.Join(", ", origins)})" : "";
    Console.WriteLine($"{method} {path}: {(int)response.StatusCode} {said}".TrimEnd() + allowed);
}
