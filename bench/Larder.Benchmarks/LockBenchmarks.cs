using BenchmarkDotNet.Attributes;

namespace Larder.Benchmarks;

/// <summary>Locks on keys that nobody else wants.</summary>
public class LockBenchmarks
{
    private Store Store { get; set; } = null!;

    [GlobalSetup]
    public void Open() => Store = new Store();

    [Benchmark(Baseline = true)]
    public long Lock()
    {
        using KeyLock held = Store.Lock("user:1");
        return held.Token;
    }

    [Benchmark]
    public async Task<long> LockAsync()
    {
        await using KeyLock held = await Store.LockAsync("user:1");
        return held.Token;
    }

    [GlobalCleanup]
    public void Close() => Store.Dispose();
}
