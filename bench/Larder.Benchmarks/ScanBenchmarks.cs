using BenchmarkDotNet.Attributes;

namespace Larder.Benchmarks;

/// <summary>Scans by prefix.</summary>
public class ScanBenchmarks : LoadedStore
{
    private int _group;

    [Benchmark]
    public long ScanThousand()
    {
        long sum = 0;
        foreach (Entry entry in Store.Scan(Prefix(_group++ % (Entries / 1_000))))
        {
            sum += entry.Value.Length;
        }

        return sum;
    }

    [Benchmark]
    public int FirstOfAll()
    {
        using IEnumerator<Entry> scan = Store.Scan().GetEnumerator();
        return scan.MoveNext() ? scan.Current.Value.Length : 0;
    }

    [Benchmark]
    public long SetThenScanTen()
    {
        long sum = Store.Set(Key, Value);
        foreach (Entry entry in Store.Scan(Prefix(_group++ % (Entries / 1_000)), limit: 10))
        {
            sum += entry.Value.Length;
        }

        return sum;
    }
}
