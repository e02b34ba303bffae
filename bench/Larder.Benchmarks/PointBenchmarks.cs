using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;

namespace Larder.Benchmarks;

/// <summary>Single keys.</summary>
public class PointBenchmarks : LoadedStore
{
    private readonly ArrayBufferWriter<byte> _destination = new(256);
    private readonly byte[][] _utf8Keys = new byte[4_096][];
    private int _next;

    [Benchmark(Baseline = true)]
    public int Get() => Store.TryGet(Key, out Entry entry) ? entry.Value.Length : 0;

    [Benchmark]
    public int GetMissing() => Store.TryGet("us:0000:of no such key!!", out Entry entry) ? entry.Value.Length : 0;

    [Benchmark]
    public int ReadUtf8()
    {
        _destination.ResetWrittenCount();
        return Store.TryRead(_utf8Keys[_next++ & (_utf8Keys.Length - 1)], _destination) ? _destination.WrittenCount : 0;
    }

    [Benchmark]
    public long Set() => Store.Set(Key, Value);

    [Benchmark]
    public long SetWithExpiry() => Store.Set(Key, Value, TimeSpan.FromHours(1));

    [Benchmark]
    public long Increment() => Store.Increment("visits");

    protected override void Loaded()
    {
        for (int i = 0; i < _utf8Keys.Length; i++)
        {
            _utf8Keys[i] = Encoding.UTF8.GetBytes(Key);
        }
    }
}
