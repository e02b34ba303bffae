namespace Larder;

/// <summary>How a <see cref="Cache{TKey, TValue}"/> behaves. Either <see cref="Capacity"/> or <see cref="MaxWeight"/> bounds it; all else is optional.</summary>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TValue">The values, kept by reference and never copied or serialized.</typeparam>
public sealed class CacheOptions<TKey, TValue>
    where TKey : notnull
{
    /// <summary>The most entries the cache holds, at least 1. Exclusive with <see cref="MaxWeight"/>.</summary>
    public int? Capacity { get; set; }

    /// <summary>The largest sum of weights the cache holds, at least 1, in whatever unit <see cref="Weigher"/> uses.</summary>
    public long? MaxWeight { get; set; }

    /// <summary>
    /// What one entry weighs; 0 or more, asked once per write, outside every gate. Needs <see cref="MaxWeight"/>. An entry heavier than
    /// <see cref="MaxWeight"/> is not kept: it is reported to <see cref="Removed"/> as evicted, and what was under its key goes as well.
    /// </summary>
    public Func<TKey, TValue, long>? Weigher { get; set; }

    /// <summary>The expiry of entries written without one of their own. Default: none.</summary>
    public Expiry Expiry { get; set; }

    /// <summary>
    /// How long an entry lives after it was last written or found. It ends no later than by its other expiry. More than zero. Default: none.
    /// </summary>
    public TimeSpan? SlidingExpiry { get; set; }

    /// <summary>The expiry of an entry written without one of its own, made from key and value; wins over <see cref="Expiry"/>. Asked outside every gate.</summary>
    public Func<TKey, TValue, Expiry>? ExpiryOf { get; set; }

    /// <summary>
    /// What makes keys equal, and their hash. Default: the type's own equality; strings by their characters under a secret seed, so that strangers cannot choose
    /// keys that collide. A comparer's hash codes are mixed with the seed, but keys to which it gives one hash code stay together:
    /// the cache keeps up to 88 of those and evicts the rest. It must not call the cache.
    /// </summary>
    public IEqualityComparer<TKey>? Comparer { get; set; }

    /// <summary>
    /// The clock. With <see cref="TimeProvider.System"/>, the default, an entry may be seen up to 50 ms after its time ran out; with any other provider expiry is exact.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Called once for every value that left, with the reason, after the fact and outside every gate, on the thread whose call made it leave, or
    /// on a timer's thread for what expired. It may call the cache. What it throws is ignored.
    /// </summary>
    public Action<TKey, TValue, RemovalReason>? Removed { get; set; }

    /// <summary>Whether hits and misses are counted; costs about two nanoseconds a look-up. Default: true.</summary>
    public bool CountLookups { get; set; } = true;

    internal CacheOptions<TKey, TValue> Validated()
    {
        var problems = new List<string>();
        Check(Capacity is not null || MaxWeight is not null, "one of Capacity and MaxWeight must be set");
        Check(Capacity is null || MaxWeight is null, "only one of Capacity and MaxWeight can be set");
        Check(Capacity is null or >= 1, $"Capacity must be at least 1, but is {Capacity}");
        Check(MaxWeight is null or >= 1, $"MaxWeight must be at least 1, but is {MaxWeight}");
        Check((MaxWeight is null) == (Weigher is null), "MaxWeight and Weigher need each other");
        Check(SlidingExpiry is null || SlidingExpiry > TimeSpan.Zero, $"SlidingExpiry must be more than zero, but is {SlidingExpiry}");
        Check(TimeProvider is not null, "TimeProvider must not be null");
        return problems.Count == 0
            ? (CacheOptions<TKey, TValue>)MemberwiseClone()
            : throw new ArgumentException($"the cache options are not valid: {string.Join("; ", problems)}.");

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
