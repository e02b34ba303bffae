using System.Globalization;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>How the cache is bounded while histories are recorded.</summary>
public enum HistoryBound
{
    /// <summary>Nothing is ever evicted.</summary>
    Roomy,

    /// <summary>One entry at a time: every write of another key evicts.</summary>
    Tight,

    /// <summary>By weight, and some entries are too heavy to be kept.</summary>
    Weighed,
}

/// <summary>Records histories of a cache and checks each; stops at the first that cannot be explained.</summary>
internal sealed class CacheHistories(HistoryBound bound)
{
    /// <summary>A fresh cache now and then: growth and first inserts happen under histories as well.</summary>
    private const int HistoriesPerCache = 200;
    private const long MaxWeight = 10;

    private static readonly TimeSpan[] _steps = [TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(300)];

    private readonly LinearizabilityChecker<CacheKeyState> _checker = new();
    private long _overlaps;
    private long _calls;

    public int Histories { get; private set; }

    public long Evictions { get; private set; }

    /// <summary>The first history that has no sequential explanation, in words; null when there is none.</summary>
    public string? Violation { get; private set; }

    /// <summary>With how many others on the same key a call overlaps, in the mean.</summary>
    public double MeanOverlap => (double)_overlaps / _calls;

    /// <param name="most">How many histories to record at most.</param>
    /// <param name="bound">How the cache is bounded.</param>
    /// <param name="plant">Puts a fault between the cache and its callers; null for none.</param>
    public static CacheHistories Of(int most, HistoryBound bound, Func<Cache<string, Item>, CacheFace>? plant = null)
    {
        var run = new CacheHistories(bound);
        while (run.Histories < most && run.Violation is null)
        {
            run.RecordOnNewCache(Math.Min(HistoriesPerCache, most - run.Histories), plant);
        }

        return run;
    }

    private void RecordOnNewCache(int most, Func<Cache<string, Item>, CacheFace>? plant)
    {
        var clock = new ManualTimeProvider();
        CacheCaller? caller = null;
        var options = new CacheOptions<string, Item>
        {
            ExpiryOf = static (_, item) => item.Expiry,
            TimeProvider = new RestlessClock(clock),
            Comparer = Perturbation.Next(2) == 0 ? new RestlessComparer() : null,
            Removed = (key, item, reason) => caller!.Hear(key, item, reason),
        };
        if (bound == HistoryBound.Weighed)
        {
            options.MaxWeight = MaxWeight;
            options.Weigher = static (_, item) => item.Number % (MaxWeight + 2);
        }
        else
        {
            options.Capacity = bound == HistoryBound.Tight ? 1 : 1_000;
        }

        using var cache = new Cache<string, Item>(options);
        caller = new CacheCaller(clock) { Cache = plant?.Invoke(cache) ?? new CacheFace(cache) };
        using var crew = new Crew(caller, clock);
        for (int i = 0; i < most && Violation is null; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"history:{i}:");
            string[] keys = bound != HistoryBound.Roomy || i % 4 == 0 ? [name + "a", name + "b"] : [name + "a"];
            List<Call> calls = crew.Record(keys, _steps[i % _steps.Length]);
            Check(calls, [.. caller.Evictions], keys.Length);
        }
    }

    private void Check(List<Call> calls, Call[] evictions, int keys)
    {
        Histories++;
        Evictions += evictions.Length;
        for (int key = 0; key < keys && Violation is null; key++)
        {
            // A clearing concerns every key.
            Call[] ofKey = [.. calls.Where(call => call.Key == key || call.Kind == CallKind.Clear).OrderBy(call => call.Called)];
            NoteWhoseValueWasReturned(ofKey);
            _calls += ofKey.Length;
            _overlaps += ofKey.Sum(call => ofKey.Count(other => call.Overlaps(other)) - 1);
            Call[] all = [.. evictions.Where(eviction => eviction.Key == key), .. ofKey];
            if (!_checker.IsLinearizable(all))
            {
                Violation = $"no order explains these calls on key {key}:\n{string.Join('\n', all)}";
            }
        }
    }

    /// <summary>
    /// A load that did not run its own factory may return what an overlapping load returned, kept or not: it joined that load. But not when the
    /// value had been written before another write began that was over before this load: that write overtook whoever knew the value, so nobody could join.
    /// Arguments tell calls apart; moments do not, two threads may call at the same one.
    /// </summary>
    internal static void NoteWhoseValueWasReturned(Call[] calls)
    {
        foreach (ref Call call in calls.AsSpan())
        {
            if (call is { Kind: CallKind.Load, Ran: false })
            {
                Call joined = call;
                call.Answer =
                    calls.Any(other => other.Kind == CallKind.Load && other.Argument != joined.Argument && other.Value == joined.Value && other.Overlaps(joined))
                    && !calls.Any(write => Overtakes(write) && write.Returned < joined.Called && WrittenBefore(joined.Value, write.Called));
            }
        }

        bool WrittenBefore(long value, long time) => calls.Any(call => call.Argument == value && Stores(call) && call.Returned < time);

        static bool Stores(in Call call) => call.Kind is CallKind.Set or CallKind.Add || call.Ran;

        static bool Overtakes(in Call call) =>
            call.Kind is CallKind.Set or CallKind.Remove or CallKind.Take or CallKind.Clear || call is { Kind: CallKind.Add, Answer: true };
    }
}
