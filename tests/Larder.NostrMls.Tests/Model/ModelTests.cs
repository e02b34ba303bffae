using System.Diagnostics;
using System.Globalization;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Model;

/// <summary>
/// Random scenarios against the model. Every run begins with its own seed; a failure prints the seed of the scenario with the fewest steps that still
/// fail, and <c>LARDER_SEED</c> repeats it.
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 200;

    private static bool IsSlow => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";

    [Fact]
    public void A_store_in_memory_does_what_the_model_does() => Check("memory", () => new MemoryHost(), atLeast: IsSlow ? 2_000_000 : 200_000);

    [Fact]
    public void A_store_in_a_directory_does_what_the_model_does() => Check("durable", () => new DurableHost(), atLeast: IsSlow ? 200_000 : 10_000);

    [Theory]
    [InlineData("PruneExporterSecrets")]
    [InlineData("GetMessages")]
    [InlineData("MarkRetryable")]
    [InlineData("RollbackToSnapshot")]
    [InlineData("FindGroup")]
    public void A_planted_fault_is_found_shrunk_and_repeatable(string method)
    {
        Func<IMlsProtocolStore, object?[], object?> spoiled = method switch
        {
            "PruneExporterSecrets" => (store, given) => store.PruneExporterSecrets((MlsGroupId)given[0]!, (ulong)given[1]! is var least && least < ulong.MaxValue ? least + 1 : least),
            "GetMessages" => (store, given) => store.GetMessages((MlsGroupId)given[0]!, (MessageQuery?)given[1]).OrderByDescending(message => message.CreatedAt).ToList(),
            "MarkRetryable" => (store, given) =>
            {
                ProcessedMessage? before = store.FindProcessedMessage((EventId)given[0]!);
                store.MarkRetryable((EventId)given[0]!);
                store.SaveProcessedMessage(before! with { State = ProcessedMessageState.Retryable, FailureReason = null });
                return null;
            }
            ,
            "RollbackToSnapshot" => (store, given) =>
            {
                store.RollbackToSnapshot((MlsGroupId)given[0]!, (string)given[1]!);
                store.DeleteMessages((MlsGroupId)given[0]!);
                return null;
            }
            ,
            _ => (store, given) => given[0] is MlsGroupId group ? store.GetAllGroups().SingleOrDefault(row => row.MlsGroupId == group) : store.FindGroup((NostrGroupId)given[0]!),
        };
        const int seed = 20_260_923;   // how far a sequence can be shrunk depends on it
        DifferenceException first = Find(seed, () => new FaultyHost(method, spoiled));
        DifferenceException again = Find(seed, () => new FaultyHost(method, spoiled));

        Assert.Equal(first.Message, again.Message);
        Assert.DoesNotContain("  30. ", first.Message, StringComparison.Ordinal);   // few of the many hundred steps are left
    }

    private static void Check(string what, Func<IHost> host, long atLeast)
    {
        int seed = Environment.GetEnvironmentVariable("LARDER_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        long began = Stopwatch.GetTimestamp();
        long calls = 0;
        int scenarios = 0;
        for (; calls < atLeast; scenarios++)
        {
            calls += Run(Scenario.Of(seed + scenarios, Steps), host);
        }

        Figures.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"nostr mls model, {what}: {scenarios} scenarios, {calls} operations, 0 differences, seed {seed}, {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s"));
    }

    private static DifferenceException Find(int seed, Func<IHost> host)
    {
        for (int scenario = 0; scenario < 400; scenario++)
        {
            try
            {
                Run(Scenario.Of(seed + scenario, Steps), host);
            }
            catch (DifferenceException found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"the planted fault was not found, seed {seed}");
    }

    private static int Run(Scenario scenario, Func<IHost> host)
    {
        try
        {
            return Trial.Run(scenario, host);
        }
        catch (DifferenceException failure)
        {
            (Scenario smallest, DifferenceException why) = Scenario.Shrink(scenario, failure, smaller => Trial.Run(smaller, host));
            throw new DifferenceException($"LARDER_SEED={scenario.Seed} repeats this.\n{why.Message}\n{smallest}");
        }
    }
}
