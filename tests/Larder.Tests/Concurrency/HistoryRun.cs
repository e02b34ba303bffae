using System.Globalization;

namespace Larder.Tests.Concurrency;

/// <summary>Records histories of a store and checks each; stops at the first that cannot be explained.</summary>
internal sealed class HistoryRun
{
    /// <summary>A fresh store now and then: growth, sweeps and first inserts happen under histories as well.</summary>
    private const int HistoriesPerStore = 500;

    private static readonly TimeSpan[] _steps = [TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(300)];

    private readonly LinearizabilityChecker<KeyState> _checker = new();
    private long _overlaps;
    private long _calls;

    public int Histories { get; private set; }

    /// <summary>The first history that has no sequential explanation, in words; null when there is none.</summary>
    public string? Violation { get; private set; }

    /// <summary>With how many others on the same key a call overlaps, in the mean.</summary>
    public double MeanOverlap => (double)_overlaps / _calls;

    /// <param name="most">How many histories to record at most.</param>
    /// <param name="plant">Puts a fault between the store and its callers; null for none.</param>
    public static HistoryRun Of(int most, Func<IStore, IStore>? plant = null)
    {
        var run = new HistoryRun();
        while (run.Histories < most && run.Violation is null)
        {
            run.RecordOnNewStore(Math.Min(HistoriesPerStore, most - run.Histories), plant);
        }

        return run;
    }

    private void RecordOnNewStore(int most, Func<IStore, IStore>? plant)
    {
        var clock = new ManualTimeProvider();
        using var store = new Store(new StoreOptions { TimeProvider = new RestlessClock(clock) });
        using var crew = new Crew(new StoreCaller(plant is null ? store : plant(store), clock), clock);
        for (int i = 0; i < most && Violation is null; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"history:{i}:");
            string[] keys = i % 4 == 0 ? [name + "a", name + "b"] : [name + "a"];
            Check(crew.Record(keys, _steps[i % _steps.Length]));
        }

        store.VerifyIntegrity();
    }

    private void Check(List<Call> history)
    {
        Histories++;
        foreach (IGrouping<int, Call> ofOneKey in history.GroupBy(call => call.Key))
        {
            Call[] calls = [.. ofOneKey.OrderBy(call => call.Called)];
            _calls += calls.Length;
            _overlaps += calls.Sum(call => calls.Count(other => call.Overlaps(other)) - 1);
            if (!_checker.IsLinearizable(calls))
            {
                Violation = $"no order explains these calls:\n{string.Join('\n', calls)}";
                return;
            }
        }

        Violation = VersionOrder.Violation(history);
    }
}
