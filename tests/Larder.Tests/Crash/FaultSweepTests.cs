using System.Globalization;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>
/// Fails the first call to the operating system, then the second, and so on until the run gets through; once, and for a while. Then the
/// fault is lifted and the store opened again, with and without a power cut.
/// </summary>
[Collection(nameof(Crash))]
public sealed class FaultSweepTests
{
    [Theory]
    [InlineData("InputOutput", DurabilityMode.Commit)]
    [InlineData("InputOutput", DurabilityMode.Interval)]
    [InlineData("InputOutput", DurabilityMode.Snapshot)]
    [InlineData("DiskFull", DurabilityMode.Commit)]
    [InlineData("DiskFull", DurabilityMode.Interval)]
    [InlineData("ReadOnly", DurabilityMode.Commit)]
    [InlineData("TooManyFiles", DurabilityMode.Commit)]
    [InlineData("ShortWrite", DurabilityMode.Commit)]
    [InlineData("Kill", DurabilityMode.Commit)]
    [InlineData("Kill", DurabilityMode.Interval)]
    [InlineData("Kill", DurabilityMode.Snapshot)]
    public void Whichever_call_fails_nothing_acknowledged_is_lost(string kind, DurabilityMode mode)
    {
        var plans = new List<FaultPlan>();
        foreach (long count in new long[] { 1, 4, long.MaxValue / 2 })
        {
            plans.Add(new FaultPlan(Enum.Parse<FaultKind>(kind), 1, count, Loses: true));
            plans.Add(new FaultPlan(Enum.Parse<FaultKind>(kind), 1, count, Loses: false));
        }

        long runs = 0, states = 0;
        CrashRuns.InParallel(plans, first =>
        {
            for (FaultPlan plan = first; ; plan = new FaultPlan(first.Kind, plan.At + 1, first.Count, first.Loses))
            {
                var run = new FaultRun(new StoreSetup { Durability = mode, SegmentBytes = 512 }, plan);
                var check = new CrashCheck(new StoreRecovery(run.Setup), CrashRuns.For(plan.ToString(), 0), randoms: 2);
                try
                {
                    run.Run();
                    check.Run(run.Recording, from: run.StruckAt, every: CrashRuns.IsSlow ? 1 : 23);
                }
                catch (Exception wrong)
                {
                    throw new CrashException($"{plan}: {wrong.Message}\n{run.Recording.Story(run.Recording.Operations.Count)}\n{wrong.StackTrace}");
                }

                Interlocked.Add(ref states, check.Distinct);
                if (!plan.Struck)
                {
                    break;
                }

                Interlocked.Increment(ref runs);
            }
        });

        Assert.True(runs > plans.Count * 10);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"fault sweep: {kind} in {mode} mode, {runs} points, {states} distinct states left by power cuts afterwards, wrong 0"));
    }
}
