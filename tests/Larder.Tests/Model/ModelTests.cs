using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Larder.Tests.Concurrency;
using Microsoft.FSharp.Core;
using Xunit;

namespace Larder.Tests.Model;

/// <summary>
/// Random scenarios against the model. Every run has its own seed; a failure prints it with the smallest scenario that still fails,
/// and <c>LARDER_SEED="seed,gamma"</c> repeats it.
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 100;

    private static int Scenarios => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 50_000 : 2_000;

    [Fact]
    public void The_store_does_what_the_model_does()
    {
        Replay replay = Seed();
        int ran = 0;
        Check(replay, Scenarios, async scenario =>
        {
            await Trial.RunAsync(scenario);
            ran++;
        });

        Assert.True(ran >= Scenarios);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"model: {ran} sequences, {(long)ran * Steps} operations, 0 differences, seed {Text(replay)}"));
    }

    [Fact]
    public void A_planted_fault_is_found_shrunk_and_repeatable()
    {
        Replay replay = Seed();
        DifferenceException first = Assert.Throws<DifferenceException>(() => Check(replay, 1_000, scenario => Trial.RunAsync(scenario, store => new ForgetsDeadlines(store))));
        DifferenceException again = Assert.Throws<DifferenceException>(() => Check(replay, 1_000, scenario => Trial.RunAsync(scenario, store => new ForgetsDeadlines(store))));

        Assert.Equal(first.Message, again.Message);
        Assert.Contains(nameof(TouchStep), first.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("  5. ", first.Message, StringComparison.Ordinal);   // a handful of steps is all it takes
    }

    private static void Check(Replay replay, int scenarios, Func<Scenario, Task> property)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(scenarios).WithReplay(FSharpOption<Replay>.Some(replay)).WithQuietOnSuccess(true);
        try
        {
            FsCheck.Check.One(config, Prop.ForAll(Model.Scenarios.Of(Steps), scenario => property(scenario).GetAwaiter().GetResult()));
        }
        catch (Exception falsified)
        {
            // FsCheck shows the scenario as it was found, then shrunk; only the second is worth reading.
            int shrunk = falsified.Message.IndexOf("Shrunk:", StringComparison.Ordinal);
            throw new DifferenceException($"LARDER_SEED=\"{Text(replay)}\" repeats this.\n{falsified.Message[Math.Max(0, shrunk)..]}");
        }
    }

    private static Replay Seed()
    {
        ulong[] numbers = Environment.GetEnvironmentVariable("LARDER_SEED") is { Length: > 0 } given
            ? [.. given.Split(',').Select(part => ulong.Parse(part, CultureInfo.InvariantCulture))]
            : [(ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64() | 1];
        return new Replay(new Rnd(numbers[0], numbers[1]), FSharpOption<int>.None);
    }

    private static string Text(Replay replay) => string.Create(CultureInfo.InvariantCulture, $"{replay.Rnd.Seed},{replay.Rnd.Gamma}");

    /// <summary>A touch that changes the version and not the deadline.</summary>
    private sealed class ForgetsDeadlines(IStore inner) : ForwardingStore(inner)
    {
        public override bool Touch(string key, Expiry expiry) => Inner.Touch(key, Expiry.Keep);
    }
}
