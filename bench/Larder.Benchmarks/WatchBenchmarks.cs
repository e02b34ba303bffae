using BenchmarkDotNet.Attributes;

namespace Larder.Benchmarks;

/// <summary>What watchers cost a writer.</summary>
public class WatchBenchmarks : LoadedStore
{
    private Task[] _readers = [];

    [Params(0, 1, 8)]
    public int Watchers { get; set; }

    private CancellationTokenSource Stop { get; set; } = null!;

    [Benchmark]
    public long Set() => Store.Set(Key, Value);

    public override void Close()
    {
        Stop.Cancel();
        Task.WaitAll(_readers);
        Stop.Dispose();
        base.Close();
    }

    protected override void Loaded()
    {
        Stop = new CancellationTokenSource();
        _readers = [.. Enumerable.Range(0, Watchers).Select(_ => Task.Run(Read))];
    }

    private async Task Read()
    {
        try
        {
            await foreach (Change change in Store.Watch(cancellationToken: Stop.Token))
            {
                _ = change.Sequence;
            }
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }
    }
}
