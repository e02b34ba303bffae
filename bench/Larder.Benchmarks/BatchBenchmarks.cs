using BenchmarkDotNet.Attributes;

namespace Larder.Benchmarks;

/// <summary>Ten writes as one commit, against ten commits; figures are for each key.</summary>
public class BatchBenchmarks : LoadedStore
{
    private const int Keys = 10;

    [Benchmark(Baseline = true, OperationsPerInvoke = Keys)]
    public long OneByOne()
    {
        long version = 0;
        for (int i = 0; i < Keys; i++)
        {
            version = Store.Set(Key, Value);
        }

        return version;
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public long Batch()
    {
        var batch = new WriteBatch();
        for (int i = 0; i < Keys; i++)
        {
            batch.Set(Key, Value);
        }

        return Store.Write(batch).Version;
    }
}
