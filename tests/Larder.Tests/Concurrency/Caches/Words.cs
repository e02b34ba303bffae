namespace Larder.Tests.Concurrency.Caches;

/// <summary>
/// Four words of 64 bits, more than a processor stores at once, that all follow from one number: of two numbers mixed up, no two words agree.
/// Used as key and as value. Being compared while it is torn is counted, for then the cache took a torn key for whole.
/// </summary>
internal readonly struct Words(long number) : IEquatable<Words>
{
    private static int _tornKeys;

    private readonly long _first = number;
    private readonly long _second = number ^ 0x5555_5555_5555_5555;
    private readonly long _third = ~number;
    private readonly long _fourth = number * 0x10001;

    /// <summary>Torn keys that were compared since the process began.</summary>
    public static int TornKeys => Volatile.Read(ref _tornKeys);

    public long Number => _first;

    public bool IsWhole => _second == (_first ^ 0x5555_5555_5555_5555) && _third == ~_first && _fourth == _first * 0x10001;

    public bool Equals(Words other)
    {
        if (!IsWhole || !other.IsWhole)
        {
            Interlocked.Increment(ref _tornKeys);
        }

        return _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;
    }

    public override bool Equals(object? obj) => obj is Words other && Equals(other);

    public override int GetHashCode() => _first.GetHashCode();
}
