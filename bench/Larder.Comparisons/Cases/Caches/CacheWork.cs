using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Cases.Caches;

/// <summary>The kinds of work that caches do, for each type of key.</summary>
internal sealed class CacheWork
{
    public const string Selector = "cache";
    public const string PausesSelector = "pauses";

    public static readonly CacheWork Strings = new("string");
    public static readonly CacheWork Longs = new("long");

    public static readonly Work TimedGet = new("cache hit, string, entries with a deadline", Selector);
    public static readonly Work RareWhileExpiring = new("cache hit while a million expire, p99.9", Selector);
    public static readonly Work WorstWhileExpiring = new("cache hit while a million expire, longest", Selector);
    public static readonly Work OverPayload = new("cache, resident memory beyond keys and values", PausesSelector, Unit.BytesPerEntry);
    public static readonly Work LongestPause = new("cache, longest pause of the collector in churn", PausesSelector);
    public static readonly Work FullCollection = new("cache, blocking full collection", PausesSelector);

    private CacheWork(string keys)
    {
        Hit = new($"cache hit, {keys}", Selector);
        Miss = new($"cache miss, {keys}", Selector);
        Batched = new($"cache hit, {keys}, 32 at a time", Selector);
        GetOrAdd = new($"cache get-or-add of a present key, {keys}", Selector);
        Update = new($"cache update, {keys}", Selector);
        TimedUpdate = new($"cache update with a lifetime, {keys}", Selector);
        Evicting = new($"cache insert and evict, {keys}", Selector);
        Zipf = new($"cache zipf 0.99, 95 % reads, {keys}", Selector);
        ZipfMisses = new($"cache zipf 0.99, misses, {keys}", Selector, Unit.Percent);
    }

    public Work Hit { get; }

    public Work Miss { get; }

    public Work Batched { get; }

    public Work GetOrAdd { get; }

    public Work Update { get; }

    public Work TimedUpdate { get; }

    public Work Evicting { get; }

    public Work Zipf { get; }

    public Work ZipfMisses { get; }
}
