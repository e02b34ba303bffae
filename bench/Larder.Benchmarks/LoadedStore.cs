using BenchmarkDotNet.Attributes;

namespace Larder.Benchmarks;

/// <summary>A store with entries of 24-character keys and 100-byte values, and random keys of it in fresh instances.</summary>
public abstract class LoadedStore
{
    private const int Lookups = 1 << 14;

    private readonly string[] _lookups = new string[Lookups];
    private int _next;

    [Params(4_096, 1_000_000)]
    public int Entries { get; set; }

    protected Store Store { get; private set; } = null!;

    protected byte[] Value { get; } = new byte[100];

    /// <summary>The next key to look up.</summary>
    protected string Key => _lookups[_next++ & (Lookups - 1)];

    [GlobalSetup]
    public void Load()
    {
        Store = new Store();
        new Random(4).NextBytes(Value);
        for (int i = 0; i < Entries; i++)
        {
            Store.Set(Name(i), Value);
        }

        var random = new Random(7);
        for (int i = 0; i < Lookups; i++)
        {
            _lookups[i] = Name(random.Next(Entries));
        }

        Loaded();
    }

    [GlobalCleanup]
    public virtual void Close() => Store.Dispose();

    /// <summary>The rest of the set-up.</summary>
    protected virtual void Loaded()
    {
    }

    /// <summary>1,000 keys share a prefix.</summary>
    protected static string Prefix(int group) => $"us:{group:0000}:";

    private static string Name(int number) => $"{Prefix(number / 1_000)}{(ulong)number * 0x9E3779B97F4A7C15UL:x16}";
}
