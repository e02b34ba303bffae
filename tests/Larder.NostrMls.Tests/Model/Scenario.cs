using System.Globalization;

namespace Larder.NostrMls.Tests.Model;

/// <summary>A store's settings and what is done to it, as data: a smaller scenario is a scenario as well. A seed makes the same one always.</summary>
internal sealed record Scenario(int Seed, ModelSettings Settings, IReadOnlyList<Step> Steps)
{
    public static Scenario Of(int seed, int steps)
    {
        var dice = new Dice(seed);
        var settings = new ModelSettings(
            CacheSize: 1 + dice.Next(4),
            MaxMessages: 1 + dice.Next(7),
            MaxSnapshots: dice.Once(3) ? 1 + dice.Next(3) : null,
            SnapshotTtl: dice.Once(3) ? (ulong)(1 + dice.Next(100)) : null,
            EvictsActive: dice.Once(2));
        return new Scenario(seed, settings, [.. Enumerable.Range(0, steps).Select(_ => Any(dice, settings))]);
    }

    /// <summary>Leaves out halves, quarters, … single steps, for as long as what is left still fails. Returns that, and how it fails.</summary>
    public static (Scenario Smallest, DifferenceException Failure) Shrink(Scenario scenario, DifferenceException failure, Action<Scenario> run)
    {
        for (int size = scenario.Steps.Count / 2; size >= 1; size /= 2)
        {
            for (int from = 0; from + size <= scenario.Steps.Count;)
            {
                Scenario smaller = scenario with { Steps = [.. scenario.Steps.Take(from), .. scenario.Steps.Skip(from + size)] };
                try
                {
                    run(smaller);
                    from += size;
                }
                catch (DifferenceException still)
                {
                    (scenario, failure) = (smaller, still);
                }
            }
        }

        return (scenario, failure);
    }

    public override string ToString() =>
        string.Join('\n', [$"{Settings}", .. Steps.Select((step, i) => string.Create(CultureInfo.InvariantCulture, $"  {i}. {step}"))]);

    private static Step Any(Dice dice, ModelSettings settings) => dice.Next(100) switch
    {
        < 8 => new TransactionStep([.. Enumerable.Range(0, dice.Next(6)).Select(_ => One(dice, settings))], throws: dice.Once(3)),
        < 10 => new CaptureStep(),
        < 12 => new RestoreStep(dice.Next(2)),
        < 16 => new AdvanceStep(1 + dice.Next(60)),
        16 => new ReopenStep(),
        _ => One(dice, settings),
    };

    private static Step One(Dice dice, ModelSettings settings) => dice.Next(100) switch
    {
        < 30 => RecordSteps.OnGroups(dice, settings),
        < 55 => RecordSteps.OnMessages(dice),
        < 69 => RecordSteps.OnWelcomes(dice, settings),
        < 81 => EngineSteps.OnGroupMls(dice),
        < 87 => EngineSteps.OnIdentityMls(dice),
        _ => EngineSteps.OnTheWhole(dice),
    };
}
