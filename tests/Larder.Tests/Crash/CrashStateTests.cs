using System.Globalization;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>
/// Whenever the power fails, whatever of what was pending has reached the disk: acknowledged ≤ recovered ≤ issued, and the store is of use.
/// </summary>
[Collection(nameof(Crash))]
public sealed class CrashStateTests
{
    /// <summary>Distinct states for each workload.</summary>
    private static long Target => CrashRuns.IsSlow ? 1_600_000 : 18_000;

    public static TheoryData<string> Workloads => [.. Workload.All.Select(workload => workload.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Nothing_acknowledged_is_lost_and_nothing_else_comes_back(string name)
    {
        Workload workload = Workload.All.Single(one => one.Name == name);
        long points = 0, states = 0, distinct = 0, inRecovery = 0;
        int runs = 0;
        CrashRuns.InParallel(Enumerable.Range(0, 2), _ =>
        {
            while (Interlocked.Read(ref distinct) < Target)
            {
                int number = Interlocked.Increment(ref runs);
                Workload run = workload with { Setup = workload.Setup.Vary(CrashRuns.For(name, number)) };
                var check = new CrashCheck(new StoreRecovery(run.Setup), CrashRuns.For(name, -number));
                try
                {
                    check.Run(run.Run(CrashRuns.For(name, number)).Recording, recoveries: 40, crashes: number % 4 == 0 ? 3 : 2);
                }
                catch (Exception wrong)
                {
                    throw new CrashException(string.Create(CultureInfo.InvariantCulture, $"LARDER_SEED={CrashRuns.Seed} repeats this, run {number}.\n{wrong.Message}"));
                }

                Interlocked.Add(ref points, check.Points);
                Interlocked.Add(ref states, check.States);
                Interlocked.Add(ref distinct, check.Distinct);
                Interlocked.Add(ref inRecovery, check.InRecovery);
            }
        });

        Assert.True(distinct >= Target);
        Figures.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"crash states: {name}, {runs} runs, {points} crash points, {states} states, {distinct} distinct of which {inRecovery} left by crashes in recovery, lost 0, seed {CrashRuns.Seed}"));
    }

    [Theory]
    [InlineData(DurabilityMode.Commit, 3)]
    [InlineData(DurabilityMode.Interval, 2)]
    [InlineData(DurabilityMode.Snapshot, 2)]
    public void All_short_sequences_survive_every_crash(DurabilityMode mode, int steps)
    {
        Step[] alphabet = [Step.Set("a", 40), Step.Set("b", 300), Step.Remove("a"), Step.Batch("a", "b"), Step.Compact, Step.Reopen, Step.Flush];
        Step[][] sequences = [.. Sequences(alphabet, CrashRuns.IsSlow ? 3 : steps)];
        var setup = new StoreSetup { Durability = mode, SegmentBytes = 512 };
        long points = 0, distinct = 0;
        CrashRuns.InParallel(sequences, sequence =>
        {
            string name = string.Join(", ", sequence.Select(step => step.Name));
            var workload = new Workload(name, setup, _ => sequence);
            var check = new CrashCheck(new StoreRecovery(setup), CrashRuns.For(name, 0), randoms: 4);
            check.Run(workload.Run(CrashRuns.For(name, 1)).Recording, recoveries: 20, crashes: CrashRuns.IsSlow ? 2 : 1);
            Interlocked.Add(ref points, check.Points);
            Interlocked.Add(ref distinct, check.Distinct);
        });

        Assert.True(distinct > sequences.Length * 10);
        Figures.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"crash states: all {sequences.Length} sequences of up to {sequences[^1].Length} operations in {mode} mode, {points} crash points, {distinct} distinct states, lost 0"));
    }

    private static IEnumerable<Step[]> Sequences(Step[] alphabet, int length)
    {
        IEnumerable<Step[]> longest = [[]];
        for (int i = 0; i < length; i++)
        {
            longest = [.. longest.SelectMany(start => alphabet.Select(next => (Step[])[.. start, next]))];
            foreach (Step[] sequence in longest)
            {
                yield return sequence;
            }
        }
    }
}
