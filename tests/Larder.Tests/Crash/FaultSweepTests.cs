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
    [InlineData("DiskFull", DurabilityMode.Snapshot)]
    [InlineData("ReadOnly", DurabilityMode.Commit)]
    [InlineData("ReadOnly", DurabilityMode.Interval)]
    [InlineData("TooManyFiles", DurabilityMode.Commit)]
    [InlineData("ShortWrite", DurabilityMode.Commit)]
    [InlineData("ShortWrite", DurabilityMode.Interval)]
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
                long distinct = Check(new StoreSetup { Durability = mode, SegmentBytes = 512 }, plan, FaultRun.Script, CrashRuns.IsSlow ? 1 : 61);
                Interlocked.Add(ref states, distinct);
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

    /// <summary>What a failed flush has lost can be a sector that the next owner does not write again by itself.</summary>
    [Theory]
    [InlineData(344)]
    [InlineData(352)]
    [InlineData(360)]
    public void Wherever_in_its_sector_the_log_was_closed_nothing_is_lost(int bytes)
    {
        Step[] steps = [Step.Set("a", bytes), Step.Reopen, Step.Set("b", 10), Step.Set("c", 10)];
        FaultPlan plan;
        int at = 0;
        do
        {
            plan = new FaultPlan(FaultKind.InputOutput, ++at, 1, Loses: true);
            Check(new StoreSetup { SegmentBytes = 4096 }, plan, steps, every: 1);
        }
        while (plan.Struck);

        Assert.True(at > 30);
    }

    [Fact]
    public void Random_faults_in_random_runs_lose_nothing_either()
    {
        Workload[] workloads = [.. Workload.All.Where(workload => workload.Name is not ("close and kill" or "erasure" or "snapshot mode" or "interval mode" or "changing modes"))];
        FaultKind[] kinds = Enum.GetValues<FaultKind>();
        DurabilityMode[] modes = [DurabilityMode.Commit, DurabilityMode.Commit, DurabilityMode.Interval, DurabilityMode.Snapshot];
        long states = 0;
        int runs = CrashRuns.IsSlow ? 20_000 : 300;
        CrashRuns.InParallel(Enumerable.Range(0, runs), number =>
        {
            Random random = CrashRuns.For("faults", number);
            Workload workload = workloads[random.Next(workloads.Length)];
            StoreSetup setup = workload.Setup.Vary(random) with { Durability = modes[random.Next(modes.Length)] };
            var plan = new FaultPlan(kinds[random.Next(kinds.Length)], random.Next(1, 300), 1 << random.Next(0, 5), Loses: random.Next(2) == 0);
            Step[] steps = [.. workload.Steps(random), Step.Reopen, .. workload.Steps(random)];
            try
            {
                Interlocked.Add(ref states, Check(setup, plan, steps, every: 13));
            }
            catch (CrashException wrong)
            {
                throw new CrashException(string.Create(CultureInfo.InvariantCulture, $"LARDER_SEED={CrashRuns.Seed} repeats this, run {number} of {workload.Name} in {setup.Durability} mode.\n{wrong.Message}"));
            }
        });

        Assert.True(states > runs);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"fault sweep: {runs} random faults in random runs, {states} distinct states left by power cuts afterwards, wrong 0, seed {CrashRuns.Seed}"));
    }

    /// <summary>Runs the steps under a fault, and crashes what follows; returns how many distinct states that gave.</summary>
    private static long Check(StoreSetup setup, FaultPlan plan, IReadOnlyList<Step> steps, int every)
    {
        var run = new FaultRun(setup, plan, steps);
        var check = new CrashCheck(new StoreRecovery(setup), CrashRuns.For(plan.ToString(), 0), randoms: 2);
        try
        {
            run.Run();
            check.Run(run.Recording, from: run.StruckAt, every: every);
            return check.Distinct;
        }
        catch (Exception wrong)
        {
            throw new CrashException($"{plan}: {wrong.Message}\n{run.Recording.Story(run.Recording.Operations.Count)}\n{wrong.StackTrace}");
        }
    }
}
