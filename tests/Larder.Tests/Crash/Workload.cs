using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>What a store is asked to do before its crashes are enumerated: always the same steps, or random ones.</summary>
/// <param name="Name">For the figures.</param>
/// <param name="Setup">How the store is opened.</param>
/// <param name="Steps">Makes the steps.</param>
internal sealed record Workload(string Name, StoreSetup Setup, Func<Random, IEnumerable<Step>> Steps)
{
    private static readonly string[] _keys = ["a", "b", "c", "d", "r"];

    /// <summary>One for each thing that a store does with its files.</summary>
    public static readonly IReadOnlyList<Workload> All =
    [
        new("sets and removes", new StoreSetup(), random => Mix(random, 14, Set(40), Set(40), Remove)),
        new("rotation", new StoreSetup { SegmentBytes = 512 }, random => Mix(random, 18, Set(90), Set(30), Remove)),
        new("large values", new StoreSetup { SegmentBytes = 4096 }, random => Mix(random, 8, Set(1500), Set(700), Remove)),
        new("checkpoints", new StoreSetup(), random => Mix(random, 16, Set(60), Set(60), Remove, _ => Step.Compact)),
        new("batches", new StoreSetup(), random => Mix(random, 10, Batch, Batch, Increment, Remove)),
        new("eviction", new StoreSetup { MaxEntries = 3 }, random => Mix(random, 16, Set(40), Set(40), Remove, _ => Step.Compact)),
        new("expiry", new StoreSetup(), random => Mix(random, 18, Expiring, Expiring, Touch, Time, Time, Set(20), _ => Step.Reopen)),
        new("counters and history", new StoreSetup { VersionsToKeep = 3 }, random => Mix(random, 16, Increment, Set(30), Touch, Remove, _ => Step.Compact, _ => Step.Reopen)),
        new("close and kill", new StoreSetup(), random => Mix(random, 14, Set(40), Set(200), Remove, _ => Step.Reopen, _ => Step.Kill, _ => Step.Clear)),
        new("erasure", new StoreSetup { VersionsToKeep = 2 }, random => Mix(random, 10, Set(40), Set(40), Erase)),
        new("encryption", new StoreSetup { IsEncrypted = true }, random => Mix(random, 14, Set(60), Batch, Remove, _ => Step.Compact, _ => Step.Reopen)),
        new("snapshot mode", new StoreSetup { Durability = DurabilityMode.Snapshot }, random => Mix(random, 16, Set(60), Set(400), Remove, Batch, _ => Step.Flush, _ => Step.Reopen, _ => Step.Kill)),
        new("interval mode", new StoreSetup { Durability = DurabilityMode.Interval }, random => Mix(random, 18, Set(60), Set(1200), Remove, Batch, Set(30), Set(90), _ => Step.Flush, _ => Step.Compact, _ => Step.Kill)),
        new("changing modes", new StoreSetup(), random => Mix(random, 14, Set(60), Set(200), Remove, _ => Step.Flush, _ => Step.Kill, Reopen, Reopen)),
    ];

    public StoreRun Run(Random random, Func<IFiles, IFiles>? plant = null)
    {
        var run = new StoreRun(Name, Setup, new SimulatedDisk(DiskImage.Empty), plant: plant);
        run.Open();
        foreach (Step step in Steps(random))
        {
            step.Run(run);
        }

        run.Close();
        return run;
    }

    private static IEnumerable<Step> Mix(Random random, int count, params Func<Random, Step>[] kinds)
    {
        for (int i = 0; i < count; i++)
        {
            yield return kinds[random.Next(kinds.Length)](random);
        }
    }

    private static Func<Random, Step> Set(int bytes) => random => Step.Set(Key(random), random.Next(bytes / 2, bytes + 1));

    private static Step Expiring(Random random) => Step.Set(Key(random), 30, seconds: random.Next(1, 6));

    private static Step Reopen(Random random) => Step.ReopenAs((DurabilityMode)random.Next(1, 4));

    private static Step Time(Random random) => Step.Advance(random.Next(1, 4));

    private static Step Touch(Random random) => Step.Touch(Key(random), random.Next(1, 6));

    private static Step Remove(Random random) => Step.Remove(Key(random));

    private static Step Erase(Random random) => Step.Erase(Key(random));

    private static Step Increment(Random random) => Step.Increment(random.Next(2) == 0 ? "n" : "m");

    private static Step Batch(Random random) => Step.Batch(Key(random), Key(random), Key(random));

    private static string Key(Random random) => _keys[random.Next(_keys.Length)];
}
