using System.Net;
using BenchmarkDotNet.Attributes;
using Larder.AspNetCore;

namespace Larder.Benchmarks;

/// <summary>What a guarded request costs: a browser's, with a query of three and ten headers, of one of 1,024 clients who are all within their limits.</summary>
public class GuardBenchmarks
{
    private const int Clients = 1_024;

    private readonly GuardRequest[] _requests = new GuardRequest[Clients];
    private string _directory = "";
    private int _next;

    [Params(DurabilityMode.Memory, DurabilityMode.Interval)]
    public DurabilityMode Mode { get; set; }

    private Store Store { get; set; } = null!;

    private Guard Guard { get; set; } = null!;

    private ref readonly GuardRequest Request => ref _requests[_next++ & (Clients - 1)];

    [GlobalSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("larder-bench-").FullName;
        Store = Mode == DurabilityMode.Memory ? new Store() : Larder.Store.Open(Path.Combine(_directory, "guard"), new StoreOptions { Durability = Mode });
        Guard = new Guard(new GuardOptions { RateLimit = Limit(RateLimitAlgorithm.FixedWindow) }, Store);
        Guard.AddRouteLimit("/sliding", Limit(RateLimitAlgorithm.SlidingWindow));
        Guard.AddRouteLimit("/bucket", Limit(RateLimitAlgorithm.TokenBucket));
        for (int i = 0; i < Clients; i++)
        {
            _requests[i] = new GuardRequest(
                new IPAddress([10, 0, (byte)(i >> 8), (byte)i]),
                "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
                "GET",
                "/products/garden-tools/42",
                [new("page", "3"), new("sort", "price"), new("q", "blue garden chair")],
                [
                    new("Host", "www.example.com"), new("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
                    new("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), new("Accept-Language", "de,en-US;q=0.7,en;q=0.3"),
                    new("Accept-Encoding", "gzip, deflate, br"), new("Cookie", "session=abcDEF123.4kz; theme=dark"), new("Sec-Fetch-Mode", "navigate"),
                    new("Referer", "https://www.example.com/products?page=2&sort=price"), new("X-Request-Id", "0f8fad5b-d9cb-469f-a165-70867728950e"), new("X-Forwarded-Proto", "https"),
                ]);
        }
    }

    [GlobalCleanup]
    public void Close()
    {
        Guard.Dispose();
        Store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public bool Check() => Guard.Check(Request).Allowed;

    [Benchmark]
    public async Task<bool> CheckAsync() => (await Guard.CheckAsync(Request)).Allowed;

    [Benchmark]
    public bool FixedWindow() => Guard.CheckRateLimit(Request.Address).Allowed;

    [Benchmark]
    public bool SlidingWindow() => Guard.CheckRateLimit(Request.Address, "/sliding").Allowed;

    [Benchmark]
    public bool TokenBucket() => Guard.CheckRateLimit(Request.Address, "/bucket").Allowed;

    [Benchmark]
    public bool TryAcquire() => Store.TryAcquire("window", long.MaxValue, TimeSpan.FromHours(1));

    private static RateLimitOptions Limit(RateLimitAlgorithm algorithm) =>
        new() { RequestsPerMinute = 1_000_000, BurstSize = 1_000_000, AutoBanThreshold = int.MaxValue, Algorithm = algorithm };
}
